// From a readable stream to a writable one.
// https://streams.spec.whatwg.org/#readable-stream-pipe-to

  /** The pipe is the read request and the write request of each of its chunks. */
  class Pipe {
    source;
    destination;
    reader;
    writer;
    options;
    finished = new Deferred();
    shuttingDown = false;
    reading = false;
    pumping = false;
    writesLeft = 0;
    /** Called once all writes are done. @type {(() => void) | undefined} */ onIdle = undefined;
    /** @type {((reason: any) => void) | undefined} */ onAbort = undefined;

    /** @param {ReadableState} source @param {WritableState} destination @param {any} options */
    constructor(source, destination, options) {
      this.source = source;
      this.destination = destination;
      this.options = options;
      this.reader = new ReaderState(source, false);
      this.writer = new WriterState(destination);
      source.disturbed = true;
    }

    start() {
      const {destination, options: {signal}, reader, writer} = this;
      if (signal !== undefined) {
        const reason = abortReason(signal);
        if (reason !== undefined) {
          this.abort(reason.value);
          return;
        }
        this.onAbort = (value) => this.abort(value);
        onAbort(signal, this.onAbort);
      }
      // Errors forward, errors backward, closing forward, closing backward.
      if (this.source.status === kErrored) this.sourceErrored(this.source.error);
      if (destination.status === kWritableErrored) this.destinationErrored(destination.error);
      if (this.source.status === kClosed) this.sourceClosed();
      if (destination.isClosing || destination.status === kWritableClosed) {
        this.destinationClosed();
      }
      if (this.shuttingDown) return;
      then(reader.closed.promise, () => this.sourceClosed(),
          (/** @type {any} */ reason) => this.sourceErrored(reason));
      then(writer.closed.promise, undefined,
          (/** @type {any} */ reason) => this.destinationErrored(reason));
      const pump = () => this.pump();
      writer.onReady = pump;
      then(kDone, pump);
    }

    pump() {
      const {destination} = this;
      while (!this.shuttingDown && !this.reading && destination.status === kWritable &&
          !destination.backpressure && !destination.isClosing) {
        this.reading = true;
        this.pumping = true;
        readWith(this.reader, this);
        this.pumping = false;
      }
    }

    // ---- as read request ----

    /** @param {any} value */
    chunk(value) {
      ++this.writesLeft;
      this.reading = false;
      if (this.pumping) {
        this.write(value);
        return;
      }
      // enqueue() must not call the sink within.
      then(kDone, () => {
        this.write(value);
        this.pump();
      });
    }
    close() {}
    fail() {}

    // ---- as write request ----

    /** @param {any} value */
    write(value) {
      if (this.writer.stream === undefined) this.settled();
      else this.writer.write(value, this);
    }
    resolve() {
      this.settled();
    }
    reject() {
      this.settled();
    }
    settled() {
      --this.writesLeft;
      if (this.writesLeft > 0 || this.onIdle === undefined) return;
      then(kDone, this.onIdle);
      this.onIdle = undefined;
    }

    // ---- ends ----

    /** @param {any} reason */
    sourceErrored(reason) {
      const {destination, options} = this;
      this.shutDown(
          options.preventAbort ? undefined : () => abortWritable(destination, reason),
          {value: reason});
    }
    /** @param {any} reason */
    destinationErrored(reason) {
      const {options, source} = this;
      this.shutDown(
          options.preventCancel ? undefined : () => cancelReadable(source, reason),
          {value: reason});
    }
    sourceClosed() {
      const {options, writer} = this;
      this.shutDown(options.preventClose ? undefined : () => writer.closeOrFail(), undefined);
    }
    destinationClosed() {
      const reason = new TypeError('This destination writable stream is closed.');
      this.destinationErrored(reason);
    }
    /** @param {any} reason */
    abort(reason) {
      const {destination, options, source} = this;
      this.shutDown(() => {
        const aborted = !options.preventAbort && destination.status === kWritable
            ? abortWritable(destination, reason) : kDone;
        const cancelled = !options.preventCancel && source.status === kReadable
            ? cancelReadable(source, reason) : kDone;
        return bothDone(aborted, cancelled);
      }, {value: reason});
    }

    // https://streams.spec.whatwg.org/#rs-pipeTo-shutdown-with-action
    /** @param {(() => Promise<any>) | undefined} action @param {{value: any} | undefined} error */
    shutDown(action, error) {
      if (this.shuttingDown) return;
      this.shuttingDown = true;
      const act = () => {
        if (action === undefined) {
          this.finalize(error);
          return;
        }
        then(action(), () => this.finalize(error),
            (/** @type {any} */ value) => this.finalize({value}));
      };
      const {destination} = this;
      if (destination.status !== kWritable || destination.isClosing) act();
      else if (this.writesLeft > 0) this.onIdle = act;
      else then(kDone, act);
    }

    // https://streams.spec.whatwg.org/#rs-pipeTo-finalize
    /** @param {{value: any} | undefined} error */
    finalize(error) {
      this.writer.release();
      releaseReader(this.reader);
      if (this.onAbort !== undefined) removeAbort(this.options.signal, this.onAbort);
      if (error === undefined) this.finished.resolve();
      else this.finished.reject(error.value);
    }
  }

  /** @param {Promise<any>} first @param {Promise<any>} second */
  function bothDone(first, second) {
    const result = new Deferred();
    let left = 2;
    const done = () => {
      if (--left === 0) result.resolve();
    };
    then(first, done, result.reject);
    then(second, done, result.reject);
    return result.promise;
  }

  /** @param {ReadableState} source @param {WritableState} destination @param {any} options */
  function pipe(source, destination, options) {
    if (canPump(source, destination, options)) return pump(source, destination, options);
    const made = new Pipe(source, destination, options);
    made.start();
    return made.finished.promise;
  }
