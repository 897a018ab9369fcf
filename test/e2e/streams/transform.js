import { equal, ok, rejects, same, settle, throws } from '../assert.js';

/** @param {ReadableStream} stream */
async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** @param {unknown[]} chunks */
const from = (chunks) => ReadableStream.from(chunks);

export const chunksAreTransformed = {
  async test() {
    const upper = new TransformStream({
      transform: (chunk, controller) => controller.enqueue(chunk.toUpperCase()),
    });
    same(await collect(from(['a', 'b']).pipeThrough(upper)), ['A', 'B']);
  },
};

export const withoutATransformerChunksPassThrough = {
  async test() {
    const chunk = {};
    const [got] = await collect(from([chunk]).pipeThrough(new TransformStream()));
    equal(got, chunk);
  },
};

export const oneChunkMayBecomeManyAndFlushAddsMore = {
  async test() {
    const words = new TransformStream({
      start: (controller) => controller.enqueue('<'),
      transform(chunk, controller) {
        for (const word of chunk.split(' ')) controller.enqueue(word);
      },
      flush: (controller) => controller.enqueue('>'),
    });
    same(await collect(from(['a b', 'c']).pipeThrough(words)), ['<', 'a', 'b', 'c', '>']);
  },
};

export const transformMayBeAsynchronous = {
  async test() {
    const slow = new TransformStream({
      async transform(chunk, controller) {
        await settle();
        controller.enqueue(chunk * 2);
      },
    });
    same(await collect(from([1, 2, 3]).pipeThrough(slow)), [2, 4, 6]);
  },
};

export const writesWaitForReads = {
  async test() {
    const { readable, writable } = new TransformStream();
    const writer = writable.getWriter();
    let isWritten = false;
    const written = writer.write('x').then(() => (isWritten = true));
    await settle();
    equal(isWritten, false);
    same(await readable.getReader().read(), { value: 'x', done: false });
    await written;
  },
};

export const aThrowingTransformErrorsBothSides = {
  async test() {
    const error = new Error('cannot transform');
    const { readable, writable } = new TransformStream({ transform() { throw error; } });
    const writer = writable.getWriter();
    const reader = readable.getReader();
    const read = reader.read().catch((reason) => reason);
    equal(await rejects(writer.write('x')), error);
    equal(await read, error);
    equal(await rejects(writer.closed), error);
  },
};

export const aRejectingFlushErrorsTheReadable = {
  async test() {
    const error = new Error('cannot flush');
    const { readable, writable } = new TransformStream({ flush: () => Promise.reject(error) });
    const closed = writable.getWriter().close().catch((reason) => reason);
    equal(await rejects(readable.getReader().read()), error);
    equal(await closed, error);
  },
};

export const terminateEndsBothSides = {
  async test() {
    const { readable, writable } = new TransformStream({
      transform(chunk, controller) {
        controller.enqueue(chunk);
        controller.terminate();
      },
    });
    const writer = writable.getWriter();
    writer.write('only').catch(() => {});
    same(await collect(readable), ['only']);
    await rejects(writer.write('more'), {
      type: TypeError, message: 'The transform stream has been terminated',
    });
  },
};

export const anErrorOfTheControllerReachesBothSides = {
  async test() {
    let controller;
    const { readable, writable } = new TransformStream({ start: (c) => { controller = c; } });
    const error = new Error('enough');
    controller.error(error);
    equal(await rejects(readable.getReader().read()), error);
    equal(await rejects(writable.getWriter().closed), error);
  },
};

export const cancellingTheReadableErrorsTheWritable = {
  async test() {
    let told;
    const { readable, writable } = new TransformStream({ cancel: (reason) => { told = reason; } });
    const writer = writable.getWriter();
    const reason = new Error('nobody reads');
    await readable.cancel(reason);
    equal(told, reason);
    equal(await rejects(writer.closed), reason);
  },
};

export const abortingTheWritableErrorsTheReadable = {
  async test() {
    const { readable, writable } = new TransformStream();
    const reason = new Error('nobody writes');
    await writable.abort(reason);
    equal(await rejects(readable.getReader().read()), reason);
  },
};

export const desiredSizeIsTheReadablesOwn = {
  test() {
    let controller;
    new TransformStream({ start: (c) => { controller = c; } }, {}, { highWaterMark: 3 });
    equal(controller.desiredSize, 3);
    controller.enqueue('x');
    equal(controller.desiredSize, 2);
  },
};

export const stagesCanBeChained = {
  async test() {
    const add = (n) => new TransformStream({
      transform: (chunk, controller) => controller.enqueue(chunk + n),
    });
    const sum = from([1, 2]).pipeThrough(add(10)).pipeThrough(add(100)).pipeThrough(add(1000));
    same(await collect(sum), [1111, 1112]);
  },
};

export const transformStreamsCanBeSubclassed = {
  async test() {
    class Doubler extends TransformStream {
      constructor() {
        super({ transform: (chunk, controller) => controller.enqueue(chunk * 2) });
      }
    }
    const doubler = new Doubler();
    ok(doubler instanceof TransformStream);
    same(await collect(from([4]).pipeThrough(doubler)), [8]);
  },
};

export const whatIsNoTransformerIsRefused = {
  test() {
    throws(() => new TransformStream({ transform: 1 }), { type: TypeError });
    throws(() => new TransformStream({ readableType: 'bytes' }), {
      message: 'transformer.readableType must be undefined.',
    });
    throws(() => new TransformStreamDefaultController(), { type: TypeError });
  },
};

export const tenThousandSmallChunksPass = {
  async test() {
    let made = 0;
    const source = new ReadableStream({
      pull(controller) {
        if (made === 10000) controller.close();
        else controller.enqueue(made++);
      },
    });
    let sum = 0;
    for await (const chunk of source.pipeThrough(new TransformStream())) sum += chunk;
    equal(sum, 49995000);
  },
};
