// Towards the standard: in the reference, size() and start() fail later and more quietly, and methods
// that return promises throw for a wrong receiver.
import { equal, rejects, throws } from '../assert.js';

export const aSizeThatIsNoNumberErrorsTheStream = {
  async test() {
    let controller;
    const stream = new ReadableStream({ start: (c) => (controller = c) }, { size: () => NaN });
    throws(() => controller.enqueue('x'));
    await rejects(stream.getReader().read());
  },
};

export const aThrowingSizeErrorsTheStreamWithItsError = {
  async test() {
    let controller;
    const error = new RangeError('too odd');
    const stream = new ReadableStream({ start: (c) => (controller = c) },
      { size() { throw error; } });
    equal(throws(() => controller.enqueue('x')), error);
    equal(await rejects(stream.getReader().read()), error);
  },
};

export const aThrowingStartThrowsFromTheConstructor = {
  test() {
    const error = new Error('at once');
    equal(throws(() => new ReadableStream({ start() { throw error; } })), error);
  },
};

export const methodsCheckTheirReceiver = {
  async test() {
    const { prototype } = ReadableStream;
    throws(() => prototype.getReader.call({}), { type: TypeError });
    throws(() => prototype.tee.call(new WritableStream()), { type: TypeError });
    throws(() => Object.getOwnPropertyDescriptor(prototype, 'locked').get.call({}),
      { type: TypeError });
    await rejects(prototype.cancel.call({}), { type: TypeError });
    await rejects(prototype.pipeTo.call({}, new WritableStream()), { type: TypeError });
    await rejects(ReadableStreamDefaultReader.prototype.read.call({}), { type: TypeError });
    throws(() => new ReadableStreamDefaultController(), { type: TypeError });
    throws(() => ReadableStream(), { type: TypeError });
    throws(() => new ReadableStreamDefaultReader({}), { type: TypeError });
  },
};
