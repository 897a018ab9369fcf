// CompressionStream and DecompressionStream. https://compression.spec.whatwg.org/

(native, builtins) => {
  "use strict";
  const {expose} = builtins.events;
  const {CodecPair, TransformStream, kInternal} = builtins.streams;

  /** @param {IArguments} given @param {string} name */
  function toFormat(given, name) {
    if (given.length < 1) {
      throw new TypeError(
          `Failed to construct '${name}': constructor parameter 1 is not of type 'string'.`);
    }
    const format = `${given[0]}`;
    if (format === 'gzip' || format === 'deflate' || format === 'deflate-raw') return format;
    // Pinned by the reference.
    throw new TypeError(
        "The compression format must be either 'deflate', 'deflate-raw' or 'gzip'.");
  }

  // https://compression.spec.whatwg.org/#compression-stream
  class CompressionStream extends TransformStream {
    /** @param {CompressionFormat} format */
    constructor(format) {
      const codec = native.newDeflater(toFormat(arguments, 'CompressionStream'));
      super(kInternal, new CodecPair(codec));
    }
  }
  expose('CompressionStream', CompressionStream);

  // https://compression.spec.whatwg.org/#decompression-stream
  class DecompressionStream extends TransformStream {
    /** @param {CompressionFormat} format */
    constructor(format) {
      const codec = native.newInflater(toFormat(arguments, 'DecompressionStream'));
      super(kInternal, new CodecPair(codec));
    }
  }
  expose('DecompressionStream', DecompressionStream);

  return {};
}
