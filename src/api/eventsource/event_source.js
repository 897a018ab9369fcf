// EventSource. https://html.spec.whatwg.org/multipage/server-sent-events.html
(native, builtins) => {
  'use strict';
  const {addHandlers, EventTarget, expose, fireEvent, isObject, newErrorEvent, newMessageEvent, newTrustedEvent} =
    builtins.events;
  const {DOMException} = builtins.DOMException;
  const uncurry = (/** @type {any} */ method) => Function.prototype.call.bind(method);
  const getterOf = (/** @type {any} */ cls, /** @type {string} */ name) => {
    let object = cls.prototype;
    while (!Object.hasOwn(object, name)) object = Object.getPrototypeOf(object);
    return uncurry(Object.getOwnPropertyDescriptor(object, name).get);
  };
  const bodyOf = getterOf(Response, 'body');
  const statusOf = getterOf(Response, 'status');
  const urlOf = getterOf(Response, 'url');
  const headersOf = getterOf(Response, 'headers');
  const getHeader = uncurry(Headers.prototype.get);
  const originOf = getterOf(URL, 'origin');
  const hrefOf = getterOf(URL, 'href');
  const getReader = uncurry(ReadableStream.prototype.getReader);
  const read = uncurry(ReadableStreamDefaultReader.prototype.read);
  const cancelReader = uncurry(ReadableStreamDefaultReader.prototype.cancel);
  const decode = uncurry(TextDecoder.prototype.decode);
  const then = uncurry(Promise.prototype.then);
  const abort = uncurry(AbortController.prototype.abort);
  const signalOf = getterOf(AbortController, 'signal');
  const charAt = uncurry(String.prototype.charCodeAt);
  const slice = uncurry(String.prototype.slice);
  const indexOf = uncurry(String.prototype.indexOf);
  const toLowerCase = uncurry(String.prototype.toLowerCase);
  const trim = uncurry(String.prototype.trim);
  const NativeURL = URL;
  const NativeTextDecoder = TextDecoder;
  const NativeAbortController = AbortController;
  const {setTimeout} = globalThis;
  const {defineProperty} = Object;

  const kInternal = {};
  const kStates = {CONNECTING: 0, OPEN: 1, CLOSED: 2};
  const kRetryMillisecondsDefault = 2000;
  const kEventCharactersMax = 16 * 1024 * 1024;
  const kLineFeed = 10;
  const kCarriageReturn = 13;
  const kZero = 48;
  const kNine = 57;

  // https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
  class Interpreter {
    lastEventId = '';
    retryMilliseconds = kRetryMillisecondsDefault;
    #line = '';
    #skipsLineFeed = false;
    #data = '';
    #hasData = false;
    #type = '';
    #id = '';
    #dispatch;

    /** @param {(type: string, data: string, id: string) => void} dispatch */
    constructor(dispatch) {
      this.#dispatch = dispatch;
    }
    /** A new stream; what was begun of the last one is forgotten. */
    restart() {
      this.#line = '';
      this.#skipsLineFeed = false;
      this.#clear();
    }
    #clear() {
      this.#data = this.#type = '';
      this.#hasData = false;
    }
    /** @param {string} text */
    feed(text) {
      let start = 0;
      for (let i = 0; i < text.length; ++i) {
        const code = charAt(text, i);
        if (code === kLineFeed && this.#skipsLineFeed) {
          this.#skipsLineFeed = false;
          start = i + 1;
          continue;
        }
        this.#skipsLineFeed = code === kCarriageReturn;
        if (code !== kLineFeed && code !== kCarriageReturn) continue;
        const line = this.#line + slice(text, start, i);
        this.#line = '';
        start = i + 1;
        this.#interpret(line);
      }
      this.#line += slice(text, start);
      if (this.#line.length + this.#data.length > kEventCharactersMax) {
        throw new Error(`EventSource: an event has more than ${kEventCharactersMax} characters.`);
      }
    }
    /** @param {string} line */
    #interpret(line) {
      if (line === '') return this.#end();
      const colon = indexOf(line, ':');
      if (colon === 0) return;
      const field = colon < 0 ? line : slice(line, 0, colon);
      let value = colon < 0 ? '' : slice(line, colon + 1);
      if (value[0] === ' ') value = slice(value, 1);
      if (field === 'event') this.#type = value;
      else if (field === 'data') {
        this.#data = this.#hasData ? `${this.#data}\n${value}` : value;
        this.#hasData = true;
      } else if (field === 'id') {
        if (indexOf(value, '\0') < 0) this.#id = value;
      } else if (field === 'retry' && isNumber(value)) this.retryMilliseconds = +value;
    }
    #end() {
      this.lastEventId = this.#id;
      const type = this.#type === '' ? 'message' : this.#type;
      const data = this.#data;
      this.#clear();
      if (data !== '') this.#dispatch(type, data, this.#id);
    }
  }

  /** @param {string} text */
  function isNumber(text) {
    for (let i = 0; i < text.length; ++i) {
      const code = charAt(text, i);
      if (code < kZero || code > kNine) return false;
    }
    return text !== '';
  }

  /** @type {(value: any) => EventSource} */
  let check;

  class EventSource extends EventTarget {
    #url = '';
    #state = kStates.CONNECTING;
    #fetcher;
    /** @type {string | null} */ #origin = null;
    /** @type {any} */ #reader;
    /** @type {AbortController | undefined} */ #controller;
    #interpreter = new Interpreter((type, data, id) => {
      if (this.#state !== kStates.CLOSED) fireEvent(this, newMessageEvent(type, data, this.#origin, id));
    });

    static {
      check = (value) => {
        if (!isObject(value) || !(#url in value)) throw new TypeError('Illegal invocation');
        return value;
      };
    }

    constructor(url, init = undefined) {
      super();
      if (url === kInternal) return;
      const where = "Failed to construct 'EventSource'";
      if (arguments.length < 1) {
        throw new TypeError(`${where}: constructor parameter 1 is not of type 'string'.`);
      }
      const text = `${url}`;
      if (init !== undefined && init !== null && !isObject(init)) {
        throw new TypeError(`${where}: constructor parameter 2 is not of type 'EventSourceInit'.`);
      }
      const fetcher = init?.fetcher;
      if (fetcher !== undefined && !native.isFetcher(fetcher)) {
        throw new TypeError("Incorrect type for the 'fetcher' field on 'EventSourceInit': " +
            "the provided value is not of type 'Fetcher'.");
      }
      if (init?.withCredentials) {
        throw new DOMException(
            'The init.withCredentials option is not supported. It must be false or undefined.',
            'NotSupportedError');
      }
      try {
        this.#url = hrefOf(new NativeURL(text));
      } catch {
        throw new DOMException(`Cannot open an EventSource to '${text}'. The URL is invalid.`, 'SyntaxError');
      }
      this.#fetcher = fetcher;
      this.#connect();
    }

    // https://developers.cloudflare.com/workers/runtime-apis/eventsource/#eventsourcefromreadablestream
    static from(stream) {
      let reader;
      try {
        reader = getReader(stream);
      } catch (error) {
        if (native.isReadableStream(stream)) throw error;
        throw new TypeError("Failed to execute 'from' on 'EventSource': parameter 1 is not of type 'ReadableStream'.");
      }
      const source = new EventSource(kInternal);
      source.#state = kStates.OPEN;
      source.#follow(reader);
      return source;
    }

    close() {
      const self = check(this);
      self.#state = kStates.CLOSED;
      if (self.#controller !== undefined) abort(self.#controller);
      if (self.#reader !== undefined) then(cancelReader(self.#reader), undefined, () => {});
    }

    get url() {
      return check(this).#url;
    }
    get withCredentials() {
      check(this);
      return false;
    }
    get readyState() {
      return check(this).#state;
    }

    #connect() {
      const controller = new NativeAbortController();
      this.#controller = controller;
      const headers = {__proto__: null, accept: 'text/event-stream', 'cache-control': 'no-cache'};
      const {lastEventId} = this.#interpreter;
      if (lastEventId !== '') headers['last-event-id'] = lastEventId;
      const init = {__proto__: null, headers, signal: signalOf(controller)};
      then(native.fetch(this.#fetcher, this.#url, init),
          (response) => this.#opened(response), (error) => this.#fail(error));
    }

    // https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
    /** @param {Response} response */
    #opened(response) {
      if (this.#state === kStates.CLOSED) return;
      const type = getHeader(headersOf(response), 'content-type');
      const status = statusOf(response);
      if (type === null) return this.#refuse('No content type header was present in the response.');
      const semicolon = indexOf(type, ';');
      const essence = toLowerCase(trim(semicolon < 0 ? type : slice(type, 0, semicolon)));
      if (essence !== 'text/event-stream') return this.#refuse(`The content type '${type}' is invalid.`);
      if (status !== 200) return this.#refuse(`The response status code was ${status}.`);
      this.#origin = originOf(new NativeURL(urlOf(response) || this.#url));
      this.#state = kStates.OPEN;
      fireEvent(this, newTrustedEvent('open'));
      const body = bodyOf(response);
      if (body === null) return this.#ended();
      this.#follow(getReader(body));
    }

    /** @param {any} reader */
    #follow(reader) {
      this.#reader = reader;
      this.#interpreter.restart();
      const decoder = new NativeTextDecoder();
      const next = () => then(read(reader), (result) => {
        if (this.#state === kStates.CLOSED) return;
        if (result.done) return this.#ended();
        try {
          this.#interpreter.feed(decode(decoder, result.value, {stream: true}));
        } catch (error) {
          return this.#fail(error);
        }
        next();
      }, (error) => this.#fail(error));
      next();
    }

    #ended() {
      this.#reader = undefined;
      if (this.#state === kStates.CLOSED) return;
      const mayReconnect = this.#url !== '';
      this.#state = mayReconnect ? kStates.CONNECTING : kStates.CLOSED;
      fireEvent(this, newErrorEvent(new Error('The server disconnected.')));
      if (this.#state !== kStates.CONNECTING) return;
      setTimeout(() => {
        if (this.#state === kStates.CONNECTING) this.#connect();
      }, this.#interpreter.retryMilliseconds);
    }

    /** @param {string} text */
    #refuse(text) {
      this.#fail(new DOMException(text, 'AbortError'));
    }
    /** @param {any} error */
    #fail(error) {
      if (this.#state === kStates.CLOSED) return;
      this.#state = kStates.CLOSED;
      if (this.#controller !== undefined) abort(this.#controller);
      fireEvent(this, newErrorEvent(error));
    }
  }
  expose('EventSource', EventSource);
  addHandlers(EventSource, check, ['open', 'message', 'error']);
  for (const name of ['CONNECTING', 'OPEN', 'CLOSED']) {
    const constant = {value: kStates[name], enumerable: true};
    defineProperty(EventSource, name, constant);
    defineProperty(EventSource.prototype, name, constant);
  }
  return {EventSource};
}
