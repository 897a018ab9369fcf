// TransformStream. https://streams.spec.whatwg.org/#ts-class

  /**
   * Both ends of a transform: the sink of its writable side, the source of its readable side. What
   * the standard says with a promise for the next change of back-pressure is here `chunkWaits` and
   * `pullWaits`.
   */
  class Transform {
    readable = new ReadableState();
    writable = new WritableState();
    backpressure = true;
    /** start, transform, flush and cancel. @type {any} */ transformer;
    /** @type {Promise<any>} */ started;
    /** @type {Deferred | undefined} */ finished = undefined;
    pulls = true;
    chunkWaits = false;
    /** @type {any} */ waitingChunk = undefined;
    pullWaits = false;
    /** @type {any} */ onUnblocked = undefined;
    /** @type {any} */ onDemandMet = undefined;

    /**
     * https://streams.spec.whatwg.org/#initialize-transform-stream
     * @param {any} transformer @param {Promise<any> | undefined} started
     * @param {{highWaterMark: number, size: any}} writable
     * @param {{highWaterMark: number, size: any}} readable
     */
    constructor(transformer, started, writable, readable) {
      this.transformer = transformer;
      // The promise that both sides wait for is itself what a promise is resolved with, which takes
      // two more microtasks: what a script does right after construction comes before.
      this.started = then(then(started ?? kDone, doNothing), doNothing);
      new WritableController(this.writable, this, writable.highWaterMark, writable.size).start();
      new DefaultController(this.readable, this, readable.highWaterMark, readable.size).start();
    }

    start() {
      return this.started;
    }

    // ---- the writable side's sink ----

    // https://streams.spec.whatwg.org/#transform-stream-default-sink-write-algorithm
    /** @param {any} chunk */
    write(chunk) {
      if (!this.backpressure) return this.transform(chunk);
      this.chunkWaits = true;
      this.waitingChunk = chunk;
      return kLater;
    }
    /** Back-pressure has ended. */
    writeWaiting() {
      const {writable} = this;
      const {controller} = writable;
      const chunk = this.waitingChunk;
      this.waitingChunk = undefined;
      if (writable.status === kErroring) {
        controller.failWrite(writable.error);
        return;
      }
      const result = this.transform(chunk);
      controller.onWritten ??= () => controller.finishWrite();
      controller.onWriteFailed ??= (/** @type {any} */ reason) => controller.failWrite(reason);
      then(result ?? kDone, controller.onWritten, controller.onWriteFailed);
    }

    // https://streams.spec.whatwg.org/#transform-stream-default-controller-perform-transform
    /** @param {any} chunk */
    transform(chunk) {
      let result;
      try {
        result = this.transformer.transform(chunk, this);
      } catch (error) {
        this.fail(error);
        return rejectedWith(error);
      }
      if (result === undefined) return undefined;
      return then(result, undefined, (/** @type {any} */ reason) => {
        this.fail(reason);
        throw reason;
      });
    }

    // https://streams.spec.whatwg.org/#transform-stream-default-sink-close-algorithm
    close() {
      if (this.finished !== undefined) return this.finished.promise;
      const finished = this.finished = new Deferred();
      const {readable} = this;
      then(
          this.run('flush', this),
          () => {
            if (readable.status === kErrored) {
              finished.reject(readable.error);
              return;
            }
            readable.controller.close();
            finished.resolve();
          },
          (/** @type {any} */ reason) => {
            readable.controller.fail(reason);
            finished.reject(reason);
          });
      return finished.promise;
    }

    // https://streams.spec.whatwg.org/#transform-stream-default-sink-abort-algorithm
    /** @param {any} reason */
    abort(reason) {
      if (this.finished !== undefined) return this.finished.promise;
      const finished = this.finished = new Deferred();
      const {readable} = this;
      then(
          this.run('cancel', reason),
          () => {
            if (readable.status === kErrored) {
              finished.reject(readable.error);
              return;
            }
            readable.controller.fail(reason);
            finished.resolve();
          },
          (/** @type {any} */ error) => {
            readable.controller.fail(error);
            finished.reject(error);
          });
      return finished.promise;
    }

    // ---- the readable side's source ----

    // https://streams.spec.whatwg.org/#transform-stream-default-source-pull-algorithm
    pull() {
      this.setBackpressure(false);
      this.pullWaits = true;
      return kLater;
    }

    // https://streams.spec.whatwg.org/#transform-stream-default-source-cancel
    /** @param {any} reason */
    cancel(reason) {
      if (this.finished !== undefined) return this.finished.promise;
      const finished = this.finished = new Deferred();
      const {writable} = this;
      then(
          this.run('cancel', reason),
          () => {
            if (writable.status === kWritableErrored) {
              finished.reject(writable.error);
              return;
            }
            this.failWritable(reason);
            finished.resolve();
          },
          (/** @type {any} */ error) => {
            this.failWritable(error);
            finished.reject(error);
          });
      return finished.promise;
    }

    // ---- what the controller does ----

    // https://streams.spec.whatwg.org/#transform-stream-default-controller-enqueue
    /** @param {any} chunk */
    enqueue(chunk) {
      const {readable} = this;
      const {controller} = readable;
      if (!controller.canCloseOrEnqueue) {
        throw new TypeError('The readable side of this TransformStream is no longer readable.');
      }
      try {
        controller.enqueue(chunk);
      } catch (error) {
        this.failWritable(error);
        throw readable.error;
      }
      const demand = hasReadRequests(readable) ||
          controller.highWaterMark - controller.queue.totalSize > 0;
      if (!demand && !this.backpressure) this.setBackpressure(true);
    }
    // https://streams.spec.whatwg.org/#transform-stream-error
    /** @param {any} reason */
    fail(reason) {
      this.readable.controller.fail(reason);
      this.failWritable(reason);
    }
    // https://streams.spec.whatwg.org/#transform-stream-default-controller-terminate
    terminate() {
      this.readable.controller.close();
      this.failWritable(new TypeError('The transform stream has been terminated'));
    }

    // ---- inner ----

    /** Runs one of the last algorithms; none runs after it. @param {'flush' | 'cancel'} which @param {any} argument */
    run(which, argument) {
      const {transformer} = this;
      this.transformer = kNoTransformer;
      try {
        return transformer[which](argument) ?? kDone;
      } catch (error) {
        return rejectedWith(error);
      }
    }

    // https://streams.spec.whatwg.org/#transform-stream-error-writable-and-unblock-write
    /** @param {any} reason */
    failWritable(reason) {
      this.transformer = kNoTransformer;
      this.writable.controller.failIfWritable(reason);
      if (this.backpressure) this.setBackpressure(false);
    }

    // https://streams.spec.whatwg.org/#transform-stream-set-backpressure
    /** @param {boolean} backpressure */
    setBackpressure(backpressure) {
      this.backpressure = backpressure;
      if (this.chunkWaits) {
        this.chunkWaits = false;
        this.onUnblocked ??= () => this.writeWaiting();
        then(kDone, this.onUnblocked);
      }
      if (this.pullWaits) {
        this.pullWaits = false;
        this.onDemandMet ??= () => finishPull(this.readable.controller);
        then(kDone, this.onDemandMet);
      }
    }
  }

  const kNoTransformer = {
    __proto__: null, transform: () => undefined, flush: () => undefined, cancel: () => undefined,
  };

  // https://streams.spec.whatwg.org/#transformer-api
  class ScriptTransformer {
    object;
    given;
    /** @type {any} */ face = undefined;

    /** @param {any} object @param {any} given */
    constructor(object, given) {
      this.object = object;
      this.given = given;
    }
    /** @param {any} chunk @param {Transform} inner */
    transform(chunk, inner) {
      const {transform} = this.given;
      if (transform === undefined) {
        inner.enqueue(chunk);
        return undefined;
      }
      const result = apply(transform, this.object, [chunk, this.face]);
      return result === undefined ? undefined : resolvedWith(result);
    }
    flush() {
      const {flush} = this.given;
      if (flush === undefined) return undefined;
      const result = apply(flush, this.object, [this.face]);
      return result === undefined ? undefined : resolvedWith(result);
    }
    /** @param {any} reason */
    cancel(reason) {
      const {cancel} = this.given;
      if (cancel === undefined) return undefined;
      const result = apply(cancel, this.object, [reason]);
      return result === undefined ? undefined : resolvedWith(result);
    }
  }

  // https://streams.spec.whatwg.org/#dictdef-transformer
  /** @param {any} transformer */
  function toTransformer(transformer) {
    // Differs: null is none, as in the reference.
    if (transformer === undefined || transformer === null) {
      return {cancel: undefined, flush: undefined, start: undefined, transform: undefined};
    }
    if (!isObject(transformer)) {
      throw new TypeError("Failed to construct 'TransformStream': constructor parameter 1 is not " +
          "of type 'Transformer'.");
    }
    const cancel = readCallback(transformer, 'cancel', 'Transformer');
    const flush = readCallback(transformer, 'flush', 'Transformer');
    const {readableType} = transformer;
    const start = readCallback(transformer, 'start', 'Transformer');
    const transform = readCallback(transformer, 'transform', 'Transformer');
    const {writableType} = transformer;
    if (readableType !== undefined) {
      throw new RangeError('transformer.readableType must be undefined.');
    }
    if (writableType !== undefined) {
      throw new RangeError('transformer.writableType must be undefined.');
    }
    return {cancel, flush, start, transform};
  }

  class TransformStream {
    /** @type {{readable: ReadableState, writable: WritableState}} */ #inner;

    // https://streams.spec.whatwg.org/#ts-constructor
    /** @param {Transformer} [transformer] @param {QueuingStrategy} [writableStrategy] @param {QueuingStrategy} [readableStrategy] */
    constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
      if (transformer === kInternal) {
        this.#inner = /** @type {any} */ (writableStrategy);
        return;
      }
      const forWritable = toStrategy(writableStrategy);
      const forReadable = toStrategy(readableStrategy);
      const given = toTransformer(transformer);
      const readable = {highWaterMark: highWaterMarkOf(forReadable, 0), size: forReadable.size};
      const writable = {highWaterMark: highWaterMarkOf(forWritable, 1), size: forWritable.size};
      const started = given.start === undefined ? undefined : new Deferred();
      const callbacks = new ScriptTransformer(transformer, given);
      const inner = new Transform(callbacks, started?.promise, writable, readable);
      callbacks.face = new TransformStreamDefaultController(kInternal, inner);
      this.#inner = inner;
      if (started !== undefined) {
        started.resolve(apply(given.start, transformer, [callbacks.face]));
      }
    }

    get readable() {
      if (!isObject(this) || !(#inner in this)) throw newIllegalInvocation();
      return faceOf(this.#inner.readable);
    }
    get writable() {
      if (!isObject(this) || !(#inner in this)) throw newIllegalInvocation();
      return writableFaceOf(this.#inner.writable);
    }
  }
  expose('TransformStream', TransformStream);

  // https://streams.spec.whatwg.org/#ts-default-controller-class
  class TransformStreamDefaultController {
    /** @type {Transform} */ #inner;

    constructor() {
      if (arguments[0] !== kInternal) throw new TypeError('Illegal constructor');
      this.#inner = arguments[1];
    }

    /** @param {any} value @returns {Transform} */
    static #of(value) {
      if (!isObject(value) || !(#inner in value)) throw newIllegalInvocation();
      return value.#inner;
    }

    get desiredSize() {
      return TransformStreamDefaultController.#of(this).readable.controller.desiredSize;
    }
    enqueue(chunk = undefined) {
      TransformStreamDefaultController.#of(this).enqueue(chunk);
    }
    error(reason = undefined) {
      TransformStreamDefaultController.#of(this).fail(reason);
    }
    terminate() {
      TransformStreamDefaultController.#of(this).terminate();
    }
  }
  expose('TransformStreamDefaultController', TransformStreamDefaultController);
