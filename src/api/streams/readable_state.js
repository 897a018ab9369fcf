// What a readable stream is inside, and what may be done to it. ReadableStream objects are faces of
// these; readers inside of the script have none.
// https://streams.spec.whatwg.org/#rs-all-abstract-ops

  const kReadable = 0;
  const kClosed = 1;
  const kErrored = 2;

  // What an algorithm returns whose end is told later: see finishPull() and finishWrite().
  const kLater = {__proto__: null};

  class ReadableState {
    status = kReadable;
    disturbed = false;
    /** @type {ReaderState | undefined} */ reader = undefined;
    /** Made late for streams of native bytes. @type {any} */ controller = undefined;
    /** @type {any} */ error = undefined;
    /** @type {ReadableStream | undefined} */ face = undefined;
    /** The native source, until something reads. @type {any} */ untouched = undefined;
    /** How many bytes will come, if that is known. @type {number | undefined} */ length = undefined;
  }

  class ReaderState {
    /** @type {ReadableState | undefined} */ stream;
    /** Read requests, or read-into requests. */
    requests = new Queue();
    isByob;
    closed;

    // https://streams.spec.whatwg.org/#readable-stream-reader-generic-initialize
    /** @param {ReadableState} stream @param {boolean} isByob */
    constructor(stream, isByob) {
      if (stream.reader !== undefined) throw newLockedError();
      touch(stream);
      if (isByob && !stream.controller.isBytes) {
        throw new TypeError('This ReadableStream does not support BYOB reads.');
      }
      this.stream = stream;
      this.isByob = isByob;
      stream.reader = this;
      this.closed = stream.status === kReadable ? new LazyPromise()
          : stream.status === kClosed ? lazyFulfilled() : lazyRejected(stream.error);
    }
  }

  const newLockedError = () =>
      new TypeError('This ReadableStream is currently locked to a reader.');
  const newReleasedError = () => new TypeError('This ReadableStream reader has been released.');

  // ---- requests ----

  class ReadRequest extends Deferred {
    /** @param {any} value */
    chunk(value) {
      this.resolve({value, done: false});
    }
    close() {
      this.resolve({value: undefined, done: true});
    }
    /** @param {any} reason */
    fail(reason) {
      this.reject(reason);
    }
  }

  class ReadIntoRequest extends Deferred {
    /** @param {any} value */
    chunk(value) {
      this.resolve({value, done: false});
    }
    /** @param {any} value */
    close(value) {
      this.resolve({value, done: true});
    }
    /** @param {any} reason */
    fail(reason) {
      this.reject(reason);
    }
  }

  /** The chunk goes to whoever waits longest. @param {ReadableState} stream @param {any} chunk */
  const fulfillReadRequest = (stream, chunk) => stream.reader.requests.shift().chunk(chunk);

  /** @param {ReadableState} stream */
  const hasReadRequests = ({reader}) =>
      reader !== undefined && !reader.isByob && reader.requests.length > 0;

  // https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaultreadererrorreadrequests
  /** @param {ReaderState} reader @param {any} reason */
  function failRequests(reader, reason) {
    const {requests} = reader;
    reader.requests = new Queue();
    while (requests.length > 0) requests.shift().fail(reason);
  }

  // ---- the stream ----

  // https://streams.spec.whatwg.org/#readable-stream-close
  /** @param {ReadableState} stream */
  function closeReadable(stream) {
    stream.status = kClosed;
    const {reader} = stream;
    if (reader === undefined) return;
    reader.closed.resolve();
    if (reader.isByob) return;
    const {requests} = reader;
    reader.requests = new Queue();
    while (requests.length > 0) requests.shift().close();
  }

  // https://streams.spec.whatwg.org/#readable-stream-error
  /** @param {ReadableState} stream @param {any} reason */
  function errorReadable(stream, reason) {
    stream.status = kErrored;
    stream.error = reason;
    const {reader} = stream;
    if (reader === undefined) return;
    reader.closed.reject(reason);
    failRequests(reader, reason);
  }

  // https://streams.spec.whatwg.org/#readable-stream-cancel
  /** @param {ReadableState} stream @param {any} reason @returns {Promise<undefined>} */
  function cancelReadable(stream, reason) {
    touch(stream);
    stream.disturbed = true;
    if (stream.status === kClosed) return resolvedWith(undefined);
    if (stream.status === kErrored) return rejectedWith(stream.error);
    closeReadable(stream);
    const {reader} = stream;
    if (reader !== undefined && reader.isByob) {
      const {requests} = reader;
      reader.requests = new Queue();
      while (requests.length > 0) requests.shift().close(undefined);
    }
    return then(stream.controller.cancelSteps(reason), doNothing);
  }

  // ---- readers ----

  // https://streams.spec.whatwg.org/#readable-stream-default-reader-read
  /** @param {ReaderState} reader @param {any} request */
  function readWith(reader, request) {
    const {stream} = reader;
    stream.disturbed = true;
    if (stream.status === kReadable) stream.controller.pullSteps(request);
    else if (stream.status === kClosed) request.close();
    else request.fail(stream.error);
  }

  // https://streams.spec.whatwg.org/#readable-stream-byob-reader-read
  /** @param {ReaderState} reader @param {any} view @param {number} min @param {any} request */
  function readIntoWith(reader, view, min, request) {
    const {stream} = reader;
    stream.disturbed = true;
    if (stream.status === kErrored) request.fail(stream.error);
    else stream.controller.pullInto(view, min, request);
  }

  // https://streams.spec.whatwg.org/#readable-stream-reader-generic-release
  /** @param {ReaderState} reader */
  function releaseReader(reader) {
    const {stream} = reader;
    if (stream === undefined) return;
    const reason = newReleasedError();
    if (stream.status === kReadable) reader.closed.reject(reason);
    else reader.closed = lazyRejected(reason);
    stream.controller.releaseSteps();
    stream.reader = undefined;
    reader.stream = undefined;
    failRequests(reader, reason);
  }

  /**
   * Somebody is about to read: a stream of native bytes gets its controller.
   * @param {ReadableState} stream
   */
  function touch(stream) {
    if (stream.untouched !== undefined) connectSource(stream);
  }

  // ---- what controllers share ----

  /** The algorithms a script gave: https://streams.spec.whatwg.org/#underlying-source-api */
  class ScriptSource {
    object;
    startCallback;
    pullCallback;
    cancelCallback;
    face;

    /** @param {any} object @param {any} given @param {any} face */
    constructor(object, given, face) {
      this.object = object;
      this.startCallback = given.start;
      this.pullCallback = given.pull;
      this.cancelCallback = given.cancel;
      this.face = face;
    }
    start() {
      if (this.startCallback === undefined) return undefined;
      return apply(this.startCallback, this.object, [this.face]);
    }
    get pulls() {
      return this.pullCallback !== undefined;
    }
    pull() {
      const result = apply(this.pullCallback, this.object, [this.face]);
      return result === undefined ? undefined : resolvedWith(result);
    }
    /** @param {any} reason */
    cancel(reason) {
      if (this.cancelCallback === undefined) return undefined;
      const result = apply(this.cancelCallback, this.object, [reason]);
      return result === undefined ? undefined : resolvedWith(result);
    }
    /** Nothing of it is needed any more. */
    clear() {
      this.object = undefined;
      this.pullCallback = undefined;
      this.cancelCallback = undefined;
      this.face = undefined;
    }
  }

  /** Runs an algorithm that may throw. @param {any} source @param {any} reason */
  function cancelSource(source, reason) {
    try {
      return source.cancel(reason) ?? kDone;
    } catch (error) {
      return rejectedWith(error);
    }
  }

  /** The end of a controller's start. @param {any} controller @param {any} result */
  function whenStarted(controller, result) {
    then(
        result === undefined ? kDone : resolvedWith(result),
        () => {
          controller.started = true;
          controller.pullIfNeeded();
        },
        (/** @type {any} */ reason) => controller.fail(reason));
  }

  /** Calls the source's pull; its end comes as finishPull(). @param {any} controller */
  function startPull(controller) {
    controller.pulling = true;
    let result;
    try {
      result = controller.source.pull(controller);
    } catch (error) {
      result = rejectedWith(error);
    }
    if (result === kLater) return;
    controller.onPulled ??= () => finishPull(controller);
    controller.onPullFailed ??= (/** @type {any} */ reason) => controller.fail(reason);
    then(result ?? kDone, controller.onPulled, controller.onPullFailed);
  }

  /** @param {any} controller */
  function finishPull(controller) {
    controller.pulling = false;
    if (!controller.pullAgain) return;
    controller.pullAgain = false;
    controller.pullIfNeeded();
  }
