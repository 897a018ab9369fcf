// Pairs of a writable and a readable stream of bytes that are no TransformStream of the standard's
// kind: Cloudflare's IdentityTransformStream and FixedLengthStream, and what codecs are made of.
// https://developers.cloudflare.com/workers/runtime-apis/streams/transformstream/

  // A codec may have made so much that nobody has read yet; then writes wait.
  const kCodecQueueBytes = 64 * 1024;

  /** A copy, or undefined for what is no bytes. Text is taken as UTF-8. @param {any} chunk @returns {ArrayBuffer | undefined} */
  function toBytes(chunk) {
    if (typeof chunk === 'string') return typedArrayBuffer(encodeUtf8(chunk));
    if (isView(chunk)) {
      const offset = viewByteOffset(chunk);
      const bytes = viewByteLength(chunk);
      const buffer = viewBuffer(chunk);
      return isShared(buffer) ? undefined : bufferSlice(buffer, offset, offset + bytes);
    }
    return isArrayBuffer(chunk) ? bufferSlice(chunk, 0) : undefined;
  }

  const newNotBytesError = () => new TypeError(
      'This TransformStream is being used as a byte stream, but received an object of ' +
      'non-ArrayBuffer/ArrayBufferView type on its writable side.');

  /** Sink of its writable end and source of its readable one. */
  class BytePair {
    readable = new ReadableState();
    writable = new WritableState();
    pulls = true;

    /** @param {number} writableMark @param {number} readableMark @param {any} writableSize */
    constructor(writableMark, readableMark, writableSize) {
      new WritableController(this.writable, this, writableMark, writableSize).start();
      new ByteController(this.readable, this, readableMark).start();
    }
    start() {
      return undefined;
    }
    /** @param {any} reason */
    abort(reason) {
      this.readable.controller.fail(reason);
      return undefined;
    }
    /** @param {any} reason */
    cancel(reason) {
      const {controller} = this.writable;
      controller.failIfWritable(reason);
      this.drop(reason);
      return undefined;
    }
    /** The end, also for views that wait to be filled. */
    closeReadable() {
      const {controller} = this.readable;
      controller.close();
      if (controller.pending.length > 0) controller.respond(0);
    }
  }

  // ---- writes resolve when they are read ----

  class IdentityPair extends BytePair {
    /** The rest of the chunk that is being written. @type {ArrayBuffer | undefined} */
    chunk = undefined;
    offset = 0;
    pullWaits = false;
    /** Bytes that are still to come, if that is known. @type {number | undefined} */ left;

    /** @param {number | undefined} length @param {number} mark @param {any} size */
    constructor(length, mark, size) {
      super(mark, 0, size);
      this.left = length;
      this.readable.length = length;
    }

    /** @param {any} chunk */
    write(chunk) {
      const bytes = toBytes(chunk);
      if (bytes === undefined) throw this.fail(newNotBytesError());
      const count = bufferByteLength(bytes);
      if (this.left !== undefined) {
        if (count > this.left) {
          throw this.fail(new TypeError(
              'Attempt to write too many bytes through a FixedLengthStream.'));
        }
        this.left -= count;
      }
      if (count === 0) return undefined;
      this.chunk = bytes;
      this.offset = 0;
      if (!this.pullWaits) return kLater;
      this.pullWaits = false;
      this.deliver();
      const isRead = this.chunk === undefined;
      // May pull, and so finish the write, before it returns.
      finishPull(this.readable.controller);
      return isRead ? undefined : kLater;
    }
    close() {
      if (this.left !== undefined && this.left > 0) {
        // As the reference has it, the error is the reader's.
        this.readable.controller.fail(new TypeError(
            'FixedLengthStream did not see all expected bytes before close().'));
        return undefined;
      }
      this.closeReadable();
      return undefined;
    }
    pull() {
      if (this.chunk === undefined) {
        this.pullWaits = true;
        return kLater;
      }
      this.deliver();
      if (this.chunk === undefined) this.writable.controller.finishWrite();
      return undefined;
    }

    /** To the reader that waits: what fits its view, or all. */
    deliver() {
      const {controller} = this.readable;
      const rest = bufferByteLength(this.chunk) - this.offset;
      if (controller.pending.length === 0) {
        const {chunk, offset} = this;
        this.chunk = undefined;
        controller.enqueueOwned(chunk, offset, rest);
        return;
      }
      const first = controller.pending.first();
      const count = mathMin(rest, first.bytes - first.filled);
      typedArraySet(new NativeUint8Array(first.buffer, first.offset + first.filled, count),
          new NativeUint8Array(this.chunk, this.offset, count));
      this.offset += count;
      if (count === rest) this.chunk = undefined;
      controller.respond(count);
    }

    /** @param {any} reason */
    fail(reason) {
      this.readable.controller.fail(reason);
      return reason;
    }
    /** @param {any} reason */
    drop(reason) {
      if (this.chunk === undefined) return;
      this.chunk = undefined;
      this.writable.controller.failWrite(reason);
    }
  }

  class IdentityTransformStream extends TransformStream {
    /** @param {{highWaterMark?: number}} [strategy] */
    constructor(strategy = undefined) {
      super(kInternal, strategy instanceof IdentityPair ? strategy
          : newIdentityPair(undefined, strategy));
    }
  }
  expose('IdentityTransformStream', IdentityTransformStream);

  class FixedLengthStream extends IdentityTransformStream {
    /** @param {number | bigint} expectedLength @param {{highWaterMark?: number}} [strategy] */
    constructor(expectedLength, strategy = undefined) {
      if (arguments.length < 1) {
        throw new TypeError("Failed to construct 'FixedLengthStream': constructor parameter 1 is " +
            "not of type 'bigint'.");
      }
      super(/** @type {any} */ (newIdentityPair(toLength(expectedLength), strategy)));
    }
  }
  expose('FixedLengthStream', FixedLengthStream);

  /** @param {number | undefined} length @param {any} strategy */
  function newIdentityPair(length, strategy) {
    const given = toStrategy(strategy);
    if (given.highWaterMark === undefined) return new IdentityPair(length, 1, undefined);
    // A mark of one's own counts bytes.
    return new IdentityPair(length, highWaterMarkOf(given, 1), bytesOf);
  }

  /** @param {any} chunk */
  const bytesOf = (chunk) => isView(chunk) ? viewByteLength(chunk)
      : isArrayBuffer(chunk) ? bufferByteLength(chunk)
      : typeof chunk === 'string' ? chunk.length : 0;

  /** @param {any} value */
  function toLength(value) {
    const number = typeof value === 'bigint' ? NativeNumber(value) : +value;
    if (!isInteger(number)) {
      throw new TypeError('The value cannot be converted because it is not an integer.');
    }
    if (number < 0) {
      throw new TypeError('The value cannot be converted because it is negative and this API ' +
          'expects a positive bigint.');
    }
    if (number > 2 ** 53 - 1) {
      throw new TypeError('FixedLengthStream requires an integer expected length less than 2^53.');
    }
    return number;
  }

  // ---- codecs ----

  /**
   * Bytes through a codec, an object with
   *   push(chunk)   takes input; called again only when produce() has given all of it
   *   finish()      no more input comes
   *   produce()     the next ArrayBuffer of output; undefined: all for the input so far has been given
   * Each may throw. Output that nobody reads is bounded: the codec is asked while there is room.
   */
  class CodecPair extends BytePair {
    codec;
    /** What waits until there is room for its output: a write, or the end. */
    stalled = false;
    /** @type {Deferred | undefined} */ closing = undefined;

    /** @param {any} codec */
    constructor(codec) {
      super(1, kCodecQueueBytes, undefined);
      this.codec = codec;
    }

    /** @param {any} chunk */
    write(chunk) {
      const bytes = toBytes(chunk);
      try {
        if (bytes === undefined) throw newNotBytesError();
        this.codec.push(bytes);
        this.stalled = !this.produce();
      } catch (error) {
        this.readable.controller.fail(error);
        throw error;
      }
      return this.stalled ? kLater : undefined;
    }
    close() {
      try {
        this.codec.finish();
        this.stalled = !this.produce();
        if (!this.stalled) {
          this.closeReadable();
          return undefined;
        }
      } catch (error) {
        this.readable.controller.fail(error);
        throw error;
      }
      this.closing = new Deferred();
      return this.closing.promise;
    }
    pull() {
      if (!this.stalled) return undefined;
      const {closing} = this;
      const {controller} = this.writable;
      try {
        if (!this.produce()) return undefined;
        this.stalled = false;
        if (closing !== undefined) this.closeReadable();
      } catch (error) {
        this.stalled = false;
        if (closing === undefined) controller.failWrite(error);
        else closing.reject(error);
        throw error;
      }
      if (closing === undefined) controller.finishWrite();
      else closing.resolve();
      return undefined;
    }

    /** False when there was no room for all. */
    produce() {
      const {controller} = this.readable;
      while (controller.canCloseOrEnqueue) {
        const {reader} = this.readable;
        const isWanted = reader !== undefined && reader.requests.length > 0;
        if (!isWanted && controller.desiredSize <= 0) return false;
        const output = this.codec.produce();
        if (output === undefined) return true;
        controller.enqueueOwned(output, 0, bufferByteLength(output));
      }
      return true;
    }

    /** @param {any} reason */
    drop(reason) {
      if (!this.stalled) return;
      this.stalled = false;
      if (this.closing === undefined) this.writable.controller.failWrite(reason);
      else this.closing.resolve();
    }
  }
