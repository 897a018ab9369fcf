// TextEncoderStream and TextDecoderStream.
// https://encoding.spec.whatwg.org/#interface-textencoderstream

  const NativeTextDecoder = TextDecoder;
  const NativeTextEncoder = TextEncoder;
  const decodeText = uncurry(TextDecoder.prototype.decode);
  const encodeText = uncurry(TextEncoder.prototype.encode);
  const decoderEncoding = getterOf(TextDecoder.prototype, 'encoding');
  const decoderFatal = getterOf(TextDecoder.prototype, 'fatal');
  const decoderIgnoreBom = getterOf(TextDecoder.prototype, 'ignoreBOM');
  const charCodeAt = uncurry(String.prototype.charCodeAt);
  const stringSlice = uncurry(String.prototype.slice);
  const kOneChunk = {highWaterMark: 1, size: undefined};
  const kNoChunk = {highWaterMark: 0, size: undefined};

  // Made when first used: the snapshot holds no native objects.
  let sharedEncoder;
  /** @param {string} text @returns {Uint8Array} */
  const encodeUtf8 = (text) => encodeText(sharedEncoder ??= new NativeTextEncoder(), text);

  class Utf8Transformer {
    /** A high surrogate whose other half may come. */ pending = '';

    // https://encoding.spec.whatwg.org/#encode-and-enqueue-a-chunk
    /** @param {any} chunk @param {Transform} inner */
    transform(chunk, inner) {
      let text = this.pending + `${chunk}`;
      this.pending = '';
      const count = text.length;
      if (count === 0) return undefined;
      const last = charCodeAt(text, count - 1);
      if (last >= 0xD800 && last <= 0xDBFF) {
        this.pending = stringSlice(text, count - 1);
        text = stringSlice(text, 0, count - 1);
      }
      if (text.length > 0) inner.enqueue(encodeUtf8(text));
      return undefined;
    }
    // https://encoding.spec.whatwg.org/#encode-and-flush
    /** @param {Transform} inner */
    flush(inner) {
      if (this.pending !== '') inner.enqueue(encodeUtf8(this.pending));
    }
    cancel() {}
  }

  class TextEncoderStream extends TransformStream {
    #brand = true;

    constructor() {
      super(kInternal, new Transform(new Utf8Transformer(), undefined, kOneChunk, kNoChunk));
    }
    get encoding() {
      if (!isObject(this) || !(#brand in this)) throw newIllegalInvocation();
      return 'utf-8';
    }
  }
  expose('TextEncoderStream', TextEncoderStream);

  class DecodingTransformer {
    decoder;

    /** @param {TextDecoder} decoder */
    constructor(decoder) {
      this.decoder = decoder;
    }
    // https://encoding.spec.whatwg.org/#decode-and-enqueue-a-chunk
    /** @param {any} chunk @param {Transform} inner */
    transform(chunk, inner) {
      // What else is an object the decoder judges: shared buffers have no name here.
      if (!isObject(chunk)) {
        throw new TypeError('This TransformStream is being used as a byte stream, but received a ' +
            'value that is not a BufferSource.');
      }
      const text = decodeText(this.decoder, chunk, {__proto__: null, stream: true});
      if (text !== '') inner.enqueue(text);
      return undefined;
    }
    // https://encoding.spec.whatwg.org/#flush-and-enqueue
    /** @param {Transform} inner */
    flush(inner) {
      const text = decodeText(this.decoder);
      if (text !== '') inner.enqueue(text);
    }
    cancel() {}
  }

  class TextDecoderStream extends TransformStream {
    /** @type {TextDecoder} */ #decoder;

    /** @param {string} [label] @param {TextDecoderOptions} [options] */
    constructor(label = undefined, options = undefined) {
      const decoder = new NativeTextDecoder(label, options);
      super(kInternal,
          new Transform(new DecodingTransformer(decoder), undefined, kOneChunk, kNoChunk));
      this.#decoder = decoder;
    }

    /** @param {any} value @returns {TextDecoder} */
    static #of(value) {
      if (!isObject(value) || !(#decoder in value)) throw newIllegalInvocation();
      return value.#decoder;
    }

    get encoding() {
      return decoderEncoding(TextDecoderStream.#of(this));
    }
    get fatal() {
      return decoderFatal(TextDecoderStream.#of(this));
    }
    get ignoreBOM() {
      return decoderIgnoreBom(TextDecoderStream.#of(this));
    }
  }
  expose('TextDecoderStream', TextDecoderStream);
