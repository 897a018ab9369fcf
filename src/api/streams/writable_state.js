// What a writable stream is inside, and what may be done to it.
// https://streams.spec.whatwg.org/#ws-all-abstract-ops

  const kWritable = 0;
  const kWritableClosed = 1;
  const kErroring = 2;
  const kWritableErrored = 3;

  const kCloseMark = {__proto__: null};

  class WritableState {
    status = kWritable;
    backpressure = false;
    /** @type {any} */ error = undefined;
    /** @type {any} */ controller = undefined;
    /** @type {WriterState | undefined} */ writer = undefined;
    /** Each has resolve() and reject(reason). */ writeRequests = new Queue();
    /** @type {any} */ writeInFlight = undefined;
    /** @type {Deferred | undefined} */ closeRequest = undefined;
    /** @type {Deferred | undefined} */ closeInFlight = undefined;
    /** @type {{deferred: Deferred, reason: any, wasErroring: boolean} | undefined} */
    abortRequest = undefined;
    /** @type {WritableStream | undefined} */ face = undefined;

    // https://streams.spec.whatwg.org/#writable-stream-close-queued-or-in-flight
    get isClosing() {
      return this.closeRequest !== undefined || this.closeInFlight !== undefined;
    }
  }

  const newWritableLockedError = () =>
      new TypeError('This WritableStream is currently locked to a writer.');
  const newWritableClosedError = () => new TypeError('This WritableStream has been closed.');
  const newWriterReleasedError = () =>
      new TypeError('This WritableStream writer has been released.');

  // https://streams.spec.whatwg.org/#writable-stream-abort
  /** @param {WritableState} stream @param {any} reason @returns {Promise<undefined>} */
  function abortWritable(stream, reason) {
    // 1 to 3: listeners of the signal may change the stream.
    if (stream.status === kWritableClosed || stream.status === kWritableErrored) {
      return resolvedWith(undefined);
    }
    stream.controller.abortSignal(reason);
    if (stream.status === kWritableClosed || stream.status === kWritableErrored) {
      return resolvedWith(undefined);
    }
    if (stream.abortRequest !== undefined) return stream.abortRequest.deferred.promise;
    const wasErroring = stream.status === kErroring;
    const deferred = new Deferred();
    stream.abortRequest = {deferred, reason: wasErroring ? undefined : reason, wasErroring};
    if (!wasErroring) startErroring(stream, reason);
    return deferred.promise;
  }

  // https://streams.spec.whatwg.org/#writable-stream-close
  /** @param {WritableState} stream @returns {Promise<undefined>} */
  function closeWritable(stream) {
    if (stream.status === kWritableErrored) {
      return rejectedWith(new TypeError('This WritableStream has errored.'));
    }
    if (stream.status === kWritableClosed) return rejectedWith(newWritableClosedError());
    const request = new Deferred();
    stream.closeRequest = request;
    const {writer} = stream;
    if (writer !== undefined && stream.backpressure && stream.status === kWritable) {
      writer.becomeReady();
    }
    const {controller} = stream;
    controller.queue.add(kCloseMark, 0);
    controller.advance();
    return request.promise;
  }

  // https://streams.spec.whatwg.org/#writable-stream-start-erroring
  /** @param {WritableState} stream @param {any} reason */
  function startErroring(stream, reason) {
    stream.status = kErroring;
    stream.error = reason;
    const {writer, controller} = stream;
    if (writer !== undefined) writer.rejectReady(reason);
    const inFlight = stream.writeInFlight !== undefined || stream.closeInFlight !== undefined;
    if (!inFlight && controller.started) finishErroring(stream);
  }

  // https://streams.spec.whatwg.org/#writable-stream-finish-erroring
  /** @param {WritableState} stream */
  function finishErroring(stream) {
    stream.status = kWritableErrored;
    const {controller, error, writeRequests} = stream;
    controller.queue.reset();
    stream.writeRequests = new Queue();
    while (writeRequests.length > 0) writeRequests.shift().reject(error);
    const {abortRequest} = stream;
    if (abortRequest === undefined) {
      rejectClosed(stream);
      return;
    }
    stream.abortRequest = undefined;
    const {deferred} = abortRequest;
    if (abortRequest.wasErroring) {
      deferred.reject(error);
      rejectClosed(stream);
      return;
    }
    then(
        controller.abortSteps(abortRequest.reason),
        () => {
          deferred.resolve();
          rejectClosed(stream);
        },
        (/** @type {any} */ reason) => {
          deferred.reject(reason);
          rejectClosed(stream);
        });
  }

  // https://streams.spec.whatwg.org/#writable-stream-reject-close-and-closed-promise-if-needed
  /** @param {WritableState} stream */
  function rejectClosed(stream) {
    if (stream.closeRequest !== undefined) {
      stream.closeRequest.reject(stream.error);
      stream.closeRequest = undefined;
    }
    if (stream.writer !== undefined) stream.writer.rejectClosed(stream.error);
  }

  // https://streams.spec.whatwg.org/#writable-stream-deal-with-rejection
  /** @param {WritableState} stream @param {any} reason */
  function dealWithRejection(stream, reason) {
    if (stream.status === kWritable) startErroring(stream, reason);
    else finishErroring(stream);
  }

  // https://streams.spec.whatwg.org/#writable-stream-finish-in-flight-close
  /** @param {WritableState} stream */
  function finishClose(stream) {
    stream.closeInFlight.resolve();
    stream.closeInFlight = undefined;
    if (stream.status === kErroring) {
      stream.error = undefined;
      if (stream.abortRequest !== undefined) {
        stream.abortRequest.deferred.resolve();
        stream.abortRequest = undefined;
      }
    }
    stream.status = kWritableClosed;
    if (stream.writer !== undefined) stream.writer.closed.resolve();
  }

  // https://streams.spec.whatwg.org/#writable-stream-finish-in-flight-close-with-error
  /** @param {WritableState} stream @param {any} reason */
  function failClose(stream, reason) {
    stream.closeInFlight.reject(reason);
    stream.closeInFlight = undefined;
    if (stream.abortRequest !== undefined) {
      stream.abortRequest.deferred.reject(reason);
      stream.abortRequest = undefined;
    }
    dealWithRejection(stream, reason);
  }

  // https://streams.spec.whatwg.org/#writable-stream-update-backpressure
  /** @param {WritableState} stream @param {boolean} backpressure */
  function updateBackpressure(stream, backpressure) {
    const {writer} = stream;
    if (backpressure === stream.backpressure) return;
    stream.backpressure = backpressure;
    if (writer === undefined) return;
    if (backpressure) writer.becomeUnready();
    else writer.becomeReady();
  }

  // ---- writers ----

  class WriterState {
    /** @type {WritableState | undefined} */ stream;
    ready;
    closed;
    /** Called, in a microtask, when back-pressure ends. @type {(() => void) | undefined} */
    onReady = undefined;

    // https://streams.spec.whatwg.org/#set-up-writable-stream-default-writer
    /** @param {WritableState} stream */
    constructor(stream) {
      if (stream.writer !== undefined) throw newWritableLockedError();
      this.stream = stream;
      stream.writer = this;
      const {status, error} = stream;
      if (status === kWritable) {
        this.ready = !stream.isClosing && stream.backpressure ? new LazyPromise() : lazyFulfilled();
        this.closed = new LazyPromise();
      } else if (status === kErroring) {
        this.ready = lazyRejected(error);
        this.closed = new LazyPromise();
      } else if (status === kWritableClosed) {
        this.ready = lazyFulfilled();
        this.closed = lazyFulfilled();
      } else {
        this.ready = lazyRejected(error);
        this.closed = lazyRejected(error);
      }
    }

    becomeUnready() {
      // A promise that nobody has seen can be pending again.
      if (this.ready.made === undefined) this.ready.status = kPending;
      else this.ready = new LazyPromise();
    }
    becomeReady() {
      this.ready.resolve();
      if (this.onReady !== undefined) then(kDone, this.onReady);
    }
    // https://streams.spec.whatwg.org/#writable-stream-default-writer-ensure-ready-promise-rejected
    /** @param {any} reason */
    rejectReady(reason) {
      if (this.ready.status === kPending) this.ready.reject(reason);
      else this.ready = lazyRejected(reason);
    }
    /** @param {any} reason */
    rejectClosed(reason) {
      if (this.closed.status === kPending) this.closed.reject(reason);
      else this.closed = lazyRejected(reason);
    }

    // https://streams.spec.whatwg.org/#writable-stream-default-writer-get-desired-size
    get desiredSize() {
      const {stream} = this;
      if (stream.status === kErroring || stream.status === kWritableErrored) return null;
      return stream.status === kWritableClosed ? 0 : stream.controller.desiredSize;
    }

    // https://streams.spec.whatwg.org/#writable-stream-default-writer-write
    /** Settles `request`, something with resolve() and reject(). @param {any} chunk @param {any} request */
    write(chunk, request) {
      const {stream} = this;
      const {controller} = stream;
      const size = controller.sizeOf(chunk);
      if (this.stream !== stream) return request.reject(newWriterReleasedError());
      const {status} = stream;
      if (status === kWritableErrored) return request.reject(stream.error);
      if (status === kWritableClosed || stream.isClosing) {
        return request.reject(newWritableClosedError());
      }
      if (status === kErroring) return request.reject(stream.error);
      stream.writeRequests.push(request);
      controller.write(chunk, size);
    }

    // https://streams.spec.whatwg.org/#writable-stream-default-writer-close-with-error-propagation
    closeOrFail() {
      const {stream} = this;
      if (stream.isClosing || stream.status === kWritableClosed) return kDone;
      if (stream.status === kWritableErrored) return rejectedWith(stream.error);
      return closeWritable(stream);
    }

    // https://streams.spec.whatwg.org/#writable-stream-default-writer-release
    release() {
      const {stream} = this;
      if (stream === undefined) return;
      const reason = newWriterReleasedError();
      this.onReady = undefined;
      this.rejectReady(reason);
      this.rejectClosed(reason);
      stream.writer = undefined;
      this.stream = undefined;
    }
  }
