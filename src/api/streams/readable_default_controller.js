// ReadableStreamDefaultController. https://streams.spec.whatwg.org/#rs-default-controller-class

  class DefaultController {
    stream;
    source;
    queue = new ChunkQueue();
    highWaterMark;
    /** @type {((chunk: any) => any) | undefined} */ size;
    started = false;
    closeRequested = false;
    pulling = false;
    pullAgain = false;
    /** @type {any} */ onPulled = undefined;
    /** @type {any} */ onPullFailed = undefined;
    isBytes = false;

    /** @param {ReadableState} stream @param {any} source @param {number} highWaterMark @param {any} size */
    constructor(stream, source, highWaterMark, size) {
      this.stream = stream;
      this.source = source;
      this.highWaterMark = highWaterMark;
      this.size = size;
      stream.controller = this;
    }

    // https://streams.spec.whatwg.org/#set-up-readable-stream-default-controller, from step 9 on
    start() {
      whenStarted(this, this.source.start());
    }

    get desiredSize() {
      if (this.stream.status === kErrored) return null;
      if (this.stream.status === kClosed) return 0;
      return this.highWaterMark - this.queue.totalSize;
    }

    get canCloseOrEnqueue() {
      return !this.closeRequested && this.stream.status === kReadable;
    }

    // https://streams.spec.whatwg.org/#readable-stream-default-controller-should-call-pull
    pullIfNeeded() {
      if (!this.started || !this.canCloseOrEnqueue || this.source === undefined) return;
      if (!hasReadRequests(this.stream) && this.highWaterMark - this.queue.totalSize <= 0) return;
      if (!this.source.pulls) return;
      if (this.pulling) this.pullAgain = true;
      else startPull(this);
    }

    // https://streams.spec.whatwg.org/#readable-stream-default-controller-close
    close() {
      if (!this.canCloseOrEnqueue) return;
      this.closeRequested = true;
      if (this.queue.length > 0) return;
      this.clear();
      closeReadable(this.stream);
    }

    // https://streams.spec.whatwg.org/#readable-stream-default-controller-enqueue
    /** @param {any} chunk */
    enqueue(chunk) {
      if (!this.canCloseOrEnqueue) return;
      if (hasReadRequests(this.stream)) {
        fulfillReadRequest(this.stream, chunk);
      } else {
        try {
          const {size} = this;
          this.queue.add(chunk, size === undefined ? 1 : +size(chunk));
        } catch (error) {
          this.fail(error);
          throw error;
        }
      }
      this.pullIfNeeded();
    }

    // https://streams.spec.whatwg.org/#readable-stream-default-controller-error
    /** @param {any} reason */
    fail(reason) {
      if (this.stream.status !== kReadable) return;
      this.queue.reset();
      this.clear();
      errorReadable(this.stream, reason);
    }

    // https://streams.spec.whatwg.org/#rs-default-controller-private-cancel
    /** @param {any} reason */
    cancelSteps(reason) {
      this.queue.reset();
      const {source} = this;
      this.source = undefined;
      const result = source === undefined ? kDone : cancelSource(source, reason);
      this.clear();
      return result;
    }

    // https://streams.spec.whatwg.org/#rs-default-controller-private-pull
    /** @param {any} request */
    pullSteps(request) {
      const {queue, stream} = this;
      if (queue.length === 0) {
        stream.reader.requests.push(request);
        this.pullIfNeeded();
        return;
      }
      const chunk = queue.take();
      if (this.closeRequested && queue.length === 0) {
        this.clear();
        closeReadable(stream);
      } else {
        this.pullIfNeeded();
      }
      request.chunk(chunk);
    }

    releaseSteps() {}

    // https://streams.spec.whatwg.org/#readable-stream-default-controller-clear-algorithms
    clear() {
      this.source = undefined;
      this.size = undefined;
    }
  }

  /** @type {(controller: DefaultController) => ReadableStreamDefaultController} */
  const newDefaultFace = (controller) => new ReadableStreamDefaultController(kInternal, controller);

  class ReadableStreamDefaultController {
    #inner;

    constructor() {
      if (arguments[0] !== kInternal) throw new TypeError('Illegal constructor');
      this.#inner = arguments[1];
    }

    /** @param {any} value @returns {DefaultController} */
    static #of(value) {
      if (!isObject(value) || !(#inner in value)) throw newIllegalInvocation();
      return value.#inner;
    }

    get desiredSize() {
      return ReadableStreamDefaultController.#of(this).desiredSize;
    }
    close() {
      const inner = ReadableStreamDefaultController.#of(this);
      if (!inner.canCloseOrEnqueue) throw newCannotCloseError(inner);
      inner.close();
    }
    enqueue(chunk = undefined) {
      const inner = ReadableStreamDefaultController.#of(this);
      if (!inner.canCloseOrEnqueue) throw new TypeError('Unable to enqueue');
      inner.enqueue(chunk);
    }
    error(reason = undefined) {
      ReadableStreamDefaultController.#of(this).fail(reason);
    }
  }
  expose('ReadableStreamDefaultController', ReadableStreamDefaultController);

  /** @param {{stream: ReadableState}} controller */
  function newCannotCloseError({stream}) {
    return new TypeError(stream.status === kErrored ? 'This ReadableStream has errored.'
        : 'This ReadableStream is closed.');
  }
