// WritableStream and its writer. https://streams.spec.whatwg.org/#ws-class

  /** @type {(value: any) => boolean} */
  let isWritableStream;
  /** @type {(value: any) => WritableState} */
  let writableOf;

  // https://streams.spec.whatwg.org/#dom-underlying-sink
  /** @param {any} sink */
  function toUnderlyingSink(sink) {
    // Differs: null is none, as in the reference.
    if (sink === undefined || sink === null) {
      return {abort: undefined, close: undefined, start: undefined, write: undefined};
    }
    if (!isObject(sink)) {
      throw new TypeError("Failed to construct 'WritableStream': constructor parameter 1 is not " +
          "of type 'UnderlyingSink'.");
    }
    const abort = readCallback(sink, 'abort', 'UnderlyingSink');
    const close = readCallback(sink, 'close', 'UnderlyingSink');
    const start = readCallback(sink, 'start', 'UnderlyingSink');
    const {type} = sink;
    if (type !== undefined) {
      throw new RangeError('The type of an underlying sink must be undefined.');
    }
    return {abort, close, start, write: readCallback(sink, 'write', 'UnderlyingSink')};
  }

  class WritableStream {
    /** @type {WritableState} */ #inner;

    // https://streams.spec.whatwg.org/#ws-constructor
    /** @param {UnderlyingSink} [underlyingSink] @param {QueuingStrategy} [strategy] */
    constructor(underlyingSink = undefined, strategy = undefined) {
      if (underlyingSink === kInternal) {
        this.#inner = /** @type {any} */ (strategy);
        this.#inner.face = this;
        return;
      }
      const stream = new WritableState();
      stream.face = this;
      this.#inner = stream;
      const given = toStrategy(strategy);
      const callbacks = toUnderlyingSink(underlyingSink);
      const highWaterMark = highWaterMarkOf(given, 1);
      const controller = new WritableController(stream, undefined, highWaterMark, given.size);
      const face = new WritableStreamDefaultController(kInternal, controller);
      controller.sink = new ScriptSink(underlyingSink, callbacks, face);
      controller.start();
    }

    static {
      isWritableStream = (value) => isObject(value) && #inner in value;
      writableOf = (value) => value.#inner;
    }

    get locked() {
      if (!isWritableStream(this)) throw newIllegalInvocation();
      return this.#inner.writer !== undefined;
    }
    // https://streams.spec.whatwg.org/#ws-abort
    abort(reason = undefined) {
      if (!isWritableStream(this)) return rejectedWith(newIllegalInvocation());
      if (this.#inner.writer !== undefined) return rejectedWith(newWritableLockedError());
      return abortWritable(this.#inner, reason);
    }
    // https://streams.spec.whatwg.org/#ws-close
    close() {
      if (!isWritableStream(this)) return rejectedWith(newIllegalInvocation());
      const inner = this.#inner;
      if (inner.writer !== undefined) return rejectedWith(newWritableLockedError());
      return inner.isClosing ? rejectedWith(newWritableClosedError()) : closeWritable(inner);
    }
    getWriter() {
      if (!isWritableStream(this)) throw newIllegalInvocation();
      return new WritableStreamDefaultWriter(kInternal, new WriterState(this.#inner));
    }
  }
  expose('WritableStream', WritableStream);

  /** @param {WritableState} stream @returns {WritableStream} */
  const writableFaceOf = (stream) => stream.face ?? new WritableStream(kInternal, stream);

  // https://streams.spec.whatwg.org/#default-writer-class
  class WritableStreamDefaultWriter {
    /** @type {WriterState} */ #inner;

    /** @param {WritableStream} stream */
    constructor(stream) {
      if (stream === kInternal) {
        this.#inner = arguments[1];
        return;
      }
      if (!isWritableStream(stream)) {
        throw new TypeError("Failed to construct 'WritableStreamDefaultWriter': constructor " +
            "parameter 1 is not of type 'WritableStream'.");
      }
      this.#inner = new WriterState(writableOf(stream));
    }

    /** @param {any} value */
    static #is(value) {
      return isObject(value) && #inner in value;
    }

    get closed() {
      if (!WritableStreamDefaultWriter.#is(this)) return rejectedWith(newIllegalInvocation());
      return this.#inner.closed.promise;
    }
    get desiredSize() {
      if (!WritableStreamDefaultWriter.#is(this)) throw newIllegalInvocation();
      if (this.#inner.stream === undefined) throw newWriterReleasedError();
      return this.#inner.desiredSize;
    }
    get ready() {
      if (!WritableStreamDefaultWriter.#is(this)) return rejectedWith(newIllegalInvocation());
      return this.#inner.ready.promise;
    }
    abort(reason = undefined) {
      if (!WritableStreamDefaultWriter.#is(this)) return rejectedWith(newIllegalInvocation());
      const {stream} = this.#inner;
      return stream === undefined ? rejectedWith(newWriterReleasedError())
          : abortWritable(stream, reason);
    }
    close() {
      if (!WritableStreamDefaultWriter.#is(this)) return rejectedWith(newIllegalInvocation());
      const {stream} = this.#inner;
      if (stream === undefined) return rejectedWith(newWriterReleasedError());
      return stream.isClosing ? rejectedWith(newWritableClosedError()) : closeWritable(stream);
    }
    releaseLock() {
      if (!WritableStreamDefaultWriter.#is(this)) throw newIllegalInvocation();
      this.#inner.release();
    }
    write(chunk = undefined) {
      if (!WritableStreamDefaultWriter.#is(this)) return rejectedWith(newIllegalInvocation());
      const inner = this.#inner;
      if (inner.stream === undefined) return rejectedWith(newWriterReleasedError());
      const request = new Deferred();
      inner.write(chunk, request);
      return request.promise;
    }
  }
  expose('WritableStreamDefaultWriter', WritableStreamDefaultWriter);
