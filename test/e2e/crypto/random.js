import {equal, ok, throws} from '../assert.js';

let topLevelError;
try {
  crypto.randomUUID();
} catch (error) {
  topLevelError = error;
}

export const randomIsNotForTheTopLevel = {
  test() {
    ok(topLevelError.message.startsWith('Disallowed operation called within global scope.'));
  },
};

export const uuidsHaveVersion4 = {
  test() {
    const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const seen = new Set();
    for (let i = 0; i < 100; ++i) {
      const uuid = crypto.randomUUID();
      ok(shape.test(uuid), uuid);
      seen.add(uuid);
    }
    equal(seen.size, 100);
  },
};

export const integerViewsAreFilledInPlace = {
  test() {
    const whole = new Uint8Array(64);
    const part = whole.subarray(16, 48);
    ok(crypto.getRandomValues(part) === part);
    ok(part.some((byte) => byte !== 0));
    ok(whole.subarray(0, 16).every((byte) => byte === 0), 'before');
    ok(whole.subarray(48).every((byte) => byte === 0), 'behind');
    equal(crypto.getRandomValues(new Uint8Array(65536)).length, 65536);
    equal(crypto.getRandomValues(new Uint8Array(0)).length, 0);
    for (const View of [Int8Array, Uint8ClampedArray, Int16Array, Uint32Array, BigInt64Array]) {
      ok(crypto.getRandomValues(new View(4)) instanceof View);
    }
  },
};

export const otherArgumentsAreRefused = {
  test() {
    const mismatch = {
      name: 'TypeMismatchError',
      code: 17,
      message: 'ArrayBufferView argument to getRandomValues() must be an integer-typed view.',
    };
    throws(() => crypto.getRandomValues(new Float32Array(4)), mismatch);
    throws(() => crypto.getRandomValues(new DataView(new ArrayBuffer(4))), mismatch);
    throws(() => crypto.getRandomValues(new Uint8Array(65537)), {
      name: 'QuotaExceededError',
      code: 22,
      message: 'getRandomValues() only accepts buffers of size <= 64K but provided 65537 bytes.',
    });
    throws(() => crypto.getRandomValues(new ArrayBuffer(4)), {
      name: 'TypeError',
      message: "Failed to execute 'getRandomValues' on 'Crypto': parameter 1 is not of type " +
          "'ArrayBufferView'.",
    });
    throws(() => new Crypto(), {name: 'TypeError', message: 'Illegal constructor'});
    const {randomUUID} = crypto;
    throws(() => randomUUID(), {name: 'TypeError', message: /^Illegal invocation/});
  },
};
