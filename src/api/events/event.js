// Event and CustomEvent. https://dom.spec.whatwg.org/#interface-event

  const kPhases = {NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3};

  /** What dispatch may do to an event from outside of the class. @type {any} */
  let inner;

  class Event {
    #type;
    #bubbles = false;
    #cancelable = false;
    #composed = false;
    /** @type {EventTarget | null} */ #target = null;
    /** @type {EventTarget | null} */ #currentTarget = null;
    #phase = kPhases.NONE;
    #dispatching = false;
    #stopped = false;
    #stoppedNow = false;
    #canceled = false;
    #passive = false;
    #trusted = false;

    // https://dom.spec.whatwg.org/#dom-event-event
    /** @param {string} type @param {EventInit} [init] */
    constructor(type, init = undefined) {
      if (arguments.length < 1) {
        throw new TypeError(
            `Failed to construct '${new.target.name}': constructor parameter 1 is not of type 'string'.`);
      }
      this.#type = `${type}`;
      const given = toDictionary(init, `Failed to construct '${new.target.name}'`, 2, 'Init');
      if (given === undefined) return;
      this.#bubbles = !!given.bubbles;
      this.#cancelable = !!given.cancelable;
      this.#composed = !!given.composed;
    }

    static {
      inner = {
        isEvent: (value) => isObject(value) && #type in value,
        isDispatching: (event) => event.#dispatching,
        begin(event, target) {
          event.#dispatching = true;
          event.#target = target;
          event.#currentTarget = target;
          event.#phase = kPhases.AT_TARGET;
        },
        // https://dom.spec.whatwg.org/#concept-event-dispatch, steps 6 to 13
        end(event) {
          event.#phase = kPhases.NONE;
          event.#currentTarget = null;
          event.#dispatching = false;
          event.#stopped = false;
          event.#stoppedNow = false;
          return !event.#canceled;
        },
        setPassive: (event, passive) => (event.#passive = passive),
        isStopped: (event) => event.#stopped,
        stop: (event) => (event.#stopped = event.#stoppedNow = true),
        isStoppedNow: (event) => event.#stoppedNow,
        trust: (event) => (event.#trusted = true),
      };
    }

    /** @param {Event} value @returns {Event} */
    static #of(value) {
      if (!isObject(value) || !(#type in value)) throw new TypeError('Illegal invocation');
      return value;
    }

    get type() {
      return Event.#of(this).#type;
    }
    get target() {
      return Event.#of(this).#target;
    }
    get srcElement() {
      return Event.#of(this).#target;
    }
    get currentTarget() {
      return Event.#of(this).#currentTarget;
    }
    // https://dom.spec.whatwg.org/#dom-event-composedpath: there is no tree.
    composedPath() {
      const {currentTarget} = this;
      return currentTarget === null ? [] : [currentTarget];
    }
    get eventPhase() {
      return Event.#of(this).#phase;
    }
    stopPropagation() {
      Event.#of(this).#stopped = true;
    }
    get cancelBubble() {
      return Event.#of(this).#stopped;
    }
    set cancelBubble(value) {
      if (value) Event.#of(this).#stopped = true;
    }
    stopImmediatePropagation() {
      Event.#of(this).#stopped = true;
      this.#stoppedNow = true;
    }
    get bubbles() {
      return Event.#of(this).#bubbles;
    }
    get cancelable() {
      return Event.#of(this).#cancelable;
    }
    get returnValue() {
      return !Event.#of(this).#canceled;
    }
    set returnValue(value) {
      if (!value) this.preventDefault();
    }
    preventDefault() {
      if (Event.#of(this).#cancelable && !this.#passive) this.#canceled = true;
    }
    get defaultPrevented() {
      return Event.#of(this).#canceled;
    }
    get composed() {
      return Event.#of(this).#composed;
    }
    get isTrusted() {
      return Event.#of(this).#trusted;
    }
    // Differs: time is not told, as in the reference.
    get timeStamp() {
      Event.#of(this);
      return 0;
    }
  }
  expose('Event', Event);
  for (const name of ownKeys(kPhases)) {
    const constant = {value: kPhases[name], enumerable: true};
    defineProperty(Event, name, constant);
    defineProperty(Event.prototype, name, constant);
  }

  // https://dom.spec.whatwg.org/#interface-customevent
  class CustomEvent extends Event {
    #detail;

    /** @param {string} type @param {CustomEventInit} [init] */
    constructor(type, init = undefined) {
      if (arguments.length < 1) {
        throw new TypeError(
            "Failed to construct 'CustomEvent': constructor parameter 1 is not of type 'string'.");
      }
      super(type, init);
      const detail = init?.detail;
      this.#detail = detail === undefined ? null : detail;
    }

    get detail() {
      if (!isObject(this) || !(#detail in this)) throw new TypeError('Illegal invocation');
      return this.#detail;
    }
  }
  expose('CustomEvent', CustomEvent);
