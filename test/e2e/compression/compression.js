import { equal, ok, rejects, same, throws } from '../assert.js';

const kFormats = ['gzip', 'deflate', 'deflate-raw'];
const encode = (text) => new TextEncoder().encode(text);

const bodyOf = (bytes) => new Response(bytes).body;
const read = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
const compress = (bytes, format) => read(bodyOf(bytes).pipeThrough(new CompressionStream(format)));
const decompress = (bytes, format) => read(bodyOf(bytes).pipeThrough(new DecompressionStream(format)));

export const whatIsCompressedDecompresses = {
  async test() {
    const text = encode('one two three '.repeat(1000));
    for (const format of kFormats) {
      const small = await compress(text, format);
      ok(small.length < 200, format);
      same([...await decompress(small, format)], [...text]);
    }
  },
};

export const theFormatsHaveTheirHeaders = {
  async test() {
    same([...(await compress(encode('x'), 'gzip')).slice(0, 3)], [0x1F, 0x8B, 8]);
    equal((await compress(encode('x'), 'deflate'))[0] & 15, 8);
    same([...await compress(encode(''), 'deflate-raw')], [3, 0]);
  },
};

export const chunksOfAnySizeWillDo = {
  async test() {
    const small = await compress(encode('byte by byte'), 'gzip');
    const stream = new DecompressionStream('gzip');
    const text = new Response(stream.readable).text();
    const writer = stream.writable.getWriter();
    for (const byte of small) await writer.write(new Uint8Array([byte]));
    await writer.write(new Uint8Array(0));
    await writer.close();
    equal(await text, 'byte by byte');
  },
};

export const anyBytesAreTaken = {
  async test() {
    const stream = new CompressionStream('deflate');
    const compressed = read(stream.readable);
    const writer = stream.writable.getWriter();
    writer.write(encode('a').buffer);
    writer.write(new DataView(encode('xbx').buffer, 1, 1));
    writer.write(new Uint16Array(encode('cd').buffer));
    await writer.close();
    equal(new TextDecoder().decode(await decompress(await compressed, 'deflate')), 'abcd');
  },
};

export const otherChunksAreRefused = {
  async test() {
    for (const chunk of [1, {}]) {
      const stream = new CompressionStream('gzip');
      stream.readable.getReader().read().catch(() => {});
      await rejects(stream.writable.getWriter().write(chunk), { type: TypeError });
    }
  },
};

export const malformedDataIsAnErrorOnBothSides = {
  async test() {
    for (const format of kFormats) {
      const stream = new DecompressionStream(format);
      const reading = read(stream.readable).catch((error) => error);
      const writer = stream.writable.getWriter();
      await rejects(writer.write(new Uint8Array([0xFF, 0xFE, 0xFD, 0xFC])), {
        type: TypeError, message: 'Decompression failed.',
      });
      ok((await reading) instanceof TypeError, format);
    }
  },
};

export const dataThatEndsEarlyIsAnError = {
  async test() {
    const small = await compress(encode('cut off'), 'gzip');
    await rejects(decompress(small.slice(0, -3), 'gzip'), {
      type: TypeError,
      message: 'Called close() on a decompression stream with incomplete data',
    });
    await rejects(decompress(new Uint8Array(0), 'gzip'), { type: TypeError });
  },
};

export const dataAfterTheEndIsAnError = {
  async test() {
    const small = await compress(encode('done'), 'gzip');
    await rejects(decompress(new Uint8Array([...small, 0]), 'gzip'), {
      type: TypeError, message: 'Trailing bytes after end of compressed data',
    });
    const stream = new DecompressionStream('gzip');
    const text = new Response(stream.readable).text().catch(() => {});
    const writer = stream.writable.getWriter();
    await writer.write(small);
    await rejects(writer.write(new Uint8Array([1])), { type: TypeError });
    await text;
  },
};

export const aWrongChecksumIsAnError = {
  async test() {
    const small = await compress(encode('checked'), 'gzip');
    small[small.length - 6] ^= 1;
    await rejects(decompress(small, 'gzip'), { type: TypeError });
  },
};

export const unknownFormatsAreRefused = {
  test() {
    const message = "The compression format must be either 'deflate', 'deflate-raw' or 'gzip'.";
    throws(() => new CompressionStream('zip'), { type: TypeError, message });
    throws(() => new DecompressionStream('GZIP'), { type: TypeError, message });
    throws(() => new CompressionStream(), { type: TypeError });
    throws(() => CompressionStream('gzip'), { type: TypeError });
  },
};

export const smallWritesNeedNoReader = {
  async test() {
    const stream = new CompressionStream('gzip');
    const writer = stream.writable.getWriter();
    await writer.write(encode('nobody reads yet'));
    await writer.close();
    const plain = stream.readable.pipeThrough(new DecompressionStream('gzip'));
    equal(await new Response(plain).text(), 'nobody reads yet');
  },
};

export const anErrorUpstreamComesOutDownstream = {
  async test() {
    const error = new Error('upstream');
    const source = new ReadableStream({ pull: (controller) => controller.error(error) });
    await rejects(read(source.pipeThrough(new CompressionStream('gzip'))), { message: 'upstream' });
  },
};

export const compressedBytesFillViews = {
  async test() {
    const stream = bodyOf('x'.repeat(1000)).pipeThrough(new CompressionStream('gzip'));
    const { value } = await stream.getReader({ mode: 'byob' }).read(new Uint8Array(4));
    same([...value.slice(0, 2)], [0x1F, 0x8B]);
  },
};

export const theyAreTransformStreams = {
  test() {
    ok(new CompressionStream('gzip') instanceof TransformStream);
    equal(String(new DecompressionStream('gzip')), '[object DecompressionStream]');
  },
};
