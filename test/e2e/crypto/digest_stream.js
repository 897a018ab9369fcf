import { equal, ok, rejects, throws, toHex } from '../assert.js';

const { DigestStream } = crypto;
const kAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

export const whatIsWrittenIsHashed = {
  async test() {
    const stream = new DigestStream('SHA-256');
    ok(stream instanceof WritableStream);
    equal(Object.prototype.toString.call(stream), '[object DigestStream]');
    equal(stream.bytesWritten, 0n);
    const writer = stream.getWriter();
    await writer.write(new Uint8Array([0x61]));
    equal(stream.bytesWritten, 1n);
    await writer.write('b');
    await writer.write(new Uint8Array([0x63]).buffer);
    await writer.close();
    ok(stream.digest instanceof Promise);
    ok(stream.digest === stream.digest);
    equal(toHex(await stream.digest), kAbc);
    equal(stream.bytesWritten, 3n);
  },
};

export const viewsAreHashedWhereTheyLie = {
  async test() {
    const stream = new DigestStream({ name: 'sha-256' });
    const writer = stream.getWriter();
    await writer.write(new Uint8Array([1, 0x61, 0x62, 2]).subarray(1, 3));
    await writer.write(new DataView(new Uint8Array([0x63, 9]).buffer, 0, 1));
    await writer.close();
    equal(toHex(await stream.digest), kAbc);
  },
};

export const bodiesArePipedInto = {
  async test() {
    const stream = new DigestStream('SHA-256');
    await new Response('abc').body.pipeTo(stream);
    equal(toHex(await stream.digest), kAbc);
    equal(stream.bytesWritten, 3n);
  },
};

export const otherChunksFail = {
  async test() {
    const stream = new DigestStream('SHA-256');
    const writer = stream.getWriter();
    writer.closed.catch(() => {});
    await rejects(writer.write(5), {
      name: 'TypeError',
      message:
        'DigestStream is a byte stream but received an object of ' +
        'non-ArrayBuffer/ArrayBufferView/string type on its writable side.',
    });
  },
};

export const anAbortedStreamHasNoDigest = {
  async test() {
    const stream = new DigestStream('SHA-256');
    const writer = stream.getWriter();
    writer.closed.catch(() => {});
    await writer.abort(new RangeError('enough'));
    await rejects(stream.digest, { name: 'RangeError', message: 'enough' });
  },
};

export const aDisposedStreamHasNoDigest = {
  async test() {
    const stream = new DigestStream('SHA-256');
    stream[Symbol.dispose]();
    await rejects(stream.digest, { name: 'TypeError', message: 'The DigestStream was disposed.' });
    const writer = stream.getWriter();
    writer.closed.catch(() => {});
    await rejects(writer.write('x'), { message: 'The DigestStream was disposed.' });
  },
};

export const theHashMustBeKnown = {
  test() {
    throws(() => new DigestStream('foo'), {
      name: 'NotSupportedError',
      message: 'Unrecognized or unimplemented digest algorithm requested.',
    });
    throws(() => new DigestStream(), {
      name: 'TypeError',
      message:
        "Failed to construct 'DigestStream': constructor parameter 1 is not of type 'string or " +
        "HashAlgorithm'.",
    });
    throws(() => DigestStream('SHA-1'), { name: 'TypeError' });
  },
};
