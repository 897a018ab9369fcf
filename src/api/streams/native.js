// Streams whose bytes come from C++ or go there, and what C++ asks of any stream. The names of the
// object at the end are those that the .cc files of this room call.

  // ---- from C++ ----

  /** The algorithms of a stream over a native source. */
  class NativeSourceBridge {
    source;
    pulls = true;

    /** @param {any} source */
    constructor(source) {
      this.source = source;
    }
    /** @param {ByteController} controller */
    pull(controller) {
      if (controller.pending.length === 0) {
        native.read(this.source);
      } else {
        const {buffer, offset, bytes, filled, minimum} = controller.pending.first();
        native.readInto(this.source, buffer, offset + filled, bytes - filled,
            minimum > filled ? minimum - filled : 1);
      }
      return kLater;
    }
    /** @param {any} reason */
    cancel(reason) {
      native.cancel(this.source, reason);
    }
  }

  /** Somebody is going to read a native stream in JavaScript. @param {ReadableState} stream */
  function connectSource(stream) {
    const source = stream.untouched;
    stream.untouched = undefined;
    const controller = new ByteController(stream, new NativeSourceBridge(source), 0);
    controller.started = true;
    native.attach(source, controller);
  }

  /** Bytes have come. @param {ByteController} controller @param {ArrayBuffer} buffer @param {number} bytes @param {boolean} isLast */
  function delivered(controller, buffer, bytes, isLast) {
    if (!controller.canCloseOrEnqueue) return;
    controller.enqueueOwned(buffer, 0, bytes);
    if (isLast) closeFromSource(controller);
    finishPull(controller);
  }
  /** The view that waits first has got bytes. @param {ByteController} controller @param {number} bytes @param {boolean} isLast */
  function filled(controller, bytes, isLast) {
    if (!controller.canCloseOrEnqueue) return;
    if (bytes > 0) {
      const first = controller.pending.first();
      // As the reference has it: what came before the end is a chunk, also when it is too little.
      if (isLast) first.minimum = 1;
      controller.respond(bytes);
      const {reader} = controller.stream;
      while (reader !== undefined && !reader.isByob && reader.requests.length > 0 &&
          controller.queuedBytes > 0) {
        controller.fillReadRequest(reader.requests.shift());
      }
    }
    if (isLast) closeFromSource(controller);
    finishPull(controller);
  }
  /** @param {ByteController} controller */
  function closeFromSource(controller) {
    try {
      controller.close();
      if (controller.pending.length > 0) controller.respond(0);
    } catch {
      // It ended within an element: the stream has failed with that.
    }
  }
  /** @param {ByteController} controller @param {any} reason */
  function sourceFailed(controller, reason) {
    controller.fail(reason);
  }

  /** @param {any} source @param {number} [length] */
  function createReadable(source, length) {
    const stream = new ReadableState();
    stream.untouched = source;
    stream.length = length;
    return new ReadableStream(kInternal, stream);
  }

  /** Nobody else can read it from here on. @param {ReadableState} stream */
  function lockForGood(stream) {
    stream.untouched = undefined;
    stream.disturbed = true;
    new ByteController(stream, undefined, 0);
    new ReaderState(stream, false);
  }

  /** @param {ReadableState} stream @returns {[ReadableState, ReadableState]} */
  function teeSource(stream) {
    const {length} = stream;
    const [source1, source2] = native.tee(stream.untouched);
    lockForGood(stream);
    const branch1 = new ReadableState();
    const branch2 = new ReadableState();
    branch1.untouched = source1;
    branch1.length = length;
    branch2.untouched = source2;
    branch2.length = length;
    return [branch1, branch2];
  }

  // ---- native bytes to a native sink, without JavaScript ----

  /** @param {ReadableState} source @param {WritableState} destination @param {any} options */
  function canPump(source, destination, {preventAbort, preventCancel}) {
    const {controller, status} = destination;
    return source.untouched !== undefined && controller.sink instanceof NativeSinkBridge &&
        status === kWritable && controller.isIdle && !preventAbort && !preventCancel;
  }

  /** @param {ReadableState} stream @param {WritableState} destination @param {any} options */
  function pump(stream, destination, {preventClose, signal}) {
    const source = stream.untouched;
    const writer = new WriterState(destination);
    lockForGood(stream);
    const finish = () => {
      writer.release();
      releaseReader(stream.reader);
      if (signal !== undefined) removeAbort(signal, stop);
    };
    /** @type {{value: any} | undefined} */
    let aborted = signal === undefined ? undefined : abortReason(signal);
    const stop = (/** @type {any} */ reason) => {
      aborted ??= {value: reason};
      native.cancel(source);
    };
    if (aborted !== undefined) stop(aborted.value);
    else if (signal !== undefined) onAbort(signal, stop);
    return then(
        native.pump(source, destination.controller.sink.sink),
        () => {
          closeReadable(stream);
          return then(preventClose ? kDone : writer.closeOrFail(), finish);
        },
        (/** @type {any} */ error) => {
          const reason = aborted === undefined ? error : aborted.value;
          errorReadable(stream, reason);
          const failed = () => {
            finish();
            throw reason;
          };
          return then(abortWritable(destination, reason), failed, failed);
        });
  }

  // ---- to C++ ----

  /**
   * Reads into `sink`, a native object, for as long as that takes more. Stops when it does not, or
   * with the stream's end.
   */
  class SinkReader {
    reader;
    sink;
    waiting = false;
    looping = false;

    /** @param {ReaderState} reader @param {any} sink */
    constructor(reader, sink) {
      this.reader = reader;
      this.sink = sink;
    }
    run() {
      this.looping = true;
      do {
        this.waiting = true;
        readWith(this.reader, this);
      } while (!this.waiting);
      this.looping = false;
    }
    /** @param {any} value */
    chunk(value) {
      if (!native.gotChunk(this.sink, value)) return;
      this.waiting = false;
      if (!this.looping) this.run();
    }
    close() {
      native.gotEnd(this.sink);
    }
    /** @param {any} reason */
    fail(reason) {
      native.gotFailure(this.sink, reason);
    }
  }

  /** A lock for a native reader. @param {ReadableStream} face */
  const acquireReader = (face) => new ReaderState(readableOf(face), false);

  /** @param {ReaderState} reader @param {any} sink */
  const readSome = (reader, sink) => new SinkReader(reader, sink).run();

  /** @param {ReaderState} reader @param {any} reason */
  const cancelReader = (reader, reason) => markHandled(cancelReadable(reader.stream, reason));

  /** Hands a stream's chunks on: https://streams.spec.whatwg.org/#readablestream-create-a-proxy */
  class ProxySource {
    reader;
    pulls = true;

    /** @param {ReaderState} reader */
    constructor(reader) {
      this.reader = reader;
    }
    start() {}
    /** @param {DefaultController} controller */
    pull(controller) {
      const request = new Deferred();
      readWith(this.reader, {
        __proto__: null,
        chunk(/** @type {any} */ value) {
          controller.enqueue(value);
          request.resolve();
        },
        close() {
          controller.close();
          request.resolve();
        },
        fail: request.reject,
      });
      return request.promise;
    }
    /** @param {any} reason */
    cancel(reason) {
      return cancelReadable(this.reader.stream, reason);
    }
  }

  /** A stream of the same chunks; the given one is locked for good. @param {ReadableStream} face */
  function proxy(face) {
    const stream = new ReadableState();
    stream.length = readableOf(face).length;
    const source = new ProxySource(acquireReader(face));
    readableOf(face).disturbed = true;
    new DefaultController(stream, source, 0, undefined).start();
    return faceOf(stream);
  }

  /** The source of an untouched native stream, which is then locked for good. @param {ReadableStream} face */
  function takeSource(face) {
    const stream = readableOf(face);
    const source = stream.untouched;
    if (source === undefined || stream.reader !== undefined) return undefined;
    lockForGood(stream);
    return source;
  }

  const kLockedBit = 1;
  const kDisturbedBit = 2;
  /** Bits, or -1 for what is no ReadableStream. @param {any} value */
  function describeReadable(value) {
    if (!isReadableStream(value)) return -1;
    const {disturbed, reader} = readableOf(value);
    return (reader !== undefined ? kLockedBit : 0) | (disturbed ? kDisturbedBit : 0);
  }

  // ---- sinks ----

  // https://developers.cloudflare.com/workers/runtime-apis/streams/writablestream/
  class NativeSinkBridge {
    sink;

    /** @param {any} sink */
    constructor(sink) {
      this.sink = sink;
    }
    start() {}
    /** @param {any} chunk @param {WritableController} controller */
    write(chunk, controller) {
      const bytes = toBytes(chunk);
      if (bytes === undefined) {
        throw new TypeError('This WritableStream only supports writing byte types.');
      }
      if (bufferByteLength(bytes) === 0) return undefined;
      native.write(this.sink, bytes, controller);
      return kLater;
    }
    close() {
      return native.end(this.sink);
    }
    /** @param {any} reason */
    abort(reason) {
      native.abort(this.sink, reason);
    }
  }

  /** @param {any} sink */
  function createWritable(sink) {
    const stream = new WritableState();
    const bridge = new NativeSinkBridge(sink);
    new WritableController(stream, bridge, 1, undefined).started = true;
    return writableFaceOf(stream);
  }
  /** @param {WritableController} controller */
  const written = (controller) => controller.finishWrite();
  /** @param {WritableController} controller @param {any} reason */
  const writeFailed = (controller, reason) => controller.failWrite(reason);

  // The latter part is for other built-in scripts.
  return {
    acquireReader,
    cancelReader,
    createReadable,
    createWritable,
    delivered,
    describeReadable,
    filled,
    isWritableStream: (/** @type {unknown} */ value) => isWritableStream(value),
    lengthOf: (/** @type {ReadableStream} */ face) => readableOf(face).length,
    proxy,
    readSome,
    sourceFailed,
    takeSource,
    tee: (/** @type {ReadableStream} */ face) => {
      const [left, right] = tee(readableOf(face));
      return [faceOf(left), faceOf(right)];
    },
    writeFailed,
    written,

    CodecPair,
    TransformStream,
    kInternal,
  };
