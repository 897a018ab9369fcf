import { equal, ok, rejects, same, settle, throws } from '../assert.js';

const bytes = (...values) => new Uint8Array(values);

export const aWriteIsDoneWhenItIsRead = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    const events = [];
    const written = writable.getWriter().write(bytes(1, 2, 3)).then(() => events.push('written'));
    await settle();
    events.push('waited');
    const { value } = await readable.getReader().read();
    await written;
    same([...value], [1, 2, 3]);
    same(events, ['waited', 'written']);
  },
};

export const aWriteIsDoneWhenItsLastByteIsRead = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    let isWritten = false;
    writable.getWriter().write(bytes(1, 2, 3)).then(() => (isWritten = true));
    const reader = readable.getReader({ mode: 'byob' });
    same([...(await reader.read(new Uint8Array(2))).value], [1, 2]);
    await settle();
    equal(isWritten, false);
    same([...(await reader.read(new Uint8Array(2))).value], [3]);
    await settle();
    equal(isWritten, true);
  },
};

export const textIsWrittenAsUtf8 = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    writable.getWriter().write('é').catch(() => {});
    same([...(await readable.getReader().read()).value], [0xC3, 0xA9]);
  },
};

export const whatIsNoBytesIsRefused = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    readable.getReader().read().catch(() => {});
    await rejects(writable.getWriter().write(1), {
      type: TypeError,
      message: 'This TransformStream is being used as a byte stream, but received an object of ' +
        'non-ArrayBuffer/ArrayBufferView type on its writable side.',
    });
  },
};

export const closingEndsTheReadable = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const text = new Response(readable).text();
    await writer.write(bytes(65, 66));
    await writer.write(new ArrayBuffer(0));
    await writer.close();
    equal(await text, 'AB');
  },
};

export const abortingErrorsTheReadable = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    const read = readable.getReader().read().catch((error) => error);
    await writable.abort(new Error('gone'));
    equal((await read).message, 'gone');
  },
};

export const cancellingErrorsTheWrite = {
  async test() {
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    const written = writer.write(bytes(1)).catch((error) => error);
    await readable.cancel(new Error('gone'));
    equal((await written).message, 'gone');
    await rejects(writer.write(bytes(2)));
  },
};

export const aMarkOfOnesOwnCountsBytes = {
  test() {
    const { writable } = new IdentityTransformStream({ highWaterMark: 10 });
    const writer = writable.getWriter();
    equal(writer.desiredSize, 10);
    writer.write(bytes(1, 2, 3, 4));
    equal(writer.desiredSize, 6);
  },
};

export const theyAreTransformStreams = {
  test() {
    ok(new IdentityTransformStream() instanceof TransformStream);
    ok(new FixedLengthStream(1) instanceof IdentityTransformStream);
  },
};

export const aFixedLengthSaysHowLongABodyIs = {
  async test(_, env) {
    const { readable, writable } = new FixedLengthStream(5);
    const writer = writable.getWriter();
    writer.write(bytes(1, 2, 3));
    writer.write(bytes(4, 5));
    writer.close();
    const answer = await env.SELF.fetch('http://length/', { method: 'POST', body: readable });
    same([...new Uint8Array(await answer.arrayBuffer())], [1, 2, 3, 4, 5]);
  },
};

export const tooManyBytesAreRefused = {
  async test() {
    const { readable, writable } = new FixedLengthStream(2);
    const reader = readable.getReader();
    const read = reader.read().catch((error) => error);
    writable.getWriter().write(bytes(1, 2, 3)).catch(() => {});
    equal((await read).message, 'Attempt to write too many bytes through a FixedLengthStream.');
    await rejects(reader.closed, { type: TypeError });
  },
};

export const tooFewBytesAreAnErrorOfTheReader = {
  async test() {
    const { readable, writable } = new FixedLengthStream(2);
    const writer = writable.getWriter();
    const reader = readable.getReader();
    const first = reader.read();
    await writer.write(bytes(1));
    await first;
    const closed = writer.close().catch(() => {});
    await rejects(reader.read(), {
      type: TypeError,
      message: 'FixedLengthStream did not see all expected bytes before close().',
    });
    await closed;
  },
};

export const lengthsAreWholeNumbers = {
  async test() {
    ok(new FixedLengthStream(10n));
    throws(() => new FixedLengthStream(), { type: TypeError });
    throws(() => new FixedLengthStream('x'), {
      type: TypeError, message: 'The value cannot be converted because it is not an integer.',
    });
    throws(() => new FixedLengthStream(-1), { type: TypeError });
    throws(() => new FixedLengthStream(2 ** 60), {
      type: TypeError, message: 'FixedLengthStream requires an integer expected length less than 2^53.',
    });
  },
};

export const nativeBytesPassThrough = {
  async test() {
    const passed = new Response('native').body.pipeThrough(new IdentityTransformStream());
    equal(await new Response(passed).text(), 'native');
  },
};

export default {
  fetch: (request) => new Response(request.body),
};
