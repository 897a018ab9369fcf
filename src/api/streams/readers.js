// ReadableStreamDefaultReader and ReadableStreamBYOBReader.
// https://streams.spec.whatwg.org/#default-reader-class

  /** @type {(value: any) => ReadableState} */
  let readableOf;
  /** @type {(value: any) => boolean} */
  let isReadableStream;

  /** @param {any} stream @param {string} name */
  function readableParameter(stream, name) {
    if (isReadableStream(stream)) return readableOf(stream);
    throw new TypeError(`Failed to construct '${name}': constructor parameter 1 is not of type ` +
        "'ReadableStream'.");
  }

  class ReadableStreamDefaultReader {
    /** @type {ReaderState} */ #inner;

    /** @param {ReadableStream} stream */
    constructor(stream) {
      this.#inner = stream === kInternal ? arguments[1]
          : new ReaderState(readableParameter(stream, 'ReadableStreamDefaultReader'), false);
    }

    /** @param {any} value */
    static #is(value) {
      return isObject(value) && #inner in value;
    }

    get closed() {
      if (!ReadableStreamDefaultReader.#is(this)) return rejectedWith(newIllegalInvocation());
      return this.#inner.closed.promise;
    }
    cancel(reason = undefined) {
      if (!ReadableStreamDefaultReader.#is(this)) return rejectedWith(newIllegalInvocation());
      const {stream} = this.#inner;
      return stream === undefined ? rejectedWith(newReleasedError())
          : cancelReadable(stream, reason);
    }
    read() {
      if (!ReadableStreamDefaultReader.#is(this)) return rejectedWith(newIllegalInvocation());
      const inner = this.#inner;
      if (inner.stream === undefined) return rejectedWith(newReleasedError());
      const request = new ReadRequest();
      readWith(inner, request);
      return request.promise;
    }
    releaseLock() {
      if (!ReadableStreamDefaultReader.#is(this)) throw newIllegalInvocation();
      releaseReader(this.#inner);
    }
  }
  expose('ReadableStreamDefaultReader', ReadableStreamDefaultReader);

  // https://streams.spec.whatwg.org/#byob-reader-class
  class ReadableStreamBYOBReader {
    /** @type {ReaderState} */ #inner;

    /** @param {ReadableStream} stream */
    constructor(stream) {
      this.#inner = stream === kInternal ? arguments[1]
          : new ReaderState(readableParameter(stream, 'ReadableStreamBYOBReader'), true);
    }

    /** @param {any} value */
    static #is(value) {
      return isObject(value) && #inner in value;
    }

    get closed() {
      if (!ReadableStreamBYOBReader.#is(this)) return rejectedWith(newIllegalInvocation());
      return this.#inner.closed.promise;
    }
    cancel(reason = undefined) {
      if (!ReadableStreamBYOBReader.#is(this)) return rejectedWith(newIllegalInvocation());
      const {stream} = this.#inner;
      return stream === undefined ? rejectedWith(newReleasedError())
          : cancelReadable(stream, reason);
    }
    read(view, options = undefined) {
      if (!ReadableStreamBYOBReader.#is(this)) return rejectedWith(newIllegalInvocation());
      try {
        requireView(view, 'read', 1);
        const given = toDictionary(options, 'The second parameter of read()',
            'ReadableStreamBYOBReaderReadOptions');
        const min = given?.min;
        return readView(this.#inner, view, min === undefined ? 1 : toPositiveInteger(min, 'min'));
      } catch (error) {
        return rejectedWith(error);
      }
    }
    // https://developers.cloudflare.com/workers/runtime-apis/streams/readablestreambyobreader/
    readAtLeast(minElements, view) {
      if (!ReadableStreamBYOBReader.#is(this)) return rejectedWith(newIllegalInvocation());
      try {
        const min = toPositiveInteger(minElements, 'minElements');
        requireView(view, 'readAtLeast', 2);
        return readView(this.#inner, view, min);
      } catch (error) {
        return rejectedWith(error);
      }
    }
    releaseLock() {
      if (!ReadableStreamBYOBReader.#is(this)) throw newIllegalInvocation();
      releaseReader(this.#inner);
    }
  }
  expose('ReadableStreamBYOBReader', ReadableStreamBYOBReader);

  /** @param {any} view @param {string} method @param {number} at */
  function requireView(view, method, at) {
    if (isView(view)) {
      const buffer = viewBuffer(view);
      if (!isShared(buffer) && !bufferResizable(buffer)) return;
    }
    throw new TypeError(`Failed to execute '${method}' on 'ReadableStreamBYOBReader': parameter ` +
        `${at} is not of type 'ArrayBufferView'.`);
  }

  // https://streams.spec.whatwg.org/#byob-reader-read
  /** @param {ReaderState} reader @param {any} view @param {number} min */
  function readView(reader, view, min) {
    const buffer = viewBuffer(view);
    if (bufferDetached(buffer)) throw new TypeError('The buffer of the view is detached.');
    const bytes = viewByteLength(view);
    if (bytes === 0 || bufferByteLength(buffer) === 0) {
      throw new TypeError(
          'You must call read() on a "byob" reader with a positive-sized TypedArray object.');
    }
    if (min === 0) {
      throw new TypeError(`Requested invalid minimum number of bytes to read (${min}).`);
    }
    const tag = typedArrayTag(view);
    const elements = tag === undefined ? bytes : bytes / kTypedArrays[tag].BYTES_PER_ELEMENT;
    if (min > elements) {
      throw new RangeError(`Minimum bytes to read (${min}) exceeds size of buffer (${elements}).`);
    }
    if (reader.stream === undefined) throw newReleasedError();
    const request = new ReadIntoRequest();
    readIntoWith(reader, view, min, request);
    return request.promise;
  }
