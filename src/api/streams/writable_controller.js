// WritableStreamDefaultController. https://streams.spec.whatwg.org/#ws-default-controller-class

  class WritableController {
    stream;
    sink;
    queue = new ChunkQueue();
    highWaterMark;
    /** @type {((chunk: any) => any) | undefined} */ size;
    started = false;
    /** Made when somebody asks. @type {AbortSignal | undefined} */ signal = undefined;
    /** @type {{value: any} | undefined} */ aborted = undefined;
    /** @type {any} */ onWritten = undefined;
    /** @type {any} */ onWriteFailed = undefined;

    /** @param {WritableState} stream @param {any} sink @param {number} highWaterMark @param {any} size */
    constructor(stream, sink, highWaterMark, size) {
      this.stream = stream;
      this.sink = sink;
      this.highWaterMark = highWaterMark;
      this.size = size;
      stream.controller = this;
      stream.backpressure = highWaterMark <= 0;
    }

    // https://streams.spec.whatwg.org/#set-up-writable-stream-default-controller, from step 14 on
    start() {
      const result = this.sink.start(this);
      then(
          result === undefined ? kDone : resolvedWith(result),
          () => {
            this.started = true;
            this.advance();
          },
          (/** @type {any} */ reason) => {
            this.started = true;
            dealWithRejection(this.stream, reason);
          });
    }

    get desiredSize() {
      return this.highWaterMark - this.queue.totalSize;
    }

    /** Nothing has been asked of it that is not done. */
    get isIdle() {
      const {queue, started, stream} = this;
      return started && queue.length === 0 && !stream.isClosing && stream.writeInFlight === undefined;
    }

    /** @param {any} reason */
    abortSignal(reason) {
      if (this.aborted !== undefined) return;
      this.aborted = {value: reason};
      if (this.signal !== undefined) signalAbort(this.signal, reason);
    }
    getSignal() {
      if (this.signal === undefined) {
        this.signal = newAbortSignal();
        if (this.aborted !== undefined) signalAbort(this.signal, this.aborted.value);
      }
      return this.signal;
    }

    // https://streams.spec.whatwg.org/#writable-stream-default-controller-get-chunk-size
    /** @param {any} chunk */
    sizeOf(chunk) {
      const {size} = this;
      if (size === undefined) return 1;
      try {
        return +size(chunk);
      } catch (error) {
        this.failIfWritable(error);
        return 1;
      }
    }

    // https://streams.spec.whatwg.org/#writable-stream-default-controller-write
    /** @param {any} chunk @param {number} size */
    write(chunk, size) {
      const {stream} = this;
      try {
        this.queue.add(chunk, size);
      } catch (error) {
        this.failIfWritable(error);
        return;
      }
      if (!stream.isClosing && stream.status === kWritable) {
        updateBackpressure(stream, this.desiredSize <= 0);
      }
      this.advance();
    }

    // https://streams.spec.whatwg.org/#writable-stream-default-controller-advance-queue-if-needed
    advance() {
      const {stream, queue} = this;
      if (!this.started || stream.writeInFlight !== undefined) return;
      if (stream.status === kErroring) {
        finishErroring(stream);
        return;
      }
      if (queue.length === 0) return;
      const chunk = queue.first();
      if (chunk === kCloseMark) this.processClose();
      else this.processWrite(chunk);
    }

    // https://streams.spec.whatwg.org/#writable-stream-default-controller-process-close
    processClose() {
      const {queue, sink, stream} = this;
      stream.closeInFlight = stream.closeRequest;
      stream.closeRequest = undefined;
      queue.take();
      let result;
      try {
        result = sink.close(this);
      } catch (error) {
        result = rejectedWith(error);
      }
      this.clear();
      then(result ?? kDone, () => finishClose(stream),
          (/** @type {any} */ reason) => failClose(stream, reason));
    }

    // https://streams.spec.whatwg.org/#writable-stream-default-controller-process-write
    /** @param {any} chunk */
    processWrite(chunk) {
      const {stream} = this;
      stream.writeInFlight = stream.writeRequests.shift();
      let result;
      try {
        result = this.sink.write(chunk, this);
      } catch (error) {
        result = rejectedWith(error);
      }
      if (result === kLater) return;
      this.onWritten ??= () => this.finishWrite();
      this.onWriteFailed ??= (/** @type {any} */ reason) => this.failWrite(reason);
      then(result ?? kDone, this.onWritten, this.onWriteFailed);
    }
    finishWrite() {
      const {stream} = this;
      const request = stream.writeInFlight;
      stream.writeInFlight = undefined;
      request.resolve();
      this.queue.take();
      if (!stream.isClosing && stream.status === kWritable) {
        updateBackpressure(stream, this.desiredSize <= 0);
      }
      this.advance();
    }
    /** @param {any} reason */
    failWrite(reason) {
      const {stream} = this;
      if (stream.status === kWritable) this.clear();
      const request = stream.writeInFlight;
      stream.writeInFlight = undefined;
      request.reject(reason);
      dealWithRejection(stream, reason);
    }

    // https://streams.spec.whatwg.org/#writable-stream-default-controller-error
    /** @param {any} reason */
    failIfWritable(reason) {
      if (this.stream.status !== kWritable) return;
      this.clear();
      startErroring(this.stream, reason);
    }

    /** @param {any} reason */
    abortSteps(reason) {
      let result;
      try {
        result = this.sink?.abort(reason);
      } catch (error) {
        result = rejectedWith(error);
      }
      this.clear();
      return result ?? kDone;
    }

    clear() {
      this.sink = kDeadSink;
      this.size = undefined;
    }
  }

  // After its algorithms are cleared nothing calls a sink but an abort that came with the error.
  const kDeadSink = {__proto__: null, abort: () => undefined};

  // https://streams.spec.whatwg.org/#underlying-sink-api
  class ScriptSink {
    object;
    given;
    /** @type {any} */ face;

    /** @param {any} object @param {any} given @param {any} face */
    constructor(object, given, face) {
      this.object = object;
      this.given = given;
      this.face = face;
    }
    start() {
      const {start} = this.given;
      return start === undefined ? undefined : apply(start, this.object, [this.face]);
    }
    /** @param {any} chunk */
    write(chunk) {
      const {write} = this.given;
      if (write === undefined) return undefined;
      const result = apply(write, this.object, [chunk, this.face]);
      return result === undefined ? undefined : resolvedWith(result);
    }
    close() {
      const {close} = this.given;
      if (close === undefined) return undefined;
      const result = apply(close, this.object, []);
      return result === undefined ? undefined : resolvedWith(result);
    }
    /** @param {any} reason */
    abort(reason) {
      const {abort} = this.given;
      if (abort === undefined) return undefined;
      const result = apply(abort, this.object, [reason]);
      return result === undefined ? undefined : resolvedWith(result);
    }
  }

  class WritableStreamDefaultController {
    /** @type {WritableController} */ #inner;

    constructor() {
      if (arguments[0] !== kInternal) throw new TypeError('Illegal constructor');
      this.#inner = arguments[1];
    }

    /** @param {any} value @returns {WritableController} */
    static #of(value) {
      if (!isObject(value) || !(#inner in value)) throw newIllegalInvocation();
      return value.#inner;
    }

    get signal() {
      return WritableStreamDefaultController.#of(this).getSignal();
    }
    error(reason = undefined) {
      WritableStreamDefaultController.#of(this).failIfWritable(reason);
    }
  }
  expose('WritableStreamDefaultController', WritableStreamDefaultController);
