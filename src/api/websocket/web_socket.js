// WebSocket and WebSocketPair. https://websockets.spec.whatwg.org/#the-websocket-interface
(native, builtins) => {
  'use strict';
  const {
    addHandlers, EventTarget, expose, fireEvent, newCloseEvent, newErrorEvent, newMessageEvent,
    newTrustedEvent, toDictionary,
  } = builtins.events;
  const {defineProperty} = Object;
  const {apply} = Reflect;
  const arrayValues = Array.prototype.values;
  const {Blob} = globalThis;
  const kInternal = {};
  const kStates = {CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3};

  /** @type {(value: any) => void} */
  let check;
  /** What a message event has. @type {(socket: WebSocket, data: string | ArrayBuffer) => any} */
  let toData;

  class WebSocket extends EventTarget {
    #end;
    /** What has been set. @type {string | undefined} */ #binaryType;
    /** @type {string | null} */ #url = null;

    static {
      check = (value) => WebSocket.#of(value);
      toData = (socket, data) =>
        typeof data === 'string' || socket.#givenBinaryType() !== 'blob' ? data : new Blob([data]);
    }

    // https://websockets.spec.whatwg.org/#dom-websocket-websocket
    /** @param {string} url @param {string | string[]} [protocols] */
    constructor(url, protocols = undefined) {
      super();
      if (/** @type {any} */ (url) === kInternal) {
        this.#end = protocols;
      } else {
        if (arguments.length < 1) {
          throw new TypeError(
              "Failed to construct 'WebSocket': constructor parameter 1 is not of type 'string'.");
        }
        const opening = native.open(`${url}`, protocols);
        this.#end = opening.end;
        this.#url = opening.url;
      }
      native.attach(this.#end, this);
    }

    /** @param {any} value */
    static #of(value) {
      if (typeof value !== 'object' || value === null || !(#end in value)) {
        throw new TypeError('Illegal invocation');
      }
      return value.#end;
    }

    // https://developers.cloudflare.com/workers/runtime-apis/websockets/#accept
    accept(options = undefined) {
      const end = WebSocket.#of(this);
      const given = toDictionary(options, "Failed to execute 'accept' on 'WebSocket'", 1, 'AcceptOptions');
      const allowHalfOpen = given?.allowHalfOpen;
      native.accept(end, allowHalfOpen === undefined ? undefined : !!allowHalfOpen);
    }

    send(message) {
      const end = WebSocket.#of(this);
      if (arguments.length < 1) {
        throw new TypeError("Failed to execute 'send' on 'WebSocket': " +
            "parameter 1 is not of type 'ArrayBuffer or ArrayBufferView or string'.");
      }
      native.send(end, message);
    }

    close(code = undefined, reason = undefined) {
      native.close(WebSocket.#of(this), code, reason);
    }

    // https://developers.cloudflare.com/durable-objects/best-practices/websockets/
    serializeAttachment(attachment) {
      const end = WebSocket.#of(this);
      if (arguments.length < 1) {
        throw new TypeError("Failed to execute 'serializeAttachment' on 'WebSocket': " +
            "parameter 1 is not of type 'Value'.");
      }
      native.serializeAttachment(end, attachment);
    }

    deserializeAttachment() {
      return native.deserializeAttachment(WebSocket.#of(this));
    }

    get readyState() {
      return native.readyState(WebSocket.#of(this));
    }
    get bufferedAmount() {
      return native.bufferedAmount(WebSocket.#of(this));
    }
    // Null unless it was constructed with one.
    get url() {
      WebSocket.#of(this);
      return this.#url;
    }
    get protocol() {
      return native.protocol(WebSocket.#of(this));
    }
    get extensions() {
      return native.extensions(WebSocket.#of(this));
    }
    #givenBinaryType() {
      return this.#binaryType ??= native.isBlobStandard() ? 'blob' : 'arraybuffer';
    }
    get binaryType() {
      WebSocket.#of(this);
      return this.#givenBinaryType();
    }
    // Unknown values do nothing: https://webidl.spec.whatwg.org/#es-enumeration
    set binaryType(value) {
      WebSocket.#of(this);
      const text = `${value}`;
      if (text === 'blob' || text === 'arraybuffer') this.#binaryType = text;
    }
  }
  expose('WebSocket', WebSocket);
  addHandlers(WebSocket, check, ['open', 'message', 'error', 'close']);
  for (const name of ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED']) {
    const constant = {value: kStates[name], enumerable: true};
    for (const target of [WebSocket, WebSocket.prototype]) {
      defineProperty(target, name, constant);
      defineProperty(target, `READY_STATE_${name}`, constant);
    }
  }

  // https://developers.cloudflare.com/workers/runtime-apis/websockets/#websocketpair
  class WebSocketPair {
    constructor() {
      const ends = native.makePair();
      for (let i = 0; i < 2; ++i) {
        const socket = new WebSocket(/** @type {any} */ (kInternal), ends[i]);
        defineProperty(this, i, {__proto__: null, value: socket, enumerable: true, configurable: true});
      }
    }
  }
  expose('WebSocketPair', WebSocketPair);
  defineProperty(WebSocketPair.prototype, Symbol.iterator, {
    value: {
      [Symbol.iterator]() {
        return apply(arrayValues, [this[0], this[1]], []);
      },
    }[Symbol.iterator],
    writable: true,
    configurable: true,
  });

  // For C++: what has happened to a connection.
  return {
    /** @param {any} end */
    newWebSocket: (end) => new WebSocket(/** @type {any} */ (kInternal), end),
    /** @param {WebSocket} socket */
    opened: (socket) => fireEvent(socket, newTrustedEvent('open')),
    /** @param {WebSocket} socket @param {string | ArrayBuffer} data */
    received: (socket, data) => fireEvent(socket, newMessageEvent('message', toData(socket, data))),
    /** @param {WebSocket} socket @param {number} code @param {string} reason @param {boolean} wasClean */
    closed: (socket, code, reason, wasClean) =>
      fireEvent(socket, newCloseEvent({code, reason, wasClean})),
    /** @param {WebSocket} socket @param {any} error */
    failed: (socket, error) => fireEvent(socket, newErrorEvent(error)),
  };
}
