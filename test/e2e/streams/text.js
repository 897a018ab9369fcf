import { equal, ok, rejects, same, throws } from '../assert.js';

/** @param {ReadableStream} stream */
async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const through = (chunks, transform) => collect(ReadableStream.from(chunks).pipeThrough(transform));

export const textBecomesUtf8 = {
  async test() {
    const chunks = await through(['aé', '', '€'], new TextEncoderStream());
    ok(chunks.every((chunk) => chunk instanceof Uint8Array));
    same(chunks.map((chunk) => [...chunk]), [[0x61, 0xC3, 0xA9], [0xE2, 0x82, 0xAC]]);
  },
};

export const surrogatesOfTwoChunksAreJoined = {
  async test() {
    const chunks = await through(['\uD83D', '\uDE00', '\uD83D'], new TextEncoderStream());
    same(chunks.map((chunk) => [...chunk]), [[0xF0, 0x9F, 0x98, 0x80], [0xEF, 0xBF, 0xBD]]);
  },
};

export const otherValuesAreEncodedAsTheirText = {
  async test() {
    const chunks = await through([1, null, { toString: () => 'o' }], new TextEncoderStream());
    equal(chunks.map((chunk) => new TextDecoder().decode(chunk)).join('|'), '1|null|o');
  },
};

export const bytesBecomeText = {
  async test() {
    const chunks = [new Uint8Array([0xEF, 0xBB, 0xBF, 0x61, 0xE2, 0x82]), new Uint8Array([0xAC])];
    same(await through(chunks, new TextDecoderStream()), ['a', '€']);
  },
};

export const theOptionsOfADecoderCount = {
  async test() {
    const decoder = new TextDecoderStream('utf-16le', { fatal: true, ignoreBOM: true });
    equal(decoder.encoding, 'utf-16le');
    equal(decoder.fatal, true);
    equal(decoder.ignoreBOM, true);
    same(await through([new Uint8Array([0xFF, 0xFE, 0x41, 0])], decoder), ['\uFEFFA']);
    equal(new TextEncoderStream().encoding, 'utf-8');
  },
};

export const malformedBytesAreAnErrorWhenFatal = {
  async test() {
    const { readable, writable } = new TextDecoderStream('utf-8', { fatal: true });
    const read = readable.getReader().read().catch((error) => error);
    await rejects(writable.getWriter().write(new Uint8Array([0xFF])), {
      type: TypeError, message: 'Failed to decode input.',
    });
    ok((await read) instanceof TypeError);
  },
};

export const anIncompleteEndIsAnErrorWhenFatal = {
  async test() {
    const decoder = new TextDecoderStream('utf-8', { fatal: true });
    await rejects(through([new Uint8Array([0xE2, 0x82])], decoder), { type: TypeError });
    same(await through([new Uint8Array([0xE2, 0x82])], new TextDecoderStream()), ['\uFFFD']);
  },
};

export const whatIsNoBytesIsNotDecoded = {
  async test() {
    const { readable, writable } = new TextDecoderStream();
    readable.getReader().read().catch(() => {});
    await rejects(writable.getWriter().write('text'), {
      type: TypeError,
      message: 'This TransformStream is being used as a byte stream, but received a value that is ' +
        'not a BufferSource.',
    });
  },
};

export const unknownEncodingsAreRefused = {
  test() {
    throws(() => new TextDecoderStream('klingon'), {
      type: RangeError, message: '"klingon" is not a valid encoding.',
    });
  },
};
