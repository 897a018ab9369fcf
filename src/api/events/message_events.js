// MessageEvent, CloseEvent and ErrorEvent, and event handler attributes.
// https://html.spec.whatwg.org/multipage/comms.html#messageevent
// https://websockets.spec.whatwg.org/#the-closeevent-interface

  /** A dictionary without members. @type {any} */
  const kNothing = {__proto__: null};
  /** @type {(value: unknown) => boolean} */
  let isMessagePort = () => false;
  /** One of ours; most sources tell no origin. @type {(type: string, data: any, origin?: string | null, lastEventId?: string) => MessageEvent} */
  let newMessageEvent;

  /**
   * What an event class is constructed with: `type` is there, `init` is a dictionary or undefined.
   * @param {string} name @param {number} count @param {any} init @param {string} dictionary
   */
  function checkEventInit(name, count, init, dictionary) {
    const where = `Failed to construct '${name}'`;
    if (count < 1) throw new TypeError(`${where}: constructor parameter 1 is not of type 'string'.`);
    return toDictionary(init, where, 2, dictionary);
  }

  class MessageEvent extends Event {
    #data;
    /** @type {string | null} */ #origin;
    #lastEventId;
    #source;
    #ports;

    static {
      newMessageEvent = (type, data, origin = null, lastEventId = '') => {
        const event = new MessageEvent(type);
        event.#data = data;
        event.#origin = origin;
        event.#lastEventId = lastEventId;
        inner.trust(event);
        return event;
      };
    }

    /** @param {string} type @param {MessageEventInit} [init] */
    constructor(type, init = undefined) {
      const given = checkEventInit('MessageEvent', arguments.length, init, 'Initializer');
      super(type, init);
      const {data, lastEventId, origin, ports, source} = given ?? kNothing;
      this.#data = data === undefined ? null : data;
      this.#lastEventId = lastEventId === undefined ? '' : `${lastEventId}`;
      this.#origin = origin === undefined ? '' : `${origin}`;
      this.#ports = toPorts(ports);
      if (source !== undefined && source !== null && !isMessagePort(source)) {
        throw new TypeError("Incorrect type for the 'source' field on 'Initializer': " +
            "the provided value is not of type 'MessagePort'.");
      }
      this.#source = source === undefined ? null : source;
    }

    /** @param {any} value @returns {MessageEvent} */
    static #of(value) {
      if (!isObject(value) || !(#ports in value)) throw new TypeError('Illegal invocation');
      return value;
    }

    get data() {
      return MessageEvent.#of(this).#data;
    }
    get origin() {
      return MessageEvent.#of(this).#origin;
    }
    get lastEventId() {
      return MessageEvent.#of(this).#lastEventId;
    }
    get source() {
      return MessageEvent.#of(this).#source;
    }
    get ports() {
      return MessageEvent.#of(this).#ports;
    }
  }
  expose('MessageEvent', MessageEvent);

  /** @param {any} value A frozen array of ports. */
  function toPorts(value) {
    if (value === undefined) return freeze([]);
    const wrong = (/** @type {string} */ type) =>
      new TypeError(`Incorrect type for the 'ports' field on 'Initializer': ` +
          `the provided value is not of type '${type}'.`);
    if (!isArray(value)) throw wrong('Array');
    const ports = [];
    for (let i = 0; i < value.length; ++i) {
      const port = value[i];
      if (!isMessagePort(port)) throw wrong('MessagePort');
      defineProperty(ports, i, {__proto__: null, value: port, enumerable: true});
    }
    return freeze(ports);
  }

  class CloseEvent extends Event {
    #code;
    #reason;
    #wasClean;

    /** @param {string} type @param {CloseEventInit} [init] */
    constructor(type, init = undefined) {
      const given = checkEventInit('CloseEvent', arguments.length, init, 'Initializer');
      super(type, init);
      const {code, reason, wasClean} = given ?? kNothing;
      this.#code = code & 0xFFFF;
      this.#reason = reason === undefined ? '' : `${reason}`;
      this.#wasClean = !!wasClean;
    }

    /** @param {any} value @returns {CloseEvent} */
    static #of(value) {
      if (!isObject(value) || !(#code in value)) throw new TypeError('Illegal invocation');
      return value;
    }

    get code() {
      return CloseEvent.#of(this).#code;
    }
    get reason() {
      return CloseEvent.#of(this).#reason;
    }
    get wasClean() {
      return CloseEvent.#of(this).#wasClean;
    }
  }
  expose('CloseEvent', CloseEvent);

  // https://html.spec.whatwg.org/multipage/webappapis.html#errorevent
  class ErrorEvent extends Event {
    #colno;
    #error;
    #filename;
    #lineno;
    #message;

    /** @param {string} type @param {ErrorEventInit} [init] */
    constructor(type, init = undefined) {
      const given = checkEventInit('ErrorEvent', arguments.length, init, 'ErrorEventInit');
      super(type, init);
      const {colno, error, filename, lineno, message} = given ?? kNothing;
      this.#colno = colno >>> 0;
      this.#error = error;
      this.#filename = filename === undefined ? '' : `${filename}`;
      this.#lineno = lineno >>> 0;
      this.#message = message === undefined ? '' : `${message}`;
    }

    /** @param {any} value @returns {ErrorEvent} */
    static #of(value) {
      if (!isObject(value) || !(#colno in value)) throw new TypeError('Illegal invocation');
      return value;
    }

    get filename() {
      return ErrorEvent.#of(this).#filename;
    }
    get message() {
      return ErrorEvent.#of(this).#message;
    }
    get lineno() {
      return ErrorEvent.#of(this).#lineno;
    }
    get colno() {
      return ErrorEvent.#of(this).#colno;
    }
    get error() {
      return ErrorEvent.#of(this).#error;
    }
  }
  expose('ErrorEvent', ErrorEvent);

  /** @param {string} type */
  function newTrustedEvent(type) {
    const event = new Event(type);
    inner.trust(event);
    return event;
  }

  /** @param {any} init Of our own making. */
  function newCloseEvent(init) {
    const event = new CloseEvent('close', {__proto__: null, ...init});
    inner.trust(event);
    return event;
  }

  /** The event that tells of `error`. @param {any} error */
  function newErrorEvent(error) {
    let message = 'Uncaught';
    try {
      message = `Uncaught ${error}`;
    } catch {
      // What has no text is not told.
    }
    const event = new ErrorEvent('error', {__proto__: null, error, message});
    inner.trust(event);
    return event;
  }

  /** The handlers of an object, by type. @type {WeakMap<object, any>} */
  const handlers = new NativeWeakMap();

  // https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-idl-attributes
  /** @param {EventTarget} target @param {string} type @param {any} callback */
  function setHandler(target, type, callback) {
    let all = weakMapGet(handlers, target);
    if (all === undefined) weakMapSet(handlers, target, (all = {__proto__: null}));
    const former = all[type];
    if (!isObject(callback)) {
      if (former !== undefined) {
        removeListener(target, former.listener);
        all[type] = undefined;
      }
      return;
    }
    if (former !== undefined) {
      former.callback = callback;
      return;
    }
    const handler = {__proto__: null, callback, listener: undefined};
    const run = (/** @type {Event} */ event) => {
      if (typeof handler.callback !== 'function') return;
      if (apply(handler.callback, target, [event]) === false) event.preventDefault();
    };
    handler.listener = {type, callback: run, capture: false, once: false, passive: false, removed: false};
    all[type] = handler;
    addListener(target, handler.listener);
  }

  /**
   * Adds on… attributes to a class.
   * @param {any} constructor @param {(value: any) => void} check throws for what is no instance
   * @param {string[]} types
   */
  function addHandlers(constructor, check, types) {
    for (let i = 0; i < types.length; ++i) {
      const type = types[i];
      const name = `on${type}`;
      const accessor = {
        get [name]() {
          check(this);
          return weakMapGet(handlers, this)?.[type]?.callback ?? null;
        },
        set [name](callback) {
          check(this);
          setHandler(/** @type {any} */ (this), type, callback);
        },
      };
      defineProperty(constructor.prototype, name, Object.getOwnPropertyDescriptor(accessor, name));
    }
  }
