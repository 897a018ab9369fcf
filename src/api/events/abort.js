// AbortController and AbortSignal. https://dom.spec.whatwg.org/#aborting-ongoing-activities

  const kInternal = {};
  const kAborted = 'The operation was aborted';
  const kTimedOut = 'The operation was aborted due to timeout';
  // Dead ones among a signal's followers are looked for when so many have come.
  const kFollowersSweep = 64;

  /** @type {(signal: AbortSignal, reason: unknown) => void} */
  let abort;
  /** `{value}` once it has aborted. @type {(signal: AbortSignal) => {value: any} | undefined} */
  let abortReason;
  /** Runs once, with the reason, before listeners. @type {(signal: AbortSignal, run: (reason: any) => void) => void} */
  let onAbort;
  /** Undoes onAbort(). @type {(signal: AbortSignal, run: (reason: any) => void) => void} */
  let removeAbort;
  /** @type {(value: unknown) => boolean} */
  let isAbortSignal;
  /** @type {(signals: AbortSignal[]) => AbortSignal} */
  let follow;

  class AbortSignal extends EventTarget {
    /** @type {{value: any} | undefined} */ #reason;
    /** @type {Set<(reason: any) => void> | undefined} */ #algorithms;
    /** @type {any} */ #handler = null;
    #hasHandlerListener = false;
    // https://dom.spec.whatwg.org/#abortsignal-dependent-signals. A follower somebody listens to
    // lives as long as what it follows; any other may go before.
    /** @type {AbortSignal[] | undefined} */ #sources;
    /** @type {Set<WeakRef<AbortSignal>> | undefined} */ #followers;
    /** @type {Set<AbortSignal> | undefined} */ #heldFollowers;
    #nextSweep = kFollowersSweep;

    constructor() {
      if (arguments[0] !== kInternal) throw new TypeError('Illegal constructor');
      super();
    }

    static {
      isAbortSignal = (value) => isObject(value) && #reason in value;
      abortReason = (signal) => signal.#reason;
      abort = (signal, reason) => signal.#abort(reason);
      onAbort = (signal, run) => {
        signal.#algorithms ??= new NativeSet();
        setAdd(signal.#algorithms, run);
        signal.#hold();
      };
      removeAbort = (signal, run) => {
        if (signal.#algorithms !== undefined) setDelete(signal.#algorithms, run);
      };
      follow = (signals) => AbortSignal.#any(signals);
      listenerAdded = (target, type) => {
        if (type === 'abort' && #reason in target) target.#hold();
      };
    }

    /** @param {any} value @returns {AbortSignal} */
    static #of(value) {
      if (!isObject(value) || !(#reason in value)) throw new TypeError('Illegal invocation');
      return value;
    }

    // https://dom.spec.whatwg.org/#dom-abortsignal-abort
    static abort(reason = undefined) {
      const signal = new AbortSignal(kInternal);
      signal.#reason = {value: reason === undefined ? newAbortError() : reason};
      return signal;
    }

    // https://dom.spec.whatwg.org/#dom-abortsignal-timeout
    static timeout(milliseconds) {
      if (arguments.length < 1) {
        throw new TypeError(
            "Failed to execute 'timeout' on 'AbortSignal': parameter 1 is not of type 'number'.");
      }
      const signal = new AbortSignal(kInternal);
      native.startTimer(() => signal.#abort(new DOMException(kTimedOut, 'TimeoutError')), milliseconds);
      return signal;
    }

    // https://dom.spec.whatwg.org/#dom-abortsignal-any
    static any(signals) {
      if (!isObject(signals) || typeof signals[Symbol.iterator] !== 'function') {
        throw new TypeError(
            "Failed to execute 'any' on 'AbortSignal': parameter 1 is not of type 'Array'.");
      }
      const list = [];
      for (const signal of signals) {
        if (!isAbortSignal(signal)) {
          throw new TypeError(`Incorrect type for array element ${list.length}: the provided ` +
              "value is not of type 'AbortSignal'.");
        }
        list[list.length] = signal;
      }
      return AbortSignal.#any(list);
    }

    // https://dom.spec.whatwg.org/#create-a-dependent-abort-signal
    /** @param {AbortSignal[]} signals */
    static #any(signals) {
      const result = new AbortSignal(kInternal);
      // 2
      for (let i = 0; i < signals.length; ++i) {
        const reason = signals[i].#reason;
        if (reason !== undefined) {
          result.#reason = reason;
          return result;
        }
      }
      // 4: followers follow what does not follow itself.
      const sources = new NativeSet();
      for (let i = 0; i < signals.length; ++i) {
        const of = signals[i].#sources;
        if (of === undefined) setAdd(sources, signals[i]);
        for (let j = 0; of !== undefined && j < of.length; ++j) setAdd(sources, of[j]);
      }
      /** @type {AbortSignal[]} */
      const list = [];
      setForEach(sources, (source) => (list[list.length] = source));
      result.#sources = list;
      const reference = new NativeWeakRef(result);
      for (let i = 0; i < list.length; ++i) list[i].#addFollower(reference);
      return result;
    }

    /** @param {WeakRef<AbortSignal>} reference */
    #addFollower(reference) {
      this.#followers ??= new NativeSet();
      const followers = this.#followers;
      setAdd(followers, reference);
      if (setSize(followers) < this.#nextSweep) return;
      setForEach(followers, (each) => {
        if (weakRefDeref(each) === undefined) setDelete(followers, each);
      });
      this.#nextSweep = setSize(followers) * 2 + kFollowersSweep;
    }

    /** Somebody waits for this signal. */
    #hold() {
      const sources = this.#sources;
      if (sources === undefined) return;
      for (let i = 0; i < sources.length; ++i) {
        sources[i].#heldFollowers ??= new NativeSet();
        setAdd(sources[i].#heldFollowers, this);
      }
    }

    // https://dom.spec.whatwg.org/#abortsignal-signal-abort
    /** @param {unknown} reason */
    #abort(reason) {
      // 1
      if (this.#reason !== undefined) return;
      // 2
      this.#reason = {value: reason === undefined ? newAbortError() : reason};
      // 3, 4: they all have aborted before the first listener hears of it.
      /** @type {AbortSignal[]} */
      const followers = [];
      if (this.#followers !== undefined) {
        setForEach(this.#followers, (each) => {
          const follower = weakRefDeref(each);
          if (follower === undefined || follower.#reason !== undefined) return;
          follower.#reason = this.#reason;
          followers[followers.length] = follower;
        });
      }
      this.#followers = undefined;
      this.#heldFollowers = undefined;
      // 5, 6
      this.#runAbortSteps();
      for (let i = 0; i < followers.length; ++i) followers[i].#runAbortSteps();
    }

    // https://dom.spec.whatwg.org/#run-the-abort-steps
    #runAbortSteps() {
      const algorithms = this.#algorithms;
      this.#algorithms = undefined;
      if (algorithms !== undefined) setForEach(algorithms, (run) => run(this.#reason.value));
      fire(this, 'abort');
    }

    get aborted() {
      return AbortSignal.#of(this).#reason !== undefined;
    }
    get reason() {
      return AbortSignal.#of(this).#reason?.value;
    }
    throwIfAborted() {
      const reason = AbortSignal.#of(this).#reason;
      if (reason !== undefined) throw reason.value;
    }
    get onabort() {
      return AbortSignal.#of(this).#handler;
    }
    // https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-idl-attributes
    set onabort(value) {
      const self = AbortSignal.#of(this);
      self.#handler = isObject(value) ? value : null;
      if (self.#handler === null || self.#hasHandlerListener) return;
      self.#hasHandlerListener = true;
      addListener(self, {
        type: 'abort',
        callback(/** @type {Event} */ event) {
          if (typeof self.#handler !== 'function') return;
          if (apply(self.#handler, self, [event]) === false) event.preventDefault();
        },
        capture: false,
        once: false,
        passive: false,
        removed: false,
      });
    }
  }
  expose('AbortSignal', AbortSignal);

  function newAbortError() {
    return new DOMException(kAborted, 'AbortError');
  }

  /** @param {unknown} value @param {string} field @param {string} dictionary */
  function requireAbortSignal(value, field, dictionary) {
    if (isAbortSignal(value)) return;
    throw new TypeError(`Incorrect type for the '${field}' field on '${dictionary}': the provided ` +
        "value is not of type 'AbortSignal'.");
  }

  class AbortController {
    #signal = new AbortSignal(kInternal);

    /** @param {AbortController} value */
    static #of(value) {
      if (!isObject(value) || !(#signal in value)) throw new TypeError('Illegal invocation');
      return value;
    }

    get signal() {
      return AbortController.#of(this).#signal;
    }

    // https://dom.spec.whatwg.org/#dom-abortcontroller-abort
    abort(reason = undefined) {
      abort(AbortController.#of(this).#signal, reason);
    }
  }
  expose('AbortController', AbortController);
