// Assertions for test workers; each throws an Error that says what was there and what was expected.

const show = (value) => {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'object' && value !== null && !(value instanceof Error)) {
    return JSON.stringify(value);
  }
  return Object.is(value, -0) ? '-0' : String(value);
};

/** @param {unknown} value @param {string} [why] */
export function ok(value, why = 'expected something true') {
  if (!value) throw new Error(`${why}: got ${show(value)}`);
}

/** Object.is. @param {unknown} actual @param {unknown} expected @param {string} [why] */
export function equal(actual, expected, why = '') {
  if (!Object.is(actual, expected)) {
    throw new Error(`${why}${why && ': '}got ${show(actual)}, expected ${show(expected)}`);
  }
}

/** Same JSON. @param {unknown} actual @param {unknown} expected @param {string} [why] */
export function same(actual, expected, why = '') {
  equal(JSON.stringify(actual), JSON.stringify(expected), why);
}

/**
 * @param {unknown} error
 * @param {{name?: string, message?: string | RegExp, code?: number, type?: Function}} expected
 */
function check(error, {name, message, code, type}) {
  const seen = `got ${show(error)}`;
  if (type !== undefined && !(error instanceof type)) throw new Error(`${seen}, not a ${type.name}`);
  if (name !== undefined) equal(error?.name, name, seen);
  if (code !== undefined) equal(error?.code, code, seen);
  if (message instanceof RegExp) ok(message.test(error?.message), `${seen}, message not ${message}`);
  else if (message !== undefined) equal(error?.message, message);
}

/** The error that `run` throws. @param {() => unknown} run @param {object} [expected] */
export function throws(run, expected = {}) {
  let result;
  try {
    result = run();
  } catch (error) {
    check(error, expected);
    return error;
  }
  throw new Error(`threw nothing, gave ${show(result)}`);
}

/** What a promise rejects with. @param {Promise<unknown>} promise @param {object} [expected] */
export async function rejects(promise, expected = {}) {
  let result;
  try {
    result = await promise;
  } catch (error) {
    check(error, expected);
    return error;
  }
  throw new Error(`did not reject, gave ${show(result)}`);
}

/** The bytes that hexadecimal digits stand for. @param {string} text */
export const fromHex = (text) =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));

/** @param {ArrayBuffer | ArrayBufferView} bytes */
export const toHex = (bytes) =>
  Array.from(
    ArrayBuffer.isView(bytes)
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : new Uint8Array(bytes),
    (byte) => byte.toString(16).padStart(2, '0'),
  ).join('');

/**
 * Lets whatever is ready to run do so: a few times around the event loop, for tests of what must
 * not happen.
 */
export async function settle() {
  for (let i = 0; i < 4; ++i) await new Promise((next) => setTimeout(next, 0));
}
