// One document on its way through: tokens in, handlers called, HTML out.

  const kHtml = 'http://www.w3.org/1999/xhtml';
  const kSvg = 'http://www.w3.org/2000/svg';
  const kMathMl = 'http://www.w3.org/1998/Math/MathML';

  const kVoid = toSet([
    'area', 'base', 'basefont', 'bgsound', 'br', 'col', 'embed', 'frame', 'hr', 'img', 'input',
    'keygen', 'link', 'meta', 'param', 'source', 'track', 'wbr',
  ]);
  // https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign
  const kLeavesForeign = toSet([
    'b', 'big', 'blockquote', 'body', 'br', 'center', 'code', 'dd', 'div', 'dl', 'dt', 'em',
    'embed', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'head', 'hr', 'i', 'img', 'li', 'listing', 'menu',
    'meta', 'nobr', 'ol', 'p', 'pre', 'ruby', 's', 'small', 'span', 'strong', 'strike', 'sub',
    'sup', 'table', 'tt', 'u', 'ul', 'var',
  ]);
  const kHasHtmlInSvg = toSet(['foreignobject', 'desc', 'title']);
  const kHasHtmlInMathMl = toSet(['mi', 'mo', 'mn', 'ms', 'mtext']);
  const kTextModes = {
    __proto__: null,
    textarea: kRcdata, title: kRcdata, style: kRcdata, xmp: kRcdata, iframe: kRcdata,
    noembed: kRcdata, noframes: kRcdata, noscript: kRcdata, script: kScript, plaintext: kPlaintext,
  };
  const kOpenElementsMax = 100_000;

  class Rewriting {
    coding;
    #elementHandlers;
    #documentHandlers;
    #usesTypes;
    #tokenizer = new Tokenizer();
    /** @type {OpenElement | undefined} The innermost one. */ #top;
    #depth = 0;
    #dropped = 0;  // how many open elements drop their content
    #rootCount = 0;
    /** @type {Map<string, number> | undefined} */ #rootTypes;
    /** @type {any} */ #textDecoder;
    #output = '';

    /** @param {Coding} coding @param {any[]} elementHandlers @param {any[]} documentHandlers */
    constructor(coding, elementHandlers, documentHandlers, usesTypes) {
      this.coding = coding;
      this.#elementHandlers = elementHandlers;
      this.#documentHandlers = documentHandlers;
      this.#usesTypes = usesTypes;
      for (let i = 0; i < elementHandlers.length; ++i) push(this.#openCounts, 0);
    }

    /** What has become ready. */
    takeOutput() {
      const output = this.#output;
      this.#output = '';
      return output;
    }

    /** @param {string} binary @param {boolean} isLast */
    async feed(binary, isLast) {
      const tokenizer = this.#tokenizer;
      tokenizer.push(binary, isLast);
      for (;;) {
        tokenizer.allowsCdata = this.#namespaceInside() !== kHtml;
        const token = tokenizer.next();
        if (token === undefined) break;
        const done = this.#process(token);
        if (done !== undefined) await done;
      }
      if (!isLast) return;
      const pieces = new List();
      const list = this.#documentHandlers;
      // The reference asks the last one first.
      for (let i = list.length - 1; i >= 0; --i) {
        if (list[i].end === undefined) continue;
        await this.#call(listOf(list[i].end), new DocumentEnd(kFace, {__proto__: null, rewriting: this, pieces}));
      }
      await this.#writePieces(pieces);
    }

    /** @returns {Promise<void> | undefined} */
    #process(token) {
      switch (token.kind) {
        case 'start': return this.#startTag(token);
        case 'end': return this.#endTag(token);
        case 'text': return this.#text(token, false);
        case 'textEnd': return this.#text(token, true);
        case 'comment': return this.#comment(token);
        case 'doctype': return this.#doctype(token);
        default: return this.#write(token.raw);
      }
    }

    // ---- output ----

    #write(binary) {
      if (this.#dropped === 0) this.#output += binary;
    }

    /** @param {any[]} pieces @returns {Promise<void> | undefined} */
    #writePieces(pieces) {
      for (let i = 0; i < pieces.length; ++i) {
        if (typeof pieces[i] === 'string') this.#write(pieces[i]);
        else return this.#writeStreams(pieces, i);
      }
      return undefined;
    }

    async #writeStreams(pieces, from) {
      for (let i = from; i < pieces.length; ++i) {
        const piece = pieces[i];
        if (typeof piece === 'string') {
          this.#write(piece);
          continue;
        }
        const decoder = new TextDecoder();
        const more = {__proto__: null, stream: true};
        for (;;) {
          const {done, value} = await readerRead(piece.reader);
          const text = done ? decode(decoder)
              : typeof value === 'string' ? value : decode(decoder, value, more);
          this.#write(this.coding.encode(piece.isHtml ? text : escapeText(text)));
          if (done) break;
        }
      }
    }

    /** @param {Changes} changes @param {string} binary */
    #writeChanged(changes, binary) {
      const {before, replacement, after, isRemoved} = changes;
      if (before.length === 0 && after.length === 0 && replacement.length === 0) {
        return isRemoved ? undefined : this.#write(binary);
      }
      const pieces = new List();
      for (let i = 0; i < before.length; ++i) push(pieces, before[i]);
      if (!isRemoved) push(pieces, binary);
      for (let i = 0; i < replacement.length; ++i) push(pieces, replacement[i]);
      for (let i = 0; i < after.length; ++i) push(pieces, after[i]);
      return this.#writePieces(pieces);
    }

    // ---- handlers ----

    /**
     * Calls one after the other; a promise if one of them gives one.
     * @param {any[]} calls `{handler, self}` @param {any} face
     */
    #call(calls, face, from = 0) {
      for (let i = from; i < calls.length; ++i) {
        const {handler, self} = calls[i];
        let result;
        try {
          result = apply(handler, self, [face]);
        } catch (error) {
          invalidate(face);
          throw error;
        }
        if (isObject(result)) return this.#callRest(result, calls, face, i + 1);
      }
      invalidate(face);
      return undefined;
    }

    async #callRest(result, calls, face, from) {
      try {
        await result;
      } catch (error) {
        invalidate(face);
        throw error;
      }
      await this.#call(calls, face, from);
    }

    /** Then `next`, at once if `done` is none. */
    #then(done, next) {
      return done === undefined ? next() : this.#later(done, next);
    }
    async #later(done, next) {
      await done;
      await next();
    }

    /** Handlers of `kind` of the open elements, then those of the document. */
    #handlersHere(kind) {
      let calls;
      const list = this.#elementHandlers;
      for (let i = 0; i < list.length; ++i) {
        const entry = list[i];
        if (entry[kind] === undefined) continue;
        if (this.#openCounts[i] > 0) push(calls ??= new List(), entry[kind]);
      }
      for (let i = 0; i < this.#documentHandlers.length; ++i) {
        const entry = this.#documentHandlers[i];
        if (entry[kind] !== undefined) push(calls ??= new List(), entry[kind]);
      }
      return calls;
    }

    /** How many open elements the selector of the handler matches. @type {number[]} */
    #openCounts = new List();

    #text(token, isLast) {
      const calls = this.#handlersHere('text');
      if (calls === undefined) {
        this.#textDecoder = undefined;
        return this.#write(token.raw);
      }
      let text = '';
      if (isLast) {
        // What is left can only be malformed.
        const rest = this.#textDecoder?.end() ?? '';
        this.#textDecoder = undefined;
        if (rest !== '') {
          return this.#then(this.#textPiece(calls, rest, false),
              () => this.#textPiece(calls, '', true));
        }
      } else if (this.#textDecoder === undefined && isAsciiOnly(token.raw)) {
        text = token.raw;
      } else {
        this.#textDecoder ??= this.coding.newPieceDecoder();
        text = this.#textDecoder.piece(token.raw);
        if (text === '') return undefined;  // half a character
      }
      return this.#textPiece(calls, text, isLast);
    }

    #textPiece(calls, text, isLast) {
      const token = new Token('text', '');
      token.rewriting = this;
      token.text = text;
      token.isLast = isLast;
      token.changes = new Changes();
      return this.#then(this.#call(calls, new Text(kFace, token)),
          () => this.#writeChanged(token.changes, this.coding.encode(text)));
    }

    #comment(token) {
      const calls = this.#handlersHere('comments');
      if (calls === undefined) return this.#write(token.raw);
      token.rewriting = this;
      token.changes = new Changes();
      return this.#then(this.#call(calls, new Comment(kFace, token)), () => {
        const binary = token.newText === undefined
            ? token.raw : `<!--${this.coding.encode(token.newText)}-->`;
        return this.#writeChanged(token.changes, binary);
      });
    }

    #doctype(token) {
      const calls = new List();
      for (let i = 0; i < this.#documentHandlers.length; ++i) {
        const {doctype} = this.#documentHandlers[i];
        if (doctype !== undefined) push(calls, doctype);
      }
      token.rewriting = this;
      const done = calls.length === 0 ? undefined : this.#call(calls, new Doctype(kFace, token));
      return this.#then(done, () => this.#write(token.raw));
    }

    // ---- elements ----

    /** https://html.spec.whatwg.org/multipage/parsing.html#tree-construction-dispatcher */
    #namespaceInside() {
      const top = this.#top;
      if (top === undefined || top.namespace === kHtml || top.isLeft || top.hasHtmlInside) {
        return kHtml;
      }
      return top.namespace;
    }

    #namespaceOf(token) {
      const {name} = token;
      const top = this.#top;
      let outer = this.#namespaceInside();
      if (outer === kHtml && top?.namespace === kMathMl && !top.isLeft && top.name in kHasHtmlInMathMl &&
          (name === 'mglyph' || name === 'malignmark')) {
        return kMathMl;
      }
      if (outer === kMathMl && name === 'svg' && top.name === 'annotation-xml') return kSvg;
      if (outer !== kHtml && (name in kLeavesForeign || this.#isStyledFont(token))) {
        for (let each = top; each !== undefined && each.namespace !== kHtml && !each.hasHtmlInside;
            each = each.parent) {
          each.isLeft = true;
        }
        outer = kHtml;
      }
      if (outer === kHtml) return name === 'svg' ? kSvg : name === 'math' ? kMathMl : kHtml;
      return outer;
    }

    #isStyledFont(token) {
      if (token.name !== 'font') return false;
      const attributes = parseAttributes(token.raw, token.attributesAt);
      for (let i = 0; i < attributes.length; ++i) {
        const {name} = attributes[i];
        if (name === 'color' || name === 'face' || name === 'size') return true;
      }
      return false;
    }

    #hasHtmlInside(element) {
      if (element.namespace === kSvg) return element.name in kHasHtmlInSvg;
      if (element.namespace !== kMathMl) return false;
      if (element.name in kHasHtmlInMathMl) return true;
      if (element.name !== 'annotation-xml') return false;
      const at = element.find('encoding');
      const encoding = at < 0 ? '' : asciiLower(element.attributes[at].value);
      return encoding === 'text/html' || encoding === 'application/xhtml+xml';
    }

    /** Counts it among its siblings. @param {OpenElement} element */
    #count(element) {
      const parent = this.#top;
      element.index = parent === undefined ? ++this.#rootCount : ++parent.childCount;
      if (!this.#usesTypes) return;
      const types = parent === undefined ? (this.#rootTypes ??= new NativeMap())
          : (parent.childTypes ??= new NativeMap());
      element.typeIndex = (mapGet(types, element.name) ?? 0) + 1;
      mapSet(types, element.name, element.typeIndex);
    }

    #startTag(token) {
      const namespace = this.#namespaceOf(token);
      const isVoid = token.name in kVoid || (esiIsVoid() && token.name === 'esi:include');
      const canHaveContent = namespace === kHtml ? !isVoid : !token.isSelfClosing;
      const element = new OpenElement(this, this.#top, token, namespace, canHaveContent);
      element.isInDropped = this.#dropped > 0;
      this.#count(element);
      const calls = new List();
      const list = this.#elementHandlers;
      for (let i = 0; i < list.length; ++i) {
        if (!this.#matches(list[i].selector, element)) continue;
        push(element.matched, i);
        if (list[i].element !== undefined) push(calls, list[i].element);
      }
      if (canHaveContent) element.hasHtmlInside = this.#hasHtmlInside(element);
      if (namespace === kHtml && token.name in kTextModes) {
        this.#tokenizer.setMode(kTextModes[token.name], token.name);
      }
      const done = calls.length === 0 ? undefined : this.#call(calls, new Element(kFace, element));
      return this.#then(done, () => {
        const written = this.#writeChanged(element.changes, element.toTag());
        if (canHaveContent) return this.#then(written, () => this.#open(element));
        return written;
      });
    }

    #matches(alternatives, element) {
      for (let i = 0; i < alternatives.length; ++i) {
        if (selectorMatches(alternatives[i], element)) return true;
      }
      return false;
    }

    #open(element) {
      if (++this.#depth > kOpenElementsMax) {
        throw new RangeError(`HTMLRewriter: more than ${kOpenElementsMax} elements are open.`);
      }
      this.#top = element;
      if (element.dropsContent) ++this.#dropped;
      const {matched} = element;
      for (let i = 0; i < matched.length; ++i) {
        ++this.#openCounts[matched[i]];
      }
    }

    /** Closes the innermost open element. */
    #close() {
      const element = this.#top;
      --this.#depth;
      this.#top = element.parent;
      if (element.dropsContent) --this.#dropped;
      const {matched} = element;
      for (let i = 0; i < matched.length; ++i) --this.#openCounts[matched[i]];
      return element;
    }

    #endTag(token) {
      let found = this.#top;
      while (found !== undefined && found.name !== token.name) found = found.parent;
      if (found === undefined) return this.#write(token.raw);
      // As in the reference: of all elements that end here, the outermost with changes has them.
      let element;
      for (;;) {
        const closed = this.#close();
        if (closed.endChanges !== undefined) element = closed;
        if (closed === found) break;
      }
      if (element === undefined) return this.#write(token.raw);
      token.rewriting = this;
      token.changes = element.endChanges;
      token.newName = element.newName;
      const {onEndTag} = element;
      const done = onEndTag === undefined ? undefined
          : this.#call(listOf({__proto__: null, handler: onEndTag, self: undefined}), new EndTag(kFace, token));
      return this.#then(done, () => {
        const binary = token.newName === undefined ? token.raw : `</${token.newName}>`;
        return this.#writeChanged(token.changes, binary);
      });
    }
  }
