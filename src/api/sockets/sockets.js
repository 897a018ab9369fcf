// connect() and Socket. https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/
(native, builtins) => {
  'use strict';
  const {isObject} = builtins.events;
  const {defineProperty} = Object;
  const {ownKeys} = Reflect;
  const kInternal = {};
  const kTransports = ['off', 'on', 'starttls'];
  const kPortMax = 65535;

  class Socket {
    /** @type {any} */ #parts;
    #secureTransport;
    #upgraded = false;
    #host;

    /** @param {any} key @param {any} parts @param {string} secureTransport @param {string} host */
    constructor(key, parts, secureTransport, host) {
      if (key !== kInternal) throw new TypeError('Illegal constructor');
      this.#parts = parts;
      this.#secureTransport = secureTransport;
      this.#host = host;
    }

    /** @param {any} value @returns {Socket} */
    static #of(value) {
      if (!isObject(value) || !(#parts in value)) throw new TypeError('Illegal invocation');
      return value;
    }

    get readable() {
      return Socket.#of(this).#parts.readable;
    }
    get writable() {
      return Socket.#of(this).#parts.writable;
    }
    get closed() {
      return Socket.#of(this).#parts.closed;
    }
    get opened() {
      return Socket.#of(this).#parts.opened;
    }
    get upgraded() {
      return Socket.#of(this).#upgraded;
    }
    get secureTransport() {
      return Socket.#of(this).#secureTransport;
    }

    close() {
      return native.close(Socket.#of(this).#parts.end);
    }

    startTls(options = undefined) {
      const self = Socket.#of(this);
      if (self.#upgraded) {
        throw new TypeError(
            'startTls has already been called on this socket, or the socket was transferred over RPC.');
      }
      if (self.#secureTransport === 'on') throw new TypeError('Cannot startTls on a TLS socket.');
      if (self.#secureTransport !== 'starttls') {
        throw new TypeError("The `secureTransport` socket option must be set to 'starttls' for startTls to be used.");
      }
      if (options !== undefined && options !== null && !isObject(options)) {
        throw new TypeError("Failed to execute 'startTls' on 'Socket': parameter 1 is not of type 'TlsOptions'.");
      }
      const name = options?.expectedServerHostname;
      const host = name === undefined ? self.#host : `${name}`;
      const parts = native.startTls(self.#parts.end, host);
      self.#upgraded = true;
      return new Socket(kInternal, parts, 'on', host);
    }
  }
  for (const key of ownKeys(Socket.prototype)) {
    if (key !== 'constructor') defineProperty(Socket.prototype, key, {enumerable: true});
  }
  defineProperty(Socket.prototype, Symbol.toStringTag, {value: 'Socket', configurable: true});

  // Texts pinned by the reference, here and below.
  /** @param {any} value */
  function toPort(value) {
    const port = +value;
    if (port !== port || port % 1 !== 0) {
      throw new TypeError('The value cannot be converted because it is not an integer.');
    }
    if (port < 0) {
      throw new TypeError(
          'The value cannot be converted because it is negative and this API expects a positive number.');
    }
    if (port > kPortMax) throw new TypeError(`Value out of range. Must be less than or equal to ${kPortMax}.`);
    return port;
  }

  /** @param {any} address @returns {[host: string, address: string]} */
  function toAddress(address) {
    if (isObject(address)) {
      const host = `${address.hostname}`;
      const port = toPort(address.port);
      native.checkHost(host);
      return [host, `${host}:${port}`];
    }
    const text = native.parseAddress(`${address}`);
    native.checkHost(text);
    let end = text.length - 1;
    while (text[end] !== ':') --end;
    let host = '';
    for (let i = 0; i < end; ++i) host += text[i];
    return [host, text];
  }

  /** @param {any} route @param {any} address @param {any} options @param {string} where */
  function connectTo(route, address, options, where) {
    if (address === undefined || address === null) {
      throw new TypeError(`${where}: parameter 1 is not of type 'string or SocketAddress'.`);
    }
    const [host, text] = toAddress(address);
    if (options !== undefined && options !== null && !isObject(options)) {
      throw new TypeError(`${where}: parameter 2 is not of type 'SocketOptions'.`);
    }
    const transport = options?.secureTransport;
    let secureTransport = 'off';
    if (transport !== undefined) {
      secureTransport = `${transport}`;
      let isKnown = false;
      for (let i = 0; i < kTransports.length; ++i) isKnown ||= kTransports[i] === secureTransport;
      if (!isKnown) {
        throw new TypeError(`Unsupported value in secureTransport socket option: ${secureTransport}`);
      }
    }
    const allowHalfOpen = !!options?.allowHalfOpen;
    const parts = native.connect(route, text, secureTransport === 'on', allowHalfOpen);
    return new Socket(kInternal, parts, secureTransport, host);
  }

  function connect(address, options = undefined) {
    return connectTo(undefined, address, options, "Failed to execute 'connect' on 'SocketsModule'");
  }

  return {
    exports: {connect},
    /** @param {any} route @param {any} address @param {any} options */
    connectThrough: (route, address, options) =>
      connectTo(route, address, options, "Failed to execute 'connect' on 'Fetcher'"),
    /** @param {any} parts */
    newSocket: (parts) => new Socket(kInternal, parts, 'off', ''),
  };
}
