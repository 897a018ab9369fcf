// HTMLRewriter. https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/

  const newLocked = () => new TypeError('The ReadableStream has been locked to a reader.');

  /**
   * The handlers in an object, each with it as `this`.
   * @param {any} handlers @param {readonly string[]} kinds @param {string} type @param {number} at
   */
  function readHandlers(handlers, kinds, type, method, at) {
    if (handlers !== null && !isObject(handlers)) {
      throw new TypeError(
          `Failed to execute '${method}' on 'HTMLRewriter': parameter ${at} is not of type '${type}'.`);
    }
    const entry = {__proto__: null};
    if (handlers === null) return entry;
    for (let i = 0; i < kinds.length; ++i) {
      const handler = handlers[kinds[i]];
      if (handler === undefined) continue;
      if (typeof handler !== 'function') {
        throw new TypeError(`Incorrect type for the '${kinds[i]}' field on '${type}': the ` +
            "provided value is not of type 'function'.");
      }
      entry[kinds[i]] = {__proto__: null, handler, self: handlers};
    }
    return entry;
  }

  /** @param {any} response */
  function newCoding(response) {
    const type = headersGet(responseHeaders(response), 'content-type');
    return new Coding(type === null ? 'utf-8' : charsetOf(type) ?? 'utf-8');
  }

  /** @param {any} chunk of a stream */
  function chunkToBinary(chunk) {
    if (typeof chunk === 'string') return utf8ToBinary(chunk);
    return toBinary(chunk);
  }

  /** A byte stream of the rewritten body. */
  function newBody(reader, rewriting) {
    return new ReadableStream({
      __proto__: null,
      type: 'bytes',
      async pull(controller) {
        try {
          for (;;) {
            const {done, value} = await readerRead(reader);
            await rewriting.feed(done ? '' : chunkToBinary(value), done);
            const output = rewriting.takeOutput();
            if (output !== '') enqueue(controller, fromBinary(output));
            if (done) {
              closeController(controller);
              const request = byobRequest(controller);
              if (request !== null) respond(request, 0);
            }
            if (done || output !== '') return;
          }
        } catch (error) {
          promiseThen(readerCancel(reader, error), undefined, () => {});
          throw error;
        }
      },
      cancel: (reason) => readerCancel(reader, reason),
    });
  }

  class HTMLRewriter {
    #elementHandlers = new List();
    #documentHandlers = new List();
    #usesTypes = false;

    /** @param {string} selector @param {any} handlers */
    on(selector, handlers) {
      if (!isObject(this) || !(#usesTypes in this)) throw newIllegalInvocation();
      requireStrings(arguments, 1, 'on', 'HTMLRewriter');
      const text = `${selector}`;
      const entry = readHandlers(
          handlers, ['element', 'comments', 'text'], 'ElementContentHandlers', 'on', 2);
      const parser = new SelectorParser(text);
      entry.selector = parser.parse();
      this.#usesTypes ||= parser.usesTypes;
      push(this.#elementHandlers, entry);
      return this;
    }

    /** @param {any} handlers */
    onDocument(handlers) {
      if (!isObject(this) || !(#usesTypes in this)) throw newIllegalInvocation();
      push(this.#documentHandlers, readHandlers(handlers, ['doctype', 'comments', 'text', 'end'],
          'DocumentContentHandlers', 'onDocument', 1));
      return this;
    }

    /** @param {Response} response */
    transform(response) {
      if (!isObject(this) || !(#usesTypes in this)) throw newIllegalInvocation();
      if (!isResponse(response)) {
        throw new TypeError(
            "Failed to execute 'transform' on 'HTMLRewriter': parameter 1 is not of type 'Response'.");
      }
      const body = responseBody(response);
      if (body === null) return response;
      if (streamLocked(body) || responseUsed(response)) throw newLocked();
      const coding = newCoding(response);
      const rewriting = new Rewriting(coding, copy(this.#elementHandlers),
          copy(this.#documentHandlers), this.#usesTypes);
      return new Response(newBody(getReader(body), rewriting), response);
    }
  }

  const copy = (list) => {
    const result = new List();
    for (let i = 0; i < list.length; ++i) push(result, list[i]);
    return result;
  };

  for (const key of ['on', 'onDocument', 'transform']) {
    defineProperty(HTMLRewriter.prototype[key], 'length', {value: 0});
  }
  expose('HTMLRewriter', HTMLRewriter);
