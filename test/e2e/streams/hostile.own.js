// Streams keep to the standard whatever a worker does to the language's prototypes, which the
// reference does not promise, and whatever is collected meanwhile.
import { equal, same, settle } from '../assert.js';

/** Runs `body` while `holder[key]` is something else. */
async function patched(holder, key, descriptor, body) {
  const before = Object.getOwnPropertyDescriptor(holder, key);
  Object.defineProperty(holder, key, { configurable: true, ...descriptor });
  try {
    return await body();
  } finally {
    if (before === undefined) delete holder[key];
    else Object.defineProperty(holder, key, before);
  }
}

const { from } = ReadableStream;
const Readable = ReadableStream;

/** Everything that has a queue, without for await: that is the worker's own use of what is patched. */
async function pipeEverything() {
  let made = 0;
  const got = [];
  const source = new Readable({
    pull(controller) {
      if (made < 20) controller.enqueue(made++);
      else controller.close();
    },
  }, { highWaterMark: 3 });
  const [left, right] = source.tee();
  right.cancel();
  const sink = new WritableStream({ write(chunk) { got[got.length] = chunk; } });
  await left.pipeThrough(new TransformStream()).pipeTo(sink);
  return got;
}

const kAll = Array.from({ length: 20 }, (_, i) => i);
const fail = (what) => () => { throw new Error(`${what} was used`); };

export const patchedArraysDoNotMatter = {
  async test() {
    const { prototype } = Array;
    let got;
    const { push, shift } = prototype;
    try {
      prototype.push = prototype.shift = fail('Array.prototype');
      got = await patched(prototype, '0', { set: fail('an index setter'), get: fail('a hole') }, () =>
        patched(prototype, '5', { set: fail('an index setter') }, async () => {
          let made = 0;
          const queued = new ReadableStream({
            start(controller) {
              for (; made < 20; ++made) controller.enqueue(made);
              controller.close();
            },
          });
          const reader = queued.getReader();
          let sum = 0;
          for (let step = await reader.read(); !step.done; step = await reader.read()) {
            sum += step.value;
          }
          return sum;
        }));
    } finally {
      Object.assign(prototype, { push, shift });
    }
    equal(got, 190);
  },
};

export const patchedPromisesDoNotMatter = {
  async test() {
    const got = await patched(Promise.prototype, 'then', { value: fail('then') }, () => ({
      result: pipeEverything(),
    }));
    same(await got.result, kAll);
  },
};

export const patchedStreamsDoNotMatter = {
  async test() {
    const readers = ReadableStreamDefaultReader.prototype;
    const writers = WritableStreamDefaultWriter.prototype;
    const got = await patched(readers, 'read', { value: fail('read') }, () =>
      patched(writers, 'write', { value: fail('write') }, () =>
        patched(writers, 'ready', { get: fail('ready') }, () =>
          patched(ReadableStream.prototype, 'getReader', { value: fail('getReader') }, () =>
            patched(globalThis, 'ReadableStream', { value: fail('ReadableStream') }, pipeEverything)))));
    same(got, kAll);
  },
};

export const settersOfObjectsDoNotMatter = {
  async test() {
    const { prototype } = Object;
    const setter = { set: fail('a setter of Object.prototype') };
    const got = await patched(prototype, 'stream', setter, () =>
      patched(prototype, 'controller', setter, () =>
        patched(prototype, 'buffer', setter, () =>
          patched(prototype, 'value', setter, pipeEverything))));
    same(got, kAll);
  },
};

export const patchedViewsDoNotMatter = {
  async test() {
    const prototype = Object.getPrototypeOf(Uint8Array.prototype);
    const stream = new ReadableStream({
      type: 'bytes', pull: (controller) => controller.enqueue(new Uint8Array([1, 2, 3])),
    });
    const reader = stream.getReader({ mode: 'byob' });
    const view = new Uint8Array(2);
    const { value } = await patched(prototype, 'byteLength', { get: () => 1000000 }, () =>
      patched(prototype, 'buffer', { get: fail('buffer') }, () =>
        patched(ArrayBuffer.prototype, 'transfer', { value: fail('transfer') }, () =>
          reader.read(view))));
    same([...value], [1, 2]);
  },
};

export const aThenOfObjectsCannotHoldUpPiping = {
  async test() {
    const result = await patched(Object.prototype, 'then', { value: undefined, writable: true }, pipeEverything);
    same(result, kAll);
  },
};

export const collectionsDoNotLoseWhatIsUnderWay = {
  async test() {
    const pressure = () => {
      const garbage = [];
      for (let i = 0; i < 200; ++i) garbage.push(new Uint8Array(10000).fill(i));
      return garbage.length;
    };
    let left = 200;
    const source = new ReadableStream({
      async pull(controller) {
        await settle();
        pressure();
        if (left-- > 0) controller.enqueue(new Uint8Array(100).fill(left));
        else controller.close();
      },
    });
    const compressed = source.pipeThrough(new CompressionStream('gzip'));
    const plain = compressed.pipeThrough(new DecompressionStream('gzip'));
    equal((await new Response(plain).arrayBuffer()).byteLength, 20000);
  },
};

export const aBufferThatIsTakenAwayMeanwhileIsAnError = {
  async test() {
    let thrown;
    const stream = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        const { byobRequest } = controller;
        byobRequest.view.buffer.transfer();
        try {
          byobRequest.respond(1);
        } catch (error) {
          thrown = error;
        }
      },
    });
    stream.getReader({ mode: 'byob' }).read(new Uint8Array(4)).catch(() => {});
    await settle();
    equal(thrown?.name, 'TypeError');
  },
};

export const fromWorksWithoutItsReceiver = {
  async test() {
    const reader = from([1]).getReader();
    same(await reader.read(), { value: 1, done: false });
  },
};
