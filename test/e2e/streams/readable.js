import { equal, ok, rejects, same, settle, throws } from '../assert.js';

/** @param {ReadableStream} stream */
async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const settled = (promise) => promise.then((value) => ({ value }), (reason) => ({ reason }));

export const chunksComeInTheOrderTheyWereEnqueued = {
  async test() {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue('a');
        controller.enqueue({ b: 1 });
        controller.close();
      },
    });
    same(await collect(stream), ['a', { b: 1 }]);
  },
};

export const pullIsCalledForWhatIsRead = {
  async test() {
    let pulled = 0;
    const stream = new ReadableStream(
      { pull: (controller) => controller.enqueue(pulled++) }, { highWaterMark: 0 });
    await settle();
    equal(pulled, 0);
    const reader = stream.getReader();
    same(await reader.read(), { value: 0, done: false });
    same(await reader.read(), { value: 1, done: false });
    equal(pulled, 2);
  },
};

export const pullWaitsForItsPromise = {
  async test() {
    let running = 0;
    let most = 0;
    const stream = new ReadableStream({
      async pull(controller) {
        most = Math.max(most, ++running);
        await settle();
        controller.enqueue('x');
        --running;
      },
    });
    const reader = stream.getReader();
    await Promise.all([reader.read(), reader.read(), reader.read()]);
    equal(most, 1);
  },
};

export const sizesOfAStrategyCountAgainstItsMark = {
  test() {
    let controller;
    new ReadableStream({ start: (c) => (controller = c) },
      { highWaterMark: 10, size: (chunk) => chunk.length });
    equal(controller.desiredSize, 10);
    controller.enqueue('four');
    equal(controller.desiredSize, 6);
    controller.enqueue('more than is wanted');
    equal(controller.desiredSize, -13);
  },
};

export const theStandardsStrategiesMeasure = {
  test() {
    const bytes = new ByteLengthQueuingStrategy({ highWaterMark: 7 });
    equal(bytes.highWaterMark, 7);
    equal(bytes.size(new Uint8Array(3)), 3);
    const count = new CountQueuingStrategy({ highWaterMark: 2 });
    equal(count.highWaterMark, 2);
    equal(count.size('anything'), 1);
  },
};

export const anErrorReachesEveryPendingReadAndClosed = {
  async test() {
    let controller;
    const stream = new ReadableStream({ start: (c) => (controller = c) });
    const reader = stream.getReader();
    const waiting = [reader.read(), reader.read(), reader.closed].map(settled);
    const error = new Error('broken');
    controller.error(error);
    for (const { reason } of await Promise.all(waiting)) equal(reason, error);
    equal(await rejects(reader.read()), error);
  },
};

export const aThrowingPullErrorsTheStream = {
  async test() {
    const error = new Error('no more');
    const reader = new ReadableStream({ pull() { throw error; } }).getReader();
    equal(await rejects(reader.read()), error);
    equal(await rejects(reader.closed), error);
  },
};

export const aRejectingStartErrorsTheStream = {
  async test() {
    const error = new Error('never began');
    const stream = new ReadableStream({ start: () => Promise.reject(error) });
    equal(await rejects(stream.getReader().read()), error);
  },
};

export const cancelTellsTheSourceWhy = {
  async test() {
    let told;
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue('unread'),
      cancel: (reason) => { told = reason; },
    });
    equal(await stream.cancel('enough'), undefined);
    equal(told, 'enough');
    same(await stream.getReader().read(), { done: true });
  },
};

export const cancelRejectsWithWhatTheSourceThrows = {
  async test() {
    const error = new Error('cannot stop');
    const stream = new ReadableStream({ cancel() { throw error; } });
    equal(await rejects(stream.cancel()), error);
  },
};

export const cancelledReadsAreDone = {
  async test() {
    const reader = new ReadableStream().getReader();
    const read = reader.read();
    await reader.cancel();
    same(await read, { done: true });
    equal(await reader.closed, undefined);
  },
};

