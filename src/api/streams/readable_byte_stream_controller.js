// ReadableByteStreamController and ReadableStreamBYOBRequest.
// https://streams.spec.whatwg.org/#rbs-controller-class

  class ReadableByteStreamController {
    /** @type {ByteController} */ #inner;

    constructor() {
      if (arguments[0] !== kInternal) throw new TypeError('Illegal constructor');
      this.#inner = arguments[1];
    }

    /** @param {any} value @returns {ByteController} */
    static #of(value) {
      if (!isObject(value) || !(#inner in value)) throw newIllegalInvocation();
      return value.#inner;
    }

    // https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollergetbyobrequest
    get byobRequest() {
      const inner = ReadableByteStreamController.#of(this);
      if (inner.request === undefined && inner.pending.length > 0) {
        const first = inner.pending.first();
        const view = new NativeUint8Array(
            first.buffer, first.offset + first.filled, first.bytes - first.filled);
        inner.request = new ReadableStreamBYOBRequest(kInternal, inner, view);
      }
      return inner.request ?? null;
    }
    get desiredSize() {
      return ReadableByteStreamController.#of(this).desiredSize;
    }
    close() {
      const inner = ReadableByteStreamController.#of(this);
      if (!inner.canCloseOrEnqueue) throw newCannotCloseError(inner);
      inner.close();
    }
    // https://streams.spec.whatwg.org/#rbs-controller-enqueue
    enqueue(chunk) {
      const inner = ReadableByteStreamController.#of(this);
      // Differs: takes an ArrayBuffer too, as the reference does.
      const view = isView(chunk) ? chunk : isArrayBuffer(chunk) ? new NativeUint8Array(chunk) : null;
      if (view === null || isShared(viewBuffer(view))) {
        throw new TypeError("Failed to execute 'enqueue' on 'ReadableByteStreamController': " +
            "parameter 1 is not of type 'BufferSource'.");
      }
      if (viewByteLength(view) === 0 || bufferByteLength(viewBuffer(view)) === 0) {
        throw new TypeError('Cannot enqueue a zero-length ArrayBuffer.');
      }
      if (!inner.canCloseOrEnqueue) throw new TypeError('Unable to enqueue');
      inner.enqueue(view);
    }
    error(reason = undefined) {
      ReadableByteStreamController.#of(this).fail(reason);
    }
  }
  expose('ReadableByteStreamController', ReadableByteStreamController);

  /** @type {(request: ReadableStreamBYOBRequest) => void} */
  let invalidateByobRequest;

  // https://streams.spec.whatwg.org/#rs-byob-request-class
  class ReadableStreamBYOBRequest {
    /** @type {ByteController | undefined} */ #controller;
    /** @type {Uint8Array | null} */ #view;

    constructor() {
      if (arguments[0] !== kInternal) throw new TypeError('Illegal constructor');
      this.#controller = arguments[1];
      this.#view = arguments[2];
    }

    static {
      invalidateByobRequest = (request) => {
        request.#controller = undefined;
        request.#view = null;
      };
    }

    /** @param {any} value @returns {ReadableStreamBYOBRequest} */
    static #of(value) {
      if (!isObject(value) || !(#controller in value)) throw newIllegalInvocation();
      return value;
    }
    /** @param {ReadableStreamBYOBRequest} request */
    static #controllerOf(request) {
      if (request.#controller === undefined) {
        throw new TypeError('This ReadableStreamBYOBRequest has been invalidated.');
      }
      return request.#controller;
    }

    get view() {
      return ReadableStreamBYOBRequest.#of(this).#view;
    }
    /** How many bytes the reader at least waits for; of Cloudflare's. */
    get atLeast() {
      const controller = ReadableStreamBYOBRequest.#of(this).#controller;
      if (controller === undefined) return null;
      const {minimum, filled} = controller.pending.first();
      return minimum - filled;
    }

    // https://streams.spec.whatwg.org/#rs-byob-request-respond
    respond(bytesWritten) {
      const self = ReadableStreamBYOBRequest.#of(this);
      requireGiven(arguments.length,
          "Failed to execute 'respond' on 'ReadableStreamBYOBRequest'", 'integer');
      const bytes = toPositiveInteger(bytesWritten, 'bytesWritten');
      const controller = ReadableStreamBYOBRequest.#controllerOf(self);
      const first = controller.pending.first();
      if (bufferDetached(typedArrayBuffer(self.#view))) {
        throw new TypeError('The buffer of the BYOB request is detached.');
      }
      if (controller.stream.status === kClosed) {
        if (bytes !== 0) throw new TypeError('The stream is closed; respond(0) is what is left.');
      } else {
        if (bytes === 0) throw new TypeError('respond(0) is for streams that are closed.');
        if (first.filled + bytes > first.bytes) {
          throw new RangeError(`${bytes} bytes do not fit the BYOB request.`);
        }
      }
      first.buffer = transferBuffer(first.buffer);
      controller.respond(bytes);
    }

    // https://streams.spec.whatwg.org/#rs-byob-request-respond-with-new-view
    respondWithNewView(view) {
      const self = ReadableStreamBYOBRequest.#of(this);
      if (!isView(view) || isShared(viewBuffer(view))) {
        throw new TypeError("Failed to execute 'respondWithNewView' on " +
            "'ReadableStreamBYOBRequest': parameter 1 is not of type 'ArrayBufferView'.");
      }
      const controller = ReadableStreamBYOBRequest.#controllerOf(self);
      const buffer = viewBuffer(view);
      if (bufferDetached(buffer)) throw new TypeError('The buffer of the view is detached.');
      const bytes = viewByteLength(view);
      const first = controller.pending.first();
      if (controller.stream.status === kClosed) {
        if (bytes !== 0) throw new TypeError('The stream is closed; the view must be empty.');
      } else if (bytes === 0) {
        throw new TypeError('An empty view is for streams that are closed.');
      }
      if (first.offset + first.filled !== viewByteOffset(view)) {
        throw new RangeError('The view does not begin where the BYOB request does.');
      }
      if (first.bufferBytes !== bufferByteLength(buffer)) {
        throw new RangeError("The view's buffer has another size than that of the BYOB request.");
      }
      if (first.filled + bytes > first.bytes) {
        throw new RangeError(`${bytes} bytes do not fit the BYOB request.`);
      }
      first.buffer = transferBuffer(buffer);
      controller.respond(bytes);
    }
  }
  expose('ReadableStreamBYOBRequest', ReadableStreamBYOBRequest);
