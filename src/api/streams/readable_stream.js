// ReadableStream. https://streams.spec.whatwg.org/#rs-class

  // https://streams.spec.whatwg.org/#dom-underlying-source
  /** @param {any} source */
  function toUnderlyingSource(source) {
    // Differs: null is none, as in the reference.
    if (source === undefined || source === null) {
      return {autoAllocateChunkSize: undefined, cancel: undefined, pull: undefined,
        start: undefined, isBytes: false};
    }
    if (!isObject(source)) {
      throw new TypeError("Failed to construct 'ReadableStream': constructor parameter 1 is not " +
          "of type 'UnderlyingSource'.");
    }
    let {autoAllocateChunkSize} = source;
    if (autoAllocateChunkSize !== undefined) {
      autoAllocateChunkSize = toPositiveInteger(autoAllocateChunkSize, 'autoAllocateChunkSize');
    }
    const cancel = readCallback(source, 'cancel', 'UnderlyingSource');
    const pull = readCallback(source, 'pull', 'UnderlyingSource');
    const start = readCallback(source, 'start', 'UnderlyingSource');
    let {type} = source;
    if (type !== undefined) {
      type = `${type}`;
      if (type !== 'bytes') {
        throw new TypeError(`"${type}" is not a valid type of ReadableStream.`);
      }
    }
    return {autoAllocateChunkSize, cancel, pull, start, isBytes: type === 'bytes'};
  }

  // https://streams.spec.whatwg.org/#rs-constructor
  /** @param {ReadableState} stream @param {any} object @param {any} queuingStrategy */
  function setUpReadable(stream, object, queuingStrategy) {
    const strategy = toStrategy(queuingStrategy);
    const given = toUnderlyingSource(object);
    if (!given.isBytes) {
      const highWaterMark = highWaterMarkOf(strategy, 1);
      const controller = new DefaultController(stream, undefined, highWaterMark, strategy.size);
      controller.source = new ScriptSource(object, given, newDefaultFace(controller));
      controller.start();
      return;
    }
    if (strategy.size !== undefined) {
      throw new RangeError('A stream of bytes cannot have a strategy with a size function.');
    }
    const highWaterMark = highWaterMarkOf(strategy, 0);
    if (given.autoAllocateChunkSize === 0) {
      throw new TypeError('autoAllocateChunkSize is 0; it must be at least 1.');
    }
    const controller =
        new ByteController(stream, undefined, highWaterMark, given.autoAllocateChunkSize);
    const face = new ReadableByteStreamController(kInternal, controller);
    controller.source = new ScriptSource(object, given, face);
    controller.start();
  }

  class ReadableStream {
    /** @type {ReadableState} */ #inner;

    /** @param {UnderlyingSource} [underlyingSource] @param {QueuingStrategy} [strategy] */
    constructor(underlyingSource = undefined, strategy = undefined) {
      if (underlyingSource === kInternal) {
        this.#inner = strategy;
        this.#inner.face = this;
        return;
      }
      const inner = new ReadableState();
      inner.face = this;
      this.#inner = inner;
      setUpReadable(inner, underlyingSource, strategy);
    }

    static {
      isReadableStream = (value) => isObject(value) && #inner in value;
      readableOf = (value) => value.#inner;
    }

    /** @param {any} value @returns {ReadableState} */
    static #of(value) {
      if (!isObject(value) || !(#inner in value)) throw newIllegalInvocation();
      return value.#inner;
    }

    // https://streams.spec.whatwg.org/#rs-from
    static from(asyncIterable) {
      if (arguments.length < 1) throw newNotIterableError();
      return faceOf(readableFrom(asyncIterable));
    }

    get locked() {
      return ReadableStream.#of(this).reader !== undefined;
    }
    // https://streams.spec.whatwg.org/#rs-cancel
    cancel(reason = undefined) {
      if (!isReadableStream(this)) return rejectedWith(newIllegalInvocation());
      if (this.#inner.reader !== undefined) return rejectedWith(newLockedError());
      return cancelReadable(this.#inner, reason);
    }
    // https://streams.spec.whatwg.org/#rs-get-reader
    getReader(options = undefined) {
      const inner = ReadableStream.#of(this);
      const given = toDictionary(options, "Failed to execute 'getReader' on 'ReadableStream': " +
          'parameter 1', 'ReadableStreamGetReaderOptions');
      let mode = given?.mode;
      if (mode === undefined) {
        return new ReadableStreamDefaultReader(kInternal, new ReaderState(inner, false));
      }
      mode = `${mode}`;
      if (mode !== 'byob') {
        throw new TypeError("mode must be undefined or 'byob' in call to getReader().");
      }
      return new ReadableStreamBYOBReader(kInternal, new ReaderState(inner, true));
    }
    // https://streams.spec.whatwg.org/#rs-pipe-through
    pipeThrough(transform, options = undefined) {
      const inner = ReadableStream.#of(this);
      const {readable, writable} = toTransformPair(transform, arguments.length);
      const given = toPipeOptions(options);
      if (inner.reader !== undefined) throw newLockedError();
      if (writable.writer !== undefined) throw newWritableLockedError();
      markHandled(pipe(inner, writable, given));
      return faceOf(readable);
    }
    // https://streams.spec.whatwg.org/#rs-pipe-to
    pipeTo(destination, options = undefined) {
      if (!isReadableStream(this)) return rejectedWith(newIllegalInvocation());
      try {
        if (!isWritableStream(destination)) {
          throw new TypeError("Failed to execute 'pipeTo' on 'ReadableStream': parameter 1 is " +
              "not of type 'WritableStream'.");
        }
        const given = toPipeOptions(options);
        const writable = writableOf(destination);
        if (this.#inner.reader !== undefined) throw newLockedError();
        if (writable.writer !== undefined) throw newWritableLockedError();
        return pipe(this.#inner, writable, given);
      } catch (error) {
        return rejectedWith(error);
      }
    }
    tee() {
      const [left, right] = tee(ReadableStream.#of(this));
      return [faceOf(left), faceOf(right)];
    }
    // https://streams.spec.whatwg.org/#rs-asynciterator
    values(options = undefined) {
      const inner = ReadableStream.#of(this);
      const given = toDictionary(options, "Failed to execute 'values' on 'ReadableStream': " +
          'parameter 1', 'ReadableStreamIteratorOptions');
      const preventCancel = !!given?.preventCancel;
      return newAsyncIterator(new ReaderState(inner, false), preventCancel);
    }
  }
  expose('ReadableStream', ReadableStream);
  defineProperty(ReadableStream.prototype, kAsyncIterator, {
    __proto__: null, value: ReadableStream.prototype.values, writable: true, configurable: true,
  });

  /** @param {ReadableState} stream @returns {ReadableStream} */
  const faceOf = (stream) => stream.face ?? new ReadableStream(kInternal, stream);

  /** @param {any} transform @param {number} count */
  function toTransformPair(transform, count) {
    if (count < 1 || !isObject(transform)) {
      throw new TypeError("Failed to execute 'pipeThrough' on 'ReadableStream': parameter 1 is " +
          "not of type 'Transform'.");
    }
    const {readable} = transform;
    if (!isReadableStream(readable)) throw newTransformFieldError('readable', 'ReadableStream');
    const {writable} = transform;
    if (!isWritableStream(writable)) throw newTransformFieldError('writable', 'WritableStream');
    return {readable: readableOf(readable), writable: writableOf(writable)};
  }

  /** @param {string} field @param {string} type */
  const newTransformFieldError = (field, type) => new TypeError(
      `Incorrect type for the '${field}' field on 'Transform': the provided value is not of type ` +
      `'${type}'.`);

  // https://streams.spec.whatwg.org/#dictdef-streampipeoptions
  /** @param {any} options */
  function toPipeOptions(options) {
    const given = toDictionary(options, 'The second parameter', 'PipeToOptions');
    const preventAbort = !!given?.preventAbort;
    const preventCancel = !!given?.preventCancel;
    const preventClose = !!given?.preventClose;
    const signal = given?.signal;
    if (signal !== undefined && !isAbortSignal(signal)) {
      throw new TypeError("Incorrect type for the 'signal' field on 'PipeToOptions': the provided " +
          "value is not of type 'AbortSignal'.");
    }
    return {preventAbort, preventCancel, preventClose, signal};
  }
