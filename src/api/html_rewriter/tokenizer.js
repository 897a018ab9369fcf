// From pieces of HTML to tokens. https://html.spec.whatwg.org/multipage/parsing.html#tokenization
//
// Character references stay as they are: whoever changes HTML wants to see its source.

  const kData = 0;
  const kRcdata = 1;  // also of raw text: an end tag of that name ends it
  const kScript = 2;
  const kPlaintext = 3;
  const kCdata = 4;
  // An unfinished tag or comment is kept until it ends.
  const kTokenBytesMax = 64 * 1024 * 1024;

  const isLetter = (code) => (code >= 0x41 && code <= 0x5A) || (code >= 0x61 && code <= 0x7A);
  const isSpace = (code) =>
    code === 0x20 || code === 0x0A || code === 0x09 || code === 0x0D || code === 0x0C;

  /** What tagEnd() has found out besides. */
  let tagIsSelfClosing = false;

  /**
   * Where the tag whose name ends at `start` ends, behind its '>'; -1 if that has not come yet.
   * https://html.spec.whatwg.org/multipage/parsing.html#before-attribute-name-state and following
   * @param {string} text @param {number} start
   */
  function tagEnd(text, start) {
    for (let at = start;;) {
      const from = at;
      let code = stringCode(text, at);
      while (isSpace(code) || code === 0x2F) code = stringCode(text, ++at);
      if (code !== code) return -1;
      if (code === 0x3E) {
        tagIsSelfClosing = at > from && stringCode(text, at - 1) === 0x2F;
        return at + 1;
      }
      // A name, which may begin with '='.
      do {
        code = stringCode(text, ++at);
      } while (code === code && code !== 0x3D && code !== 0x3E && code !== 0x2F && !isSpace(code));
      while (isSpace(code)) code = stringCode(text, ++at);
      if (code !== 0x3D) continue;
      // Its value
      do {
        code = stringCode(text, ++at);
      } while (isSpace(code));
      if (code === 0x22 || code === 0x27) {
        const end = stringIndexOf(text, code === 0x22 ? '"' : "'", at + 1);
        if (end < 0) return -1;
        at = end + 1;
      } else {
        while (code === code && code !== 0x3E && !isSpace(code)) code = stringCode(text, ++at);
      }
    }
  }

  class Attribute {
    constructor(name, value, raw) {
      this.name = name;
      this.value = value;
      this.raw = raw;
    }
  }
  setPrototypeOf(Attribute.prototype, null);

  // A class, as objects without prototype are slow; all that is ever set is defined here.
  class Token {
    kind;
    raw;
    // Of tags
    rawName = '';
    name = '';
    attributesAt = 0;
    isSelfClosing = false;
    // Of text and comments
    text = '';
    isLast = false;
    // For handlers
    /** @type {any} */ rewriting;
    /** @type {any} */ changes;
    /** @type {string | undefined} */ newName;
    /** @type {string | undefined} */ newText;

    constructor(kind, raw) {
      this.kind = kind;
      this.raw = raw;
    }
  }

  const kAttribute =
      /[\t\n\f\r /]*(=?[^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r >"'][^\t\n\f\r >]*)?))?/y;

  /**
   * The attributes of a start tag.
   * @param {string} raw @param {number} start behind the tag's name
   * @returns {{name: string, value: string, raw: string}[]}
   */
  function parseAttributes(raw, start) {
    const list = new List();
    const end = raw.length - 1;
    let at = start;
    while (at < end) {
      kAttribute.lastIndex = at;
      const match = regExpExec(kAttribute, raw);
      if (match === null || kAttribute.lastIndex === at) break;
      const from = kAttribute.lastIndex;
      if (match[1] !== '') {
        let first = at;
        while (isSpace(stringCode(raw, first)) || stringCode(raw, first) === 0x2F) ++first;
        const value = match[2] ?? match[3] ?? match[4] ?? '';
        push(list, new Attribute(asciiLower(match[1]), value, stringSlice(raw, first, from)));
      }
      at = from;
    }
    return list;
  }

  class Tokenizer {
    /** @type {string} */ #text = '';
    #at = 0;
    #isLast = false;
    /** Whether "<![CDATA[" begins a section here; told by whoever knows the elements. */
    allowsCdata = false;
    #mode = kData;
    #endName = '';
    #isInText = false;
    /** @type {any} */ #pending;
    #isHeld = false;  // what comes next is too short to say what it is
    #scriptState = 0;  // 1: in a comment, 2: in a script in that
    #scriptSeen = 0;

    /** @param {string} text @param {boolean} isLast */
    push(text, isLast) {
      const rest = stringSlice(this.#text, this.#at);
      if (rest.length > kTokenBytesMax) {
        throw new RangeError(
            `HTMLRewriter: a tag or comment has more than ${kTokenBytesMax} bytes.`);
      }
      this.#scriptSeen = this.#scriptSeen > this.#at ? this.#scriptSeen - this.#at : 0;
      this.#text = rest + text;
      this.#at = 0;
      this.#isLast = isLast;
    }

    /** After a start tag. @param {number} mode @param {string} endName */
    setMode(mode, endName) {
      this.#mode = mode;
      this.#endName = endName;
      this.#scriptState = 0;
      this.#scriptSeen = this.#at;
    }

    /**
     * None when there is no whole one. Kinds: 'text', 'textEnd', 'start', 'end', 'comment',
     * 'doctype', 'raw' (nobody's business).
     * @returns {Token | undefined}
     */
    next() {
      const pending = this.#pending;
      if (pending !== undefined) {
        this.#pending = undefined;
        return pending;
      }
      this.#isHeld = false;
      const end = this.#textUntil();
      if (end > this.#at) {
        this.#isInText = true;
        const raw = stringSlice(this.#text, this.#at, end);
        this.#at = end;
        return new Token('text', raw);
      }
      if (this.#at === this.#text.length) return this.#isLast ? this.#endOfText() : undefined;
      const token = this.#isHeld ? undefined : this.#markup();
      if (token === undefined) return undefined;
      this.#at += token.raw.length;
      if (token.kind === 'text') {
        this.#isInText = true;
        return token;
      }
      if (token.kind !== 'raw') this.#mode = kData;
      // What is not text ends the text before it.
      const ended = this.#endOfText();
      if (ended === undefined) return token;
      this.#pending = token;
      return ended;
    }

    #endOfText() {
      if (!this.#isInText) return undefined;
      this.#isInText = false;
      return new Token('textEnd', '');
    }

    /** What begins at '<' as far as the mode lets it; or there is too little to say. */
    #markup() {
      const text = this.#text;
      if (this.#mode === kCdata) return this.#token('raw', 3);  // "]]>"
      const code = stringCode(text, this.#at + 1);
      if (code !== code) return this.#isLast ? this.#token('text', 1) : undefined;
      if (isLetter(code)) return this.#tag('start', 1);
      if (code === 0x2F) {
        const next = stringCode(text, this.#at + 2);
        if (next !== next) return this.#isLast ? this.#token('text', 2) : undefined;
        if (isLetter(next)) return this.#tag('end', 2);
        return next === 0x3E ? this.#token('raw', 3) : this.#bogusComment(2);
      }
      if (code === 0x3F) return this.#bogusComment(1);
      if (code === 0x21) return this.#declaration();
      return this.#token('text', 1);
    }

    #token(kind, length) {
      if (this.#mode === kCdata && kind === 'raw') this.#mode = kData;
      return new Token(kind, stringSlice(this.#text, this.#at, this.#at + length));
    }

    /** @param {string} kind @param {number} nameAt */
    #tag(kind, nameAt) {
      let nameEnd = this.#at + nameAt;
      for (;; ++nameEnd) {
        const code = stringCode(this.#text, nameEnd);
        if (code !== code || code === 0x3E || code === 0x2F || isSpace(code)) break;
      }
      const end = tagEnd(this.#text, nameEnd);
      if (end < 0) {
        return this.#isLast ? this.#token('raw', this.#text.length - this.#at) : undefined;
      }
      const token = this.#token(kind, end - this.#at);
      token.rawName = stringSlice(this.#text, this.#at + nameAt, nameEnd);
      token.name = asciiLower(token.rawName);
      token.attributesAt = nameEnd - this.#at;
      token.isSelfClosing = tagIsSelfClosing;
      return token;
    }

    /** @param {number} textAt */
    #bogusComment(textAt) {
      const end = stringIndexOf(this.#text, '>', this.#at + textAt);
      if (end < 0 && !this.#isLast) return undefined;
      return this.#comment(textAt, end < 0 ? this.#text.length : end, end < 0 ? 0 : 1);
    }

    #comment(textAt, textEnd, closing) {
      const token = this.#token('comment', textEnd + closing - this.#at);
      token.text = stringSlice(this.#text, this.#at + textAt, textEnd);
      return token;
    }

    // https://html.spec.whatwg.org/multipage/parsing.html#markup-declaration-open-state
    #declaration() {
      const head = stringSlice(this.#text, this.#at + 2, this.#at + 9);
      if (stringStartsWith(head, '--')) return this.#realComment();
      const lower = asciiLower(head);
      if (lower === 'doctype') return this.#doctype();
      if (this.allowsCdata && head === '[CDATA[') {
        const token = this.#token('raw', 9);
        this.#mode = kCdata;
        return token;
      }
      const mayBecome = head.length < 7 &&
          (stringStartsWith('--', head) || stringStartsWith('doctype', lower) ||
           (this.allowsCdata && stringStartsWith('[CDATA[', head)));
      if (mayBecome && !this.#isLast) return undefined;
      return this.#bogusComment(2);
    }

    #realComment() {
      const start = this.#at + 4;
      const abrupt = regExpExec(/^-?>/, stringSlice(this.#text, start, start + 2));
      if (abrupt !== null) return this.#comment(4, start, abrupt[0].length);
      let end = start;
      for (;;) {
        end = stringIndexOf(this.#text, '--', end);
        if (end < 0) break;
        if (stringCode(this.#text, end + 2) === 0x3E) return this.#comment(4, end, 3);
        if (stringSlice(this.#text, end + 2, end + 4) === '!>') return this.#comment(4, end, 4);
        ++end;
      }
      return this.#isLast ? this.#comment(4, this.#text.length, 0) : undefined;
    }

    #doctype() {
      const end = stringIndexOf(this.#text, '>', this.#at);
      if (end < 0 && !this.#isLast) return undefined;
      return this.#token('doctype', (end < 0 ? this.#text.length : end + 1) - this.#at);
    }

    /** Where the text that begins here ends, as far as it is known. */
    #textUntil() {
      const text = this.#text;
      if (this.#mode === kPlaintext) return text.length;
      if (this.#mode === kData) {
        const end = stringIndexOf(text, '<', this.#at);
        return end < 0 ? text.length : end;
      }
      if (this.#mode === kCdata) return this.#heldBack(stringIndexOf(text, ']]>', this.#at), 2);
      if (this.#mode === kScript) return this.#scriptEnd();
      return this.#heldBack(this.#endTagFrom(this.#at), this.#endName.length + 2);
    }

    /** @param {number} found @param {number} open how much at the end may be the beginning of it */
    #heldBack(found, open) {
      if (found >= 0) return found;
      const text = this.#text;
      if (this.#isLast) return text.length;
      const from = text.length - open > this.#at ? text.length - open : this.#at;
      const character = this.#mode === kCdata ? ']' : '<';
      const start = stringIndexOf(text, character, from);
      this.#isHeld = start >= 0;
      return start < 0 ? text.length : start;
    }

    /** @param {number} from */
    #endTagFrom(from) {
      const text = this.#text;
      const size = this.#endName.length;
      for (let at = from;; ++at) {
        at = stringIndexOf(text, '</', at);
        if (at < 0) return -1;
        const after = stringCode(text, at + 2 + size);
        if (after !== 0x3E && after !== 0x2F && !isSpace(after)) continue;
        if (asciiLower(stringSlice(text, at + 2, at + 2 + size)) === this.#endName) return at;
      }
    }

    // https://html.spec.whatwg.org/multipage/parsing.html#script-data-state and its escaped states
    #scriptEnd() {
      const text = this.#text;
      const turns = /<!--|-->|<\/?script(?=[\t\n\f\r />])/gi;
      turns.lastIndex = this.#scriptSeen > this.#at ? this.#scriptSeen : this.#at;
      for (;;) {
        const match = regExpExec(turns, text);
        if (match === null) break;
        const {index} = match;
        const what = asciiLower(match[0]);
        this.#scriptSeen = index + match[0].length;
        if (what === '<!--') {
          if (this.#scriptState === 0) this.#scriptState = 1;
          turns.lastIndex = this.#scriptSeen = index + 2;  // "<!-->" ends it, too
        } else if (what === '-->') {
          this.#scriptState = 0;
        } else if (what === '<script') {
          if (this.#scriptState === 1) this.#scriptState = 2;
        } else if (this.#scriptState === 2) {
          this.#scriptState = 1;
        } else {
          this.#scriptSeen = index;
          return index;
        }
      }
      if (this.#isLast) return text.length;
      // Whatever may be the beginning of one of these waits.
      const from = text.length - 8 > this.#at ? text.length - 8 : this.#at;
      const open = regExpExec(/<[^<]*$|--?$/, stringSlice(text, from));
      this.#isHeld = open !== null;
      return open === null ? text.length : from + open.index;
    }
  }
