// MessageChannel and MessagePort. https://html.spec.whatwg.org/multipage/web-messaging.html
//
// Differs: ports stay where they are and nothing is transferred; a message is delivered in a
// microtask; any listener for messages starts a port. All as in the reference.

  const kDone = NativePromise.resolve();
  /** @param {() => void} run */
  const soon = (run) => void promiseThen(kDone, run);

  /** @type {(one: MessagePort, other: MessagePort) => void} */
  let entangle;
  /** @type {(value: any) => MessagePort} */
  let toMessagePort;

  class MessagePort extends EventTarget {
    /** @type {MessagePort | undefined} */ #other;
    /** Messages that wait, a linked list. @type {any} */ #first;
    /** @type {any} */ #last;
    #isStarted = false;

    constructor() {
      if (arguments[0] !== kInternal) throw new TypeError('Illegal constructor');
      super();
    }

    static {
      isMessagePort = (value) => isObject(value) && #isStarted in value;
      toMessagePort = (value) => {
        if (!isMessagePort(value)) throw new TypeError('Illegal invocation');
        return value;
      };
      const before = listenerAdded;
      listenerAdded = (target, type) => {
        before(target, type);
        if (type === 'message' && isMessagePort(target)) target.#start();
      };
      entangle = (one, other) => {
        one.#other = other;
        other.#other = one;
      };
    }

    // https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messageport-postmessage
    postMessage(message = undefined, options = undefined) {
      const self = toMessagePort(this);
      const transfer = isArray(options) ? options : options?.transfer;
      if (transfer !== undefined && transfer !== null && transfer.length !== 0) {
        throw new Error('Transfer list is not supported');
      }
      const entry = {__proto__: null, data: native.clone(message), next: undefined};
      const other = self.#other;
      if (other === undefined) return;
      if (other.#first === undefined) other.#first = entry;
      else other.#last.next = entry;
      other.#last = entry;
      if (other.#isStarted) soon(() => other.#deliver());
    }

    start() {
      toMessagePort(this).#start();
    }
    #start() {
      if (this.#isStarted) return;
      this.#isStarted = true;
      for (let each = this.#first; each !== undefined; each = each.next) soon(() => this.#deliver());
    }

    close() {
      const self = toMessagePort(this);
      const other = self.#other;
      if (other === undefined) return;
      self.#other = other.#other = undefined;
      soon(() => {
        fireEvent(other, newTrustedEvent('close'));
        fireEvent(self, newTrustedEvent('close'));
      });
    }

    #deliver() {
      const entry = this.#first;
      if (entry === undefined) return;
      this.#first = entry.next;
      fireEvent(this, newMessageEvent('message', entry.data));
    }
  }
  expose('MessagePort', MessagePort);
  addHandlers(MessagePort, toMessagePort, ['message', 'messageerror', 'close']);

  class MessageChannel {
    #port1 = new MessagePort(kInternal);
    #port2 = new MessagePort(kInternal);

    constructor() {
      entangle(this.#port1, this.#port2);
    }

    /** @param {any} value @returns {MessageChannel} */
    static #of(value) {
      if (!isObject(value) || !(#port1 in value)) throw new TypeError('Illegal invocation');
      return value;
    }

    get port1() {
      return MessageChannel.#of(this).#port1;
    }
    get port2() {
      return MessageChannel.#of(this).#port2;
    }
  }
  expose('MessageChannel', MessageChannel);
