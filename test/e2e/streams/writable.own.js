// Towards the standard: in the reference ready of a released writer does not reject, and a chunk that
// is under way does not count.
import { equal, rejects, throws } from '../assert.js';

export const aWriterLocksTheStream = {
  async test() {
    const stream = new WritableStream();
    const writer = stream.getWriter();
    equal(stream.locked, true);
    const locked = {
      type: TypeError, message: 'This WritableStream is currently locked to a writer.',
    };
    throws(() => stream.getWriter(), locked);
    await rejects(stream.abort(), locked);
    await rejects(stream.close(), locked);
    writer.releaseLock();
    equal(stream.locked, false);
    const released = { type: TypeError, message: 'This WritableStream writer has been released.' };
    await rejects(writer.write('x'), released);
    await rejects(writer.closed, released);
    await rejects(writer.ready, released);
    throws(() => writer.desiredSize, { type: TypeError });
    await stream.close();
  },
};

export const sizesCountAgainstTheMark = {
  async test() {
    const writer = new WritableStream(
      {}, { highWaterMark: 10, size: (chunk) => chunk.length }).getWriter();
    const written = writer.write('four');
    equal(writer.desiredSize, 6);
    await written;
    equal(writer.desiredSize, 10);
  },
};
