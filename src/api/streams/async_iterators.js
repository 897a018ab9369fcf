// Streams to async iterators, and back.

  // ---- for await (const chunk of stream) ----
  // https://streams.spec.whatwg.org/#rs-asynciterator
  // https://webidl.spec.whatwg.org/#js-asynchronous-iterator-prototype-object

  class NextRequest extends Deferred {
    iterator;

    /** @param {IteratorState} iterator */
    constructor(iterator) {
      super();
      this.iterator = iterator;
    }
    /** @param {any} value */
    chunk(value) {
      this.iterator.ongoing = undefined;
      this.resolve({value, done: false});
    }
    close() {
      this.iterator.finish();
      this.resolve({value: undefined, done: true});
    }
    /** @param {any} reason */
    fail(reason) {
      this.iterator.finish();
      this.reject(reason);
    }
  }

  const asItIs = (/** @type {any} */ value) => value;

  class IteratorState {
    reader;
    preventCancel;
    finished = false;
    /** What the next call waits for. @type {Promise<any> | undefined} */ ongoing = undefined;

    /** @param {ReaderState} reader @param {boolean} preventCancel */
    constructor(reader, preventCancel) {
      this.reader = reader;
      this.preventCancel = preventCancel;
    }

    finish() {
      this.ongoing = undefined;
      this.finished = true;
      releaseReader(this.reader);
    }

    // https://streams.spec.whatwg.org/#rs-asynciterator-prototype-next
    next() {
      if (this.finished || this.reader.stream === undefined) {
        return resolvedWith({value: undefined, done: true});
      }
      const request = new NextRequest(this);
      const {promise} = request;
      this.ongoing = promise;
      readWith(this.reader, request);
      // Web IDL's reaction to the promise lets what the chunk has set off, such as a pull, come
      // first. What was there at once has set off nothing that could be seen.
      if (this.ongoing === promise) this.ongoing = then(promise, asItIs);
      return this.ongoing ?? promise;
    }

    // https://streams.spec.whatwg.org/#rs-asynciterator-prototype-return
    /** @param {any} value */
    return(value) {
      const result = {value, done: true};
      const {reader} = this;
      if (this.finished || reader.stream === undefined) return resolvedWith(result);
      this.finished = true;
      const cancelled = this.preventCancel ? kDone : cancelReadable(reader.stream, value);
      releaseReader(reader);
      return then(cancelled, () => result);
    }
  }

  /** @type {(reader: ReaderState, preventCancel: boolean) => object} */
  const newAsyncIterator = (reader, preventCancel) =>
      new ReadableStreamAsyncIterator(new IteratorState(reader, preventCancel));

  class ReadableStreamAsyncIterator {
    /** @type {IteratorState} */ #inner;

    /** @param {IteratorState} inner */
    constructor(inner) {
      this.#inner = inner;
    }

    next() {
      if (!isObject(this) || !(#inner in this)) return rejectedWith(newIllegalInvocation());
      const inner = this.#inner;
      if (inner.ongoing === undefined) return inner.next();
      const step = () => inner.next();
      return (inner.ongoing = then(inner.ongoing, step, step));
    }
    return(value) {
      if (!isObject(this) || !(#inner in this)) return rejectedWith(newIllegalInvocation());
      const inner = this.#inner;
      const step = () => inner.return(value);
      const {ongoing} = inner;
      return (inner.ongoing = ongoing === undefined ? step() : then(ongoing, step, step));
    }
  }
  {
    const {prototype} = ReadableStreamAsyncIterator;
    delete (/** @type {any} */ (prototype)).constructor;
    for (const name of ['next', 'return']) defineProperty(prototype, name, {enumerable: true});
    setPrototypeOf(prototype, AsyncIteratorPrototype);
    defineProperty(prototype, Symbol.toStringTag,
        {value: 'ReadableStreamAsyncIterator', configurable: true});
  }

  // ---- ReadableStream.from ----
  // https://streams.spec.whatwg.org/#abstract-opdef-readable-stream-from-iterable

  const newNotIterableError = () => new TypeError(
      "Failed to execute 'from' on 'ReadableStream': parameter 1 is not of type 'AsyncGenerator'.");

  class IteratorSource {
    iterator;
    nextMethod;
    isSync;

    /** @param {any} iterator @param {boolean} isSync */
    constructor(iterator, isSync) {
      this.iterator = iterator;
      this.nextMethod = iterator.next;
      this.isSync = isSync;
    }
    start() {}
    get pulls() {
      return true;
    }
    /** @param {DefaultController} controller */
    pull(controller) {
      const result = apply(this.nextMethod, this.iterator, []);
      const settled = this.isSync ? this.#settleSync(result, true) : resolvedWith(result);
      return then(settled, (/** @type {any} */ step) => {
        if (!isObject(step)) throw new TypeError(`Iterator result ${step} is not an object.`);
        if (step.done) controller.close();
        else controller.enqueue(step.value);
      });
    }
    /** @param {any} reason */
    cancel(reason) {
      const {iterator} = this;
      const returnMethod = iterator.return;
      if (returnMethod === undefined || returnMethod === null) return undefined;
      const result = apply(returnMethod, iterator, [reason]);
      return then(this.isSync ? this.#settleSync(result, false) : resolvedWith(result),
          (/** @type {any} */ step) => {
            if (!isObject(step)) throw new TypeError(`Iterator result ${step} is not an object.`);
          });
    }

    // https://tc39.es/ecma262/#sec-asyncfromsynciteratorcontinuation
    /** @param {any} result @param {boolean} closes */
    #settleSync(result, closes) {
      if (!isObject(result)) throw new TypeError(`Iterator result ${result} is not an object.`);
      const done = !!result.done;
      return then(resolvedWith(result.value), (/** @type {any} */ value) => ({value, done}),
          (/** @type {any} */ reason) => {
            if (closes && !done) this.#closeSync();
            throw reason;
          });
    }
    #closeSync() {
      try {
        const {iterator} = this;
        const returnMethod = iterator.return;
        if (returnMethod !== undefined && returnMethod !== null) apply(returnMethod, iterator, []);
      } catch {
        // The first error counts.
      }
    }
  }

  /** @param {any} iterable */
  function readableFrom(iterable) {
    if (iterable === undefined || iterable === null) throw newNotIterableError();
    let method = iterable[kAsyncIterator];
    let isSync = false;
    if (method === undefined || method === null) {
      method = iterable[kIterator];
      isSync = true;
    }
    if (typeof method !== 'function') throw newNotIterableError();
    const iterator = apply(method, iterable, []);
    if (!isObject(iterator)) throw new TypeError(`The iterator ${iterator} is not an object.`);
    const stream = new ReadableState();
    new DefaultController(stream, new IteratorSource(iterator, isSync), 0, undefined).start();
    return stream;
  }
