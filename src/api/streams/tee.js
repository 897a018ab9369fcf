// One stream to two. https://streams.spec.whatwg.org/#readable-stream-tee

  /** @param {ReadableState} stream @returns {[ReadableState, ReadableState]} */
  function tee(stream) {
    if (stream.reader !== undefined) throw newLockedError();
    if (stream.untouched !== undefined && stream.status === kReadable) return teeSource(stream);
    return stream.controller.isBytes ? teeBytes(stream) : teeChunks(stream);
  }

  /** What the two branches of a tee share. */
  class Tee {
    stream;
    /** @type {ReaderState} */ reader;
    reading = false;
    readAgainFor1 = false;
    readAgainFor2 = false;
    canceled1 = false;
    canceled2 = false;
    /** @type {any} */ reason1 = undefined;
    /** @type {any} */ reason2 = undefined;
    /** @type {ReadableState} */ branch1 = new ReadableState();
    /** @type {ReadableState} */ branch2 = new ReadableState();
    cancelled = new Deferred();

    /** @param {ReadableState} stream */
    constructor(stream) {
      this.stream = stream;
      this.reader = new ReaderState(stream, false);
    }

    // https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee, steps 14 and 15
    /** @param {boolean} first @param {any} reason */
    cancel(first, reason) {
      if (first) {
        this.canceled1 = true;
        this.reason1 = reason;
      } else {
        this.canceled2 = true;
        this.reason2 = reason;
      }
      if (this.canceled1 && this.canceled2) {
        this.cancelled.resolve(cancelReadable(this.stream, [this.reason1, this.reason2]));
      }
      return this.cancelled.promise;
    }

    closeBoth() {
      this.reading = false;
      if (!this.canceled1) this.branch1.controller.close();
      if (!this.canceled2) this.branch2.controller.close();
    }
    finish() {
      if (!this.canceled1 || !this.canceled2) this.cancelled.resolve(undefined);
    }

    /** An error of the stream is one of both branches. */
    forwardErrors() {
      const {reader} = this;
      then(reader.closed.promise, undefined, (/** @type {any} */ reason) => {
        if (reader !== this.reader) return;
        this.branch1.controller.fail(reason);
        this.branch2.controller.fail(reason);
        this.finish();
      });
    }
  }

  /** The source of one branch. */
  class TeeSource {
    tee;
    isFirst;

    /** @param {any} tee @param {boolean} isFirst */
    constructor(tee, isFirst) {
      this.tee = tee;
      this.isFirst = isFirst;
    }
    start() {}
    get pulls() {
      return true;
    }
    pull() {
      return this.tee.pull(this.isFirst);
    }
    /** @param {any} reason */
    cancel(reason) {
      return this.tee.cancel(this.isFirst, reason);
    }
  }

  // ---- any chunks: https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee ----

  class ChunkTee extends Tee {
    // Step 13
    pull() {
      if (this.reading) {
        this.readAgainFor1 = true;
        return;
      }
      this.reading = true;
      readWith(this.reader, this);
    }
    // Step 13.3: the tee is its own read request.
    /** @param {any} chunk */
    chunk(chunk) {
      then(kDone, () => {
        this.readAgainFor1 = false;
        if (!this.canceled1) this.branch1.controller.enqueue(chunk);
        if (!this.canceled2) this.branch2.controller.enqueue(chunk);
        this.reading = false;
        if (this.readAgainFor1) this.pull();
      });
    }
    close() {
      this.closeBoth();
      this.finish();
    }
    fail() {
      this.reading = false;
    }
  }

  /** @param {ReadableState} stream @returns {[ReadableState, ReadableState]} */
  function teeChunks(stream) {
    const shared = new ChunkTee(stream);
    const {branch1, branch2} = shared;
    new DefaultController(branch1, new TeeSource(shared, true), 1, undefined).start();
    new DefaultController(branch2, new TeeSource(shared, false), 1, undefined).start();
    shared.forwardErrors();
    return [branch1, branch2];
  }

  // ---- bytes: https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamtee ----

  class ByteTee extends Tee {
    // Steps 17 and 18
    /** @param {boolean} isFirst @returns {undefined} */
    pull(isFirst) {
      if (this.reading) {
        if (isFirst) this.readAgainFor1 = true;
        else this.readAgainFor2 = true;
        return;
      }
      this.reading = true;
      const {controller} = isFirst ? this.branch1 : this.branch2;
      if (controller.pending.length === 0) this.pullChunk();
      else this.pullInto(controller, controller.pending.first(), isFirst);
    }

    /** @param {boolean} isByob */
    changeReader(isByob) {
      if (this.reader.isByob === isByob) return;
      const {reader} = this;
      // Its release is not an error of the stream.
      this.reader = /** @type {any} */ (undefined);
      releaseReader(reader);
      this.reader = new ReaderState(this.stream, isByob);
      this.forwardErrors();
    }

    // Step 15
    pullChunk() {
      this.changeReader(false);
      readWith(this.reader, this);
    }
    /** @param {Uint8Array} chunk */
    chunk(chunk) {
      then(kDone, () => {
        this.readAgainFor1 = false;
        this.readAgainFor2 = false;
        let chunk2 = chunk;
        if (!this.canceled1 && !this.canceled2) {
          try {
            chunk2 = copyOf(chunk);
          } catch (error) {
            this.failBoth(error);
            return;
          }
        }
        if (!this.canceled1) this.branch1.controller.enqueue(chunk);
        if (!this.canceled2) this.branch2.controller.enqueue(chunk2);
        this.readOn();
      });
    }
    close() {
      this.closeBoth();
      if (this.branch1.controller.pending.length > 0) this.branch1.controller.respond(0);
      if (this.branch2.controller.pending.length > 0) this.branch2.controller.respond(0);
      this.finish();
    }
    fail() {
      this.reading = false;
    }

    // Step 16
    /** @param {ByteController} controller @param {PullInto} first @param {boolean} isFirst */
    pullInto(controller, first, isFirst) {
      this.changeReader(true);
      const view = new NativeUint8Array(
          first.buffer, first.offset + first.filled, first.bytes - first.filled);
      readIntoWith(this.reader, view, 1, new TeeIntoRequest(this, isFirst));
    }

    /** @param {any} error */
    failBoth(error) {
      this.branch1.controller.fail(error);
      this.branch2.controller.fail(error);
      this.cancelled.resolve(cancelReadable(this.stream, error));
    }
    readOn() {
      this.reading = false;
      if (this.readAgainFor1) this.pull(true);
      else if (this.readAgainFor2) this.pull(false);
    }
  }

  // Step 16.4
  class TeeIntoRequest {
    tee;
    forFirst;

    /** @param {ByteTee} tee @param {boolean} forFirst */
    constructor(tee, forFirst) {
      this.tee = tee;
      this.forFirst = forFirst;
    }
    /** @param {Uint8Array} chunk */
    chunk(chunk) {
      const {tee, forFirst} = this;
      then(kDone, () => {
        tee.readAgainFor1 = false;
        tee.readAgainFor2 = false;
        const mine = forFirst ? tee.branch1.controller : tee.branch2.controller;
        const other = forFirst ? tee.branch2.controller : tee.branch1.controller;
        const mineCanceled = forFirst ? tee.canceled1 : tee.canceled2;
        const otherCanceled = forFirst ? tee.canceled2 : tee.canceled1;
        if (!otherCanceled) {
          let copy;
          try {
            copy = copyOf(chunk);
          } catch (error) {
            tee.failBoth(error);
            return;
          }
          if (!mineCanceled) respondWithFilled(mine, chunk);
          other.enqueue(copy);
        } else if (!mineCanceled) {
          respondWithFilled(mine, chunk);
        }
        tee.readOn();
      });
    }
    /** @param {Uint8Array | undefined} chunk */
    close(chunk) {
      const {tee, forFirst} = this;
      const mine = forFirst ? tee.branch1.controller : tee.branch2.controller;
      const other = forFirst ? tee.branch2.controller : tee.branch1.controller;
      const mineCanceled = forFirst ? tee.canceled1 : tee.canceled2;
      const otherCanceled = forFirst ? tee.canceled2 : tee.canceled1;
      tee.closeBoth();
      if (chunk !== undefined) {
        if (!mineCanceled) respondWithFilled(mine, chunk);
        if (!otherCanceled && other.pending.length > 0) other.respond(0);
      }
      if (!mineCanceled || !otherCanceled) tee.cancelled.resolve(undefined);
    }
    fail() {
      this.tee.reading = false;
    }
  }

  /** The buffer of the view that was to be filled comes back. @param {ByteController} controller @param {any} view */
  function respondWithFilled(controller, view) {
    const bytes = typedArrayByteLength(view);
    controller.pending.first().buffer = transferBuffer(typedArrayBuffer(view));
    controller.respond(bytes);
  }

  // https://streams.spec.whatwg.org/#abstract-opdef-cloneasuint8array
  /** @param {any} view */
  function copyOf(view) {
    const offset = typedArrayByteOffset(view);
    return new NativeUint8Array(
        bufferSlice(typedArrayBuffer(view), offset, offset + typedArrayByteLength(view)));
  }

  /** @param {ReadableState} stream @returns {[ReadableState, ReadableState]} */
  function teeBytes(stream) {
    const shared = new ByteTee(stream);
    const {branch1, branch2} = shared;
    new ByteController(branch1, new TeeSource(shared, true), 0).start();
    new ByteController(branch2, new TeeSource(shared, false), 0).start();
    shared.forwardErrors();
    return [branch1, branch2];
  }
