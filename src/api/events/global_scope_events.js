// The global object as an EventTarget, and the events of service-worker scripts.
// https://w3c.github.io/ServiceWorker/#execution-context-events
// https://developers.cloudflare.com/workers/reference/migrate-to-module-workers/

  class ExtendableEvent extends Event {
    #isOurs = false;

    constructor(type, init = undefined) {
      if (arguments[2] !== kInternal) throw new TypeError('Illegal constructor');
      super(type, init);
      this.#isOurs = true;
    }

    /** @param {any} value */
    static #check(value) {
      if (!isObject(value) || !(#isOurs in value)) throw new TypeError('Illegal invocation');
    }

    waitUntil(promise) {
      ExtendableEvent.#check(this);
      if (arguments.length < 1) {
        throw new TypeError("Failed to execute 'waitUntil' on 'ExtendableEvent': " +
            "parameter 1 is not of type 'Promise'.");
      }
      native.waitUntil(promise);
    }
  }
  expose('ExtendableEvent', ExtendableEvent);

  /** What the listeners answered: `{value}`. @type {(event: FetchEvent) => {value: any} | undefined} */
  let answerOf;

  class FetchEvent extends ExtendableEvent {
    #request;
    /** @type {{value: any} | undefined} */ #answer;

    constructor(request) {
      super('fetch', undefined, arguments[1]);
      this.#request = request;
    }

    static {
      answerOf = (event) => event.#answer;
    }

    get request() {
      return this.#request;
    }

    respondWith(response) {
      if (this.#answer !== undefined) {
        throw new DOMException(
            'FetchEvent.respondWith() has already been called; it can only be called once.',
            'InvalidStateError');
      }
      if (!inner.isDispatching(this)) {
        throw new DOMException('Too late to call FetchEvent.respondWith(). It must be called ' +
            'synchronously in the event handler.', 'InvalidStateError');
      }
      this.#answer = {value: response};
      inner.stop(this);
    }

    passThroughOnException() {
      native.passThroughOnException();
    }
  }
  expose('FetchEvent', FetchEvent);

  class ScheduledEvent extends ExtendableEvent {
    #controller;

    constructor(controller) {
      super('scheduled', undefined, arguments[1]);
      this.#controller = controller;
    }

    get scheduledTime() {
      return this.#controller.scheduledTime;
    }
    get cron() {
      return this.#controller.cron;
    }
    noRetry() {
      this.#controller.noRetry();
    }
  }
  expose('ScheduledEvent', ScheduledEvent);

  class QueueEvent extends ExtendableEvent {
    #batch;

    constructor(batch) {
      super('queue', undefined, arguments[1]);
      this.#batch = batch;
    }

    get queue() {
      return this.#batch.queue;
    }
    get messages() {
      return this.#batch.messages;
    }
    get metadata() {
      return this.#batch.metadata;
    }
    retryAll(options = undefined) {
      this.#batch.retryAll(options);
    }
    ackAll() {
      this.#batch.ackAll();
    }
  }

  // https://html.spec.whatwg.org/#promiserejectionevent
  class PromiseRejectionEvent extends Event {
    #promise;
    #reason;

    constructor(type, init = undefined) {
      if (arguments.length < 2 || !isObject(init) || !isObject(init.promise)) {
        throw new TypeError("Failed to construct 'PromiseRejectionEvent': constructor parameter 2 " +
            "is not of type 'PromiseRejectionEventInit'.");
      }
      super(type, init);
      this.#promise = init.promise;
      this.#reason = init.reason;
    }

    get promise() {
      return this.#promise;
    }
    get reason() {
      return this.#reason;
    }
  }
  expose('PromiseRejectionEvent', PromiseRejectionEvent);

  class WorkerGlobalScope extends EventTarget {
    constructor() {
      if (arguments[0] !== kInternal) throw new TypeError('Illegal constructor');
      super();
    }
  }
  expose('WorkerGlobalScope', WorkerGlobalScope);
  class ServiceWorkerGlobalScope extends WorkerGlobalScope {}
  expose('ServiceWorkerGlobalScope', ServiceWorkerGlobalScope);

  // The listeners of the global object. It inherits from the classes above, whose methods know it.
  const scope = new ServiceWorkerGlobalScope(kInternal);
  Object.setPrototypeOf(globalThis, ServiceWorkerGlobalScope.prototype);
  standInFor(globalThis, scope);

  /** Whether anybody listens. @param {string} type */
  const scopeHasListeners = (type) => hasListeners(scope, type);

  /** Throws what the first failing listener throws. @param {Event} event */
  function dispatchToScope(event) {
    inner.trust(event);
    dispatchStrictly(scope, event);
  }

  const scopeEvents = {
    /** @param {any} request @returns {{value: any} | undefined} */
    dispatchFetch(request) {
      const event = new FetchEvent(request, kInternal);
      dispatchToScope(event);
      return answerOf(event);
    },
    /** @param {any} controller */
    dispatchScheduled: (controller) => dispatchToScope(new ScheduledEvent(controller, kInternal)),
    /** @param {any} batch */
    dispatchQueue: (batch) => dispatchToScope(new QueueEvent(batch, kInternal)),
    /** False if somebody prevented the default. @param {string} type @param {any} promise @param {any} reason */
    dispatchRejection(type, promise, reason) {
      const event = new PromiseRejectionEvent(type, {
        promise, reason, cancelable: type === 'unhandledrejection',
      });
      inner.trust(event);
      return fireEvent(scope, event);
    },
    scopeHasListeners,
  };

  // For C++, and for scripts that come after this one.
  return {
    abortReason,
    follow,
    isAbortSignal,
    isObject,
    newAbortSignal: () => new AbortSignal(kInternal),
    onAbort,
    removeAbort,
    requireAbortSignal,
    signalAbort: abort,
    addHandlers,
    EventTarget,
    expose,
    fireEvent,
    isObject,
    removeAbort,
    signalAbort: abort,
    newCloseEvent,
    newErrorEvent,
    newMessageEvent,
    newTrustedEvent,
    toDictionary,
    trust: inner.trust,
    ...scopeEvents,
  };