export const aReaderLocksTheStream = {
  async test() {
    const stream = new ReadableStream();
    equal(stream.locked, false);
    const reader = stream.getReader();
    equal(stream.locked, true);
    const locked = {
      type: TypeError, message: 'This ReadableStream is currently locked to a reader.',
    };
    throws(() => stream.getReader(), locked);
    await rejects(stream.cancel(), locked);
    await rejects(stream.pipeTo(new WritableStream()), locked);
    throws(() => stream.tee(), { type: TypeError });
    reader.releaseLock();
    equal(stream.locked, false);
  },
};

export const aReleasedReaderReadsNoMore = {
  async test() {
    let controller;
    const stream = new ReadableStream({ start: (c) => (controller = c) });
    const reader = stream.getReader();
    const pending = settled(reader.read());
    reader.releaseLock();
    const released = {
      type: TypeError, message: 'This ReadableStream reader has been released.',
    };
    ok((await pending).reason instanceof TypeError);
    await rejects(reader.read(), released);
    await rejects(reader.closed, released);
    await rejects(reader.cancel(), released);
    controller.enqueue('still there');
    same(await stream.getReader().read(), { value: 'still there', done: false });
  },
};

export const aClosedControllerTakesNothing = {
  test() {
    let controller;
    new ReadableStream({ start: (c) => (controller = c) });
    controller.close();
    throws(() => controller.enqueue('x'), { type: TypeError, message: 'Unable to enqueue' });
    throws(() => controller.close(), { type: TypeError });
    equal(controller.desiredSize, 0);
    controller.error(new Error('ignored'));
  },
};

export const closeWaitsForWhatIsQueued = {
  async test() {
    let controller;
    const stream = new ReadableStream({ start: (c) => (controller = c) });
    const reader = stream.getReader();
    controller.enqueue('last');
    controller.close();
    let closed = false;
    reader.closed.then(() => (closed = true));
    await settle();
    equal(closed, false);
    same(await reader.read(), { value: 'last', done: false });
    await reader.closed;
    same(await reader.read(), { done: true });
  },
};

export const whatIsNoSourceIsRefused = {
  test() {
    throws(() => new ReadableStream('text'), { type: TypeError });
    throws(() => new ReadableStream({ pull: 1 }), {
      type: TypeError,
      message: "Incorrect type for the 'pull' field on 'UnderlyingSource': the provided value is " +
        "not of type 'function'.",
    });
    throws(() => new ReadableStream({ type: 'words' }), { type: TypeError });
    throws(() => new ReadableStream({}, { highWaterMark: -1 }));
    throws(() => new ReadableStream({}, { size: 'big' }), { type: TypeError });
  },
};

export const streamsCanBeSubclassed = {
  async test() {
    class Numbers extends ReadableStream {
      constructor(count) {
        super({
          start(controller) {
            for (let i = 0; i < count; ++i) controller.enqueue(i);
            controller.close();
          },
        });
        this.count = count;
      }
      get isMine() {
        return true;
      }
    }
    const numbers = new Numbers(3);
    ok(numbers instanceof ReadableStream);
    equal(numbers.isMine, true);
    same(await collect(numbers), [0, 1, 2]);
  },
};

export const theSourceIsCalledAsMethodsOfItself = {
  async test() {
    const seen = [];
    const source = {
      start(controller) { seen.push(this === source, controller.constructor.name); },
      pull(controller) { seen.push(this === source); controller.close(); },
    };
    await collect(new ReadableStream(source));
    same(seen, [true, 'ReadableStreamDefaultController', true]);
  },
};

export const unknownModesOfReadersAreRefused = {
  test() {
    throws(() => new ReadableStream().getReader({ mode: 'fast' }), {
      type: TypeError, message: "mode must be undefined or 'byob' in call to getReader().",
    });
    throws(() => new ReadableStream().getReader({ mode: 'byob' }), {
      type: TypeError, message: 'This ReadableStream does not support BYOB reads.',
    });
  },
};
