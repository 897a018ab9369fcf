import { equal, ok, rejects, same, settle, throws } from '../assert.js';

const counting = (events = []) => {
  let next = 0;
  return new ReadableStream({
    pull: (controller) => controller.enqueue(next++),
    cancel: (reason) => void events.push(`cancel ${reason}`),
  }, { highWaterMark: 0 });
};

export const leavingALoopCancels = {
  async test() {
    const events = [];
    const stream = counting(events);
    for await (const chunk of stream) if (chunk === 2) break;
    same(events, ['cancel undefined']);
    equal(stream.locked, false);
  },
};

export const preventCancelLetsTheStreamGoOn = {
  async test() {
    const events = [];
    const stream = counting(events);
    for await (const chunk of stream.values({ preventCancel: true })) if (chunk === 1) break;
    same(events, []);
    same(await stream.getReader().read(), { value: 2, done: false });
  },
};

export const aThrowingLoopCancels = {
  async test() {
    const events = [];
    const loop = async () => {
      for await (const chunk of counting(events)) throw new Error(`at ${chunk}`);
    };
    await rejects(loop(), { message: 'at 0' });
    equal(events.length, 1);
  },
};

export const anErrorComesOutOfTheLoop = {
  async test() {
    const error = new Error('broken');
    const stream = new ReadableStream({ pull: (controller) => controller.error(error) });
    const loop = async () => {
      for await (const chunk of stream) ok(false, `chunk ${chunk}`);
    };
    equal(await rejects(loop()), error);
  },
};

export const concurrentStepsComeInOrder = {
  async test() {
    const iterator = counting().values();
    const steps = await Promise.all([iterator.next(), iterator.next(), iterator.return('end')]);
    same(steps.map(({ value, done }) => [value, done]), [[0, false], [1, false], ['end', true]]);
    same(await iterator.next(), { done: true });
  },
};

export const iteratingLocksTheStream = {
  test() {
    const stream = counting();
    stream.values();
    equal(stream.locked, true);
    throws(() => stream.values(), { type: TypeError });
  },
};

export const fromTakesArraysAndGenerators = {
  async test() {
    const all = async (stream) => {
      const chunks = [];
      for await (const chunk of stream) chunks.push(chunk);
      return chunks;
    };
    same(await all(ReadableStream.from([1, 2])), [1, 2]);
    same(await all(ReadableStream.from(new Set(['a']))), ['a']);
    same(await all(ReadableStream.from('hé')), ['h', 'é']);
    same(await all(ReadableStream.from((async function* () { yield 1; yield 2; })())), [1, 2]);
    same(await all(ReadableStream.from([Promise.resolve(7)])), [7]);
    same(await all(ReadableStream.from(ReadableStream.from([3]))), [3]);
  },
};

export const fromReadsNoFurtherThanAsked = {
  async test() {
    let made = 0;
    const reader = ReadableStream.from((function* () {
      for (;;) yield ++made;
    })()).getReader();
    await settle();
    equal(made, 0);
    same(await reader.read(), { value: 1, done: false });
    equal(made, 1);
  },
};

export const cancellingFromReturnsTheIterator = {
  async test() {
    let returned = false;
    const stream = ReadableStream.from((async function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        returned = true;
      }
    })());
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel();
    equal(returned, true);
  },
};

export const anIteratorsErrorErrorsTheStream = {
  async test() {
    const error = new Error('no next');
    const stream = ReadableStream.from((function* () { throw error; })());
    equal(await rejects(stream.getReader().read()), error);
  },
};

export const whatIsNotIterableIsRefused = {
  test() {
    for (const value of [1, null, {}, undefined, true]) {
      throws(() => ReadableStream.from(value), { type: TypeError });
    }
  },
};
