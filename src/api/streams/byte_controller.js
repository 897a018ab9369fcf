// What is behind a ReadableByteStreamController: a queue of byte ranges and of views to fill.
// https://streams.spec.whatwg.org/#rbs-controller-abstract-ops

  const kForNobody = 0;
  const kForDefault = 1;
  const kForByob = 2;

  // https://streams.spec.whatwg.org/#pull-into-descriptor
  class PullInto {
    buffer;
    bufferBytes;
    offset;
    bytes;
    filled = 0;
    minimum;
    elementBytes;
    /** @type {any} */ View;
    readerType;

    /**
     * @param {ArrayBuffer} buffer @param {number} bufferBytes @param {number} offset
     * @param {number} bytes @param {number} minimum @param {number} elementBytes @param {any} View
     * @param {number} readerType
     */
    constructor(buffer, bufferBytes, offset, bytes, minimum, elementBytes, View, readerType) {
      this.buffer = buffer;
      this.bufferBytes = bufferBytes;
      this.offset = offset;
      this.bytes = bytes;
      this.minimum = minimum;
      this.elementBytes = elementBytes;
      this.View = View;
      this.readerType = readerType;
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-convert-pull-into-descriptor
    toView() {
      const {View} = this;
      return new View(transferBuffer(this.buffer), this.offset, this.filled / this.elementBytes);
    }
  }

  class ByteController {
    stream;
    source;
    /** Of {buffer, offset, bytes}. */
    queue = new Queue();
    queuedBytes = 0;
    pending = new Queue();
    /** @type {any} */ request = undefined;
    highWaterMark;
    /** @type {number | undefined} */ autoAllocateBytes;
    started = false;
    closeRequested = false;
    pulling = false;
    pullAgain = false;
    /** @type {any} */ onPulled = undefined;
    /** @type {any} */ onPullFailed = undefined;
    isBytes = true;

    /** @param {ReadableState} stream @param {any} source @param {number} highWaterMark @param {number} [autoAllocateBytes] */
    constructor(stream, source, highWaterMark, autoAllocateBytes = undefined) {
      this.stream = stream;
      this.source = source;
      this.highWaterMark = highWaterMark;
      this.autoAllocateBytes = autoAllocateBytes;
      stream.controller = this;
    }

    start() {
      whenStarted(this, this.source.start());
    }

    get desiredSize() {
      if (this.stream.status === kErrored) return null;
      if (this.stream.status === kClosed) return 0;
      return this.highWaterMark - this.queuedBytes;
    }

    get canCloseOrEnqueue() {
      return !this.closeRequested && this.stream.status === kReadable;
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-should-call-pull
    pullIfNeeded() {
      if (!this.started || !this.canCloseOrEnqueue || this.source === undefined) return;
      const {reader} = this.stream;
      const somebodyWaits = reader !== undefined && reader.requests.length > 0;
      if (!somebodyWaits && this.highWaterMark - this.queuedBytes <= 0) return;
      if (!this.source.pulls) return;
      if (this.pulling) this.pullAgain = true;
      else startPull(this);
    }

    clear() {
      this.source = undefined;
    }
    clearPending() {
      this.invalidateRequest();
      this.pending.clear();
    }
    resetQueue() {
      this.queue.clear();
      this.queuedBytes = 0;
    }
    invalidateRequest() {
      if (this.request === undefined) return;
      invalidateByobRequest(this.request);
      this.request = undefined;
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-close
    close() {
      if (!this.canCloseOrEnqueue) return;
      if (this.queuedBytes > 0) {
        this.closeRequested = true;
        return;
      }
      if (this.pending.length > 0) {
        const first = this.pending.first();
        if (first.filled % first.elementBytes !== 0) {
          const error = new TypeError('The stream ended within an element of the view to fill.');
          this.fail(error);
          throw error;
        }
      }
      this.clear();
      closeReadable(this.stream);
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-error
    /** @param {any} reason */
    fail(reason) {
      if (this.stream.status !== kReadable) return;
      this.clearPending();
      this.resetQueue();
      this.clear();
      errorReadable(this.stream, reason);
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-enqueue
    /** @param {any} chunk */
    enqueue(chunk) {
      if (!this.canCloseOrEnqueue) return;
      const buffer = viewBuffer(chunk);
      const offset = viewByteOffset(chunk);
      const bytes = viewByteLength(chunk);
      if (bufferDetached(buffer)) throw new TypeError('The buffer of the chunk is detached.');
      this.enqueueOwned(transferBuffer(buffer), offset, bytes);
    }

    /** Step 7 on, for a buffer that nobody else has. @param {ArrayBuffer} buffer @param {number} offset @param {number} bytes */
    enqueueOwned(buffer, offset, bytes) {
      const {pending, stream} = this;
      const {reader} = stream;
      // 8
      if (pending.length > 0) {
        const first = pending.first();
        if (bufferDetached(first.buffer)) {
          throw new TypeError('The buffer of the BYOB request is detached.');
        }
        this.invalidateRequest();
        first.buffer = transferBuffer(first.buffer);
        if (first.readerType === kForNobody) this.queueReleased(first);
      }
      // 9 to 11
      if (reader === undefined) {
        this.queueRange(buffer, offset, bytes);
      } else if (reader.isByob) {
        this.queueRange(buffer, offset, bytes);
        this.commitAll(this.fillPending());
      } else {
        while (reader.requests.length > 0 && this.queuedBytes > 0) {
          this.fillReadRequest(reader.requests.shift());
        }
        if (reader.requests.length === 0) {
          this.queueRange(buffer, offset, bytes);
        } else {
          if (pending.length > 0) pending.shift();
          fulfillReadRequest(stream, new NativeUint8Array(buffer, offset, bytes));
        }
      }
      // 12
      this.pullIfNeeded();
    }

    /** @param {ArrayBuffer} buffer @param {number} offset @param {number} bytes */
    queueRange(buffer, offset, bytes) {
      this.queue.push({buffer, offset, bytes});
      this.queuedBytes += bytes;
    }

    // https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerenqueueclonedchunktoqueue
    /** @param {ArrayBuffer} buffer @param {number} offset @param {number} bytes */
    queueCopy(buffer, offset, bytes) {
      let copy;
      try {
        copy = bufferSlice(buffer, offset, offset + bytes);
      } catch (error) {
        this.fail(error);
        throw error;
      }
      this.queueRange(copy, 0, bytes);
    }

    /** What a reader that let go had got so far. @param {PullInto} first */
    queueReleased(first) {
      if (first.filled > 0) this.queueCopy(first.buffer, first.offset, first.filled);
      this.shiftPending();
    }

    shiftPending() {
      this.invalidateRequest();
      return this.pending.shift();
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-commit-pull-into-descriptor
    /** @param {PullInto} into */
    commit(into) {
      const {reader, status} = this.stream;
      const view = into.toView();
      const request = reader.requests.shift();
      if (status === kClosed) request.close(view);
      else request.chunk(view);
    }

    /** @param {Queue} filled */
    commitAll(filled) {
      while (filled.length > 0) this.commit(filled.shift());
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-fill-pull-into-descriptor-from-queue
    /** @param {PullInto} into */
    fillFromQueue(into) {
      let left = mathMin(this.queuedBytes, into.bytes - into.filled);
      const most = into.filled + left;
      const aligned = most - most % into.elementBytes;
      const ready = aligned >= into.minimum;
      if (ready) left = aligned - into.filled;
      while (left > 0) {
        const head = this.queue.first();
        const count = mathMin(left, head.bytes);
        typedArraySet(
            new NativeUint8Array(into.buffer, into.offset + into.filled, count),
            new NativeUint8Array(head.buffer, head.offset, count));
        if (head.bytes === count) {
          this.queue.shift();
        } else {
          head.offset += count;
          head.bytes -= count;
        }
        this.queuedBytes -= count;
        into.filled += count;
        left -= count;
      }
      return ready;
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-process-pull-into-descriptors-using-queue
    fillPending() {
      const filled = new Queue();
      while (this.pending.length > 0 && this.queuedBytes > 0) {
        if (this.fillFromQueue(this.pending.first())) filled.push(this.shiftPending());
        else break;
      }
      return filled;
    }

    /** @param {any} request */
    fillReadRequest(request) {
      const {buffer, offset, bytes} = this.queue.shift();
      this.queuedBytes -= bytes;
      this.afterDrain();
      request.chunk(new NativeUint8Array(buffer, offset, bytes));
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-handle-queue-drain
    afterDrain() {
      if (this.queuedBytes === 0 && this.closeRequested) {
        this.clear();
        closeReadable(this.stream);
      } else {
        this.pullIfNeeded();
      }
    }

    // https://streams.spec.whatwg.org/#rbs-controller-private-pull
    /** @param {any} request */
    pullSteps(request) {
      if (this.queuedBytes > 0) {
        this.fillReadRequest(request);
        return;
      }
      const bytes = this.autoAllocateBytes;
      if (bytes !== undefined) {
        let buffer;
        try {
          buffer = new NativeArrayBuffer(bytes);
        } catch (error) {
          request.fail(error);
          return;
        }
        this.pending.push(
            new PullInto(buffer, bytes, 0, bytes, 1, 1, NativeUint8Array, kForDefault));
      }
      this.stream.reader.requests.push(request);
      this.pullIfNeeded();
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-pull-into
    /** @param {any} view @param {number} min @param {any} request */
    pullInto(view, min, request) {
      const {stream} = this;
      const tag = typedArrayTag(view);
      const View = tag === undefined ? NativeDataView : kTypedArrays[tag];
      const elementBytes = tag === undefined ? 1 : View.BYTES_PER_ELEMENT;
      const offset = viewByteOffset(view);
      const bytes = viewByteLength(view);
      let buffer;
      try {
        buffer = transferBuffer(viewBuffer(view));
      } catch (error) {
        request.fail(error);
        return;
      }
      const into = new PullInto(buffer, bufferByteLength(buffer), offset, bytes, min * elementBytes,
          elementBytes, View, kForByob);
      if (this.pending.length > 0) {
        this.pending.push(into);
        stream.reader.requests.push(request);
        return;
      }
      if (stream.status === kClosed) {
        request.close(new View(into.buffer, into.offset, 0));
        return;
      }
      if (this.queuedBytes > 0) {
        if (this.fillFromQueue(into)) {
          const filled = into.toView();
          this.afterDrain();
          request.chunk(filled);
          return;
        }
        if (this.closeRequested) {
          const error = new TypeError('The stream ended before the view could be filled.');
          this.fail(error);
          request.fail(error);
          return;
        }
      }
      this.pending.push(into);
      stream.reader.requests.push(request);
      this.pullIfNeeded();
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-internal
    /** @param {number} bytes */
    respond(bytes) {
      const first = this.pending.first();
      this.invalidateRequest();
      if (this.stream.status === kClosed) this.respondClosed(first);
      else this.respondReadable(bytes, first);
      this.pullIfNeeded();
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-in-closed-state
    /** @param {PullInto} first */
    respondClosed(first) {
      if (first.readerType === kForNobody) this.shiftPending();
      const {reader} = this.stream;
      if (reader === undefined || !reader.isByob) return;
      const filled = new Queue();
      while (filled.length < reader.requests.length) filled.push(this.shiftPending());
      this.commitAll(filled);
    }

    // https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-in-readable-state
    /** @param {number} bytes @param {PullInto} into */
    respondReadable(bytes, into) {
      into.filled += bytes;
      if (into.readerType === kForNobody) {
        this.queueReleased(into);
        this.commitAll(this.fillPending());
        return;
      }
      if (into.filled < into.minimum) return;
      this.shiftPending();
      const rest = into.filled % into.elementBytes;
      if (rest > 0) this.queueCopy(into.buffer, into.offset + into.filled - rest, rest);
      into.filled -= rest;
      const filled = this.fillPending();
      this.commit(into);
      this.commitAll(filled);
    }

    /** @param {any} reason */
    cancelSteps(reason) {
      this.clearPending();
      this.resetQueue();
      const {source} = this;
      this.source = undefined;
      return source === undefined ? kDone : cancelSource(source, reason);
    }

    // https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontroller-releasesteps
    releaseSteps() {
      if (this.pending.length === 0) return;
      const first = this.pending.first();
      first.readerType = kForNobody;
      this.pending.clear();
      this.pending.push(first);
    }
  }
