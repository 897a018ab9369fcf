// EventTarget. https://dom.spec.whatwg.org/#interface-eventtarget

  /** @typedef {{type: string, callback: any, capture: boolean, once: boolean, passive: boolean, removed: boolean}} Listener */

  /** Fires an event of ours. @type {(target: EventTarget, type: string) => void} */
  let fire;
  /** @type {(target: EventTarget, listener: Listener) => void} */
  let addListener;
  /** @type {(target: EventTarget, listener: Listener) => void} */
  let removeListener;
  /** Called when a target gets a listener. @type {(target: EventTarget, type: string) => void} */
  let listenerAdded = () => {};
  /** @type {(target: EventTarget, type: string) => boolean} */
  let hasListeners;
  /** Like dispatchEvent(), for events of ours. @type {(target: EventTarget, event: Event) => boolean} */
  let fireEvent;
  /** The same, but what a listener throws goes to the caller. @type {(target: EventTarget, event: Event) => boolean} */
  let dispatchStrictly;
  /** The global object has no listeners of its own: its proxy does. */
  let standInFor;
  /** @type {any} */ let standIn;
  /** @type {EventTarget} */ let standInTarget;

  class EventTarget {
    /** Replaced, never changed, while a dispatch may walk it. @type {Listener[]} */
    #listeners = [];

    static {
      addListener = (target, listener) => target.#add(listener);
      removeListener = (target, listener) => target.#remove(listener);
      fire = (target, type) => {
        const event = new Event(type);
        inner.trust(event);
        target.#dispatch(event);
      };
      fireEvent = (target, event) => target.#dispatch(event);
      dispatchStrictly = (target, event) => target.#dispatch(event, true);
      hasListeners = (target, type) => {
        const all = target.#listeners;
        for (let i = 0; i < all.length; ++i) {
          if (all[i].type === type) return true;
        }
        return false;
      };
      standInFor = (object, target) => {
        standIn = object;
        standInTarget = target;
      };
    }

    /** @param {any} value @returns {EventTarget} */
    static #of(value) {
      if (value === undefined || value === null || value === standIn) return standInTarget;
      if (!isObject(value) || !(#listeners in value)) throw new TypeError('Illegal invocation');
      return value;
    }

    // https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener
    addEventListener(type, callback, options = undefined) {
      const self = EventTarget.#of(this);
      const where = "Failed to execute 'addEventListener' on 'EventTarget'";
      type = toType(type, arguments.length, where);
      checkCallback(callback, where);
      // "flatten more"
      const given = isObject(options) ? options : undefined;
      const capture = given === undefined ? !!options : !!given.capture;
      const once = !!given?.once;
      const passive = !!given?.passive;
      const signal = given?.signal;
      if (signal !== undefined) requireAbortSignal(signal, 'signal', 'AddEventListenerOptions');
      // "add an event listener"
      if (signal !== undefined && abortReason(signal) !== undefined) return;
      if (callback === undefined || callback === null) return;
      const listener = {type, callback, capture, once, passive, removed: false};
      if (!self.#add(listener) || signal === undefined) return;
      onAbort(signal, () => self.#remove(listener));
    }

    // https://dom.spec.whatwg.org/#dom-eventtarget-removeeventlistener
    removeEventListener(type, callback, options = undefined) {
      const self = EventTarget.#of(this);
      const where = "Failed to execute 'removeEventListener' on 'EventTarget'";
      type = toType(type, arguments.length, where);
      checkCallback(callback, where);
      const capture = isObject(options) ? !!options.capture : !!options;
      const listener = self.#find(type, callback, capture);
      if (listener !== undefined) self.#remove(listener);
    }

    // https://dom.spec.whatwg.org/#dom-eventtarget-dispatchevent
    dispatchEvent(event) {
      const self = EventTarget.#of(this);
      if (!inner.isEvent(event)) {
        throw new TypeError(
            "Failed to execute 'dispatchEvent' on 'EventTarget': parameter 1 is not of type 'Event'.");
      }
      if (inner.isDispatching(event)) {
        throw new DOMException('The event is already being dispatched.', 'InvalidStateError');
      }
      return self.#dispatch(event);
    }

    /** @param {Listener} listener */
    #add(listener) {
      const {type, callback, capture} = listener;
      if (this.#find(type, callback, capture) !== undefined) return false;
      this.#listeners = copyWith(this.#listeners, undefined, listener);
      listenerAdded(this, type);
      return true;
    }

    /** @param {Listener} listener */
    #remove(listener) {
      listener.removed = true;
      this.#listeners = copyWith(this.#listeners, listener, undefined);
    }

    /** @param {string} type @param {any} callback @param {boolean} capture */
    #find(type, callback, capture) {
      const all = this.#listeners;
      for (let i = 0; i < all.length; ++i) {
        const each = all[i];
        if (each.type === type && each.callback === callback && each.capture === capture) return each;
      }
      return undefined;
    }

    // https://dom.spec.whatwg.org/#concept-event-dispatch, for a target that is in no tree
    /** @param {Event} event */
    #dispatch(event, strictly = false) {
      inner.begin(event, this === standInTarget ? standIn : this);
      const {type} = event;
      try {
        this.#invoke(event, type, true, strictly);
        if (!inner.isStopped(event)) this.#invoke(event, type, false, strictly);
      } finally {
        inner.end(event);
      }
      return !event.defaultPrevented;
    }

    // https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke
    /** @param {Event} event @param {string} type @param {boolean} capture @param {boolean} strictly */
    #invoke(event, type, capture, strictly) {
      const all = this.#listeners;
      const self = this === standInTarget ? standIn : this;
      for (let i = 0; i < all.length; ++i) {
        const listener = all[i];
        if (listener.removed || listener.type !== type || listener.capture !== capture) continue;
        if (listener.once) this.#remove(listener);
        inner.setPassive(event, listener.passive);
        try {
          const {callback} = listener;
          if (typeof callback === 'function') {
            apply(callback, self, [event]);
          } else {
            const {handleEvent} = callback;
            if (typeof handleEvent !== 'function') {
              throw new TypeError("Incorrect type for the 'handleEvent' field on 'HandlerObject': " +
                  "the provided value is not of type 'function'.");
            }
            apply(handleEvent, callback, [event]);
          }
        } catch (error) {
          if (strictly) throw error;
          reportError(error);
        }
        inner.setPassive(event, false);
        if (inner.isStoppedNow(event)) return;
      }
    }
  }
  expose('EventTarget', EventTarget);

  /** @param {Listener[]} all @param {Listener} [without] @param {Listener} [added] */
  function copyWith(all, without, added) {
    const copy = [];
    const put = (/** @type {Listener} */ value) =>
      defineProperty(copy, copy.length, {
        __proto__: null, value, writable: true, enumerable: true, configurable: true,
      });
    for (let i = 0; i < all.length; ++i) {
      if (all[i] !== without) put(all[i]);
    }
    if (added !== undefined) put(added);
    return copy;
  }

  /** @param {unknown} type @param {number} count @param {string} where */
  function toType(type, count, where) {
    if (count < 1) throw new TypeError(`${where}: parameter 1 is not of type 'string'.`);
    const text = `${type}`;
    if (count < 2) {
      throw new TypeError(`${where}: parameter 2 is not of type 'function or HandlerObject'.`);
    }
    return text;
  }

  /** @param {unknown} callback @param {string} where */
  function checkCallback(callback, where) {
    if (callback === undefined || callback === null || isObject(callback)) return;
    throw new TypeError(`${where}: parameter 2 is not of type 'function or HandlerObject'.`);
  }
