// What handlers get: Element, EndTag, Text, Comment, Doctype, DocumentEnd.
// https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/
//
// A face reaches its token through #token, which is taken away when its handlers are done.

  const kFace = {};

  const kNoPieces = new List();

  /** What is written around a token and in its place; lists of pieces (see toPiece()). */
  class Changes {
    before = new List();
    after = new List();
    /** @type {any} */ replacement = kNoPieces;
    isRemoved = false;
  }

  const newSpent = () => new TypeError(
      'This content token is no longer valid. Content tokens are only valid during the execution ' +
      'of the relevant content handler.');

  /** @param {string} text */
  function escapeText(text) {
    if (regExpExec(/[&<>]/, text) === null) return text;
    let result = '';
    for (let at = 0; at < text.length; ++at) {
      const character = stringSlice(text, at, at + 1);
      result += character === '&' ? '&amp;' : character === '<' ? '&lt;'
          : character === '>' ? '&gt;' : character;
    }
    return result;
  }

  /** @param {string} text */
  function escapeQuotes(text) {
    let result = '';
    let from = 0;
    for (let at = 0; (at = stringIndexOf(text, '"', from)) >= 0; from = at + 1) {
      result += `${stringSlice(text, from, at)}&quot;`;
    }
    return result + stringSlice(text, from);
  }

  /**
   * Content as given to a method: a binary string, or `{stream, isHtml}`.
   * @param {any} token @param {IArguments} given @param {string} method @param {string} type
   */
  function toPiece(token, given, method, type, takesStreams = true) {
    const mismatch = (at, expected) => new TypeError(
        `Failed to execute '${method}' on '${type}': parameter ${at} is not of type '${expected}'.`);
    const content = given[0];
    const options = given[1];
    if (given.length === 0) throw mismatch(1, 'string or JsReadableStream or Response');
    let stream;
    if (isObject(content)) {
      if (isResponse(content)) {
        stream = responseBody(content);
        if (stream === null) stream = undefined;
      } else if (isReadableStream(content)) {
        stream = content;
      }
    }
    const isStream = stream !== undefined || (isObject(content) && isResponse(content));
    const text = isStream ? '' : `${content}`;
    if (options !== undefined && options !== null && !isObject(options)) {
      throw mismatch(2, 'ContentOptions');
    }
    const isHtml = isObject(options) && !!options.html;
    if (!isStream) return token.rewriting.coding.encode(isHtml ? text : escapeText(text));
    if (!takesStreams) {
      throw new TypeError(
          'Replacing content in HTML comments using a ReadableStream or Response object is not ' +
          'implemented. You must provide a string.');
    }
    if (stream === undefined) return '';
    if (streamLocked(stream)) throw newLocked();
    return {__proto__: null, reader: getReader(stream), isHtml};
  }

  const listOf = (piece) => {
    const list = new List();
    push(list, piece);
    return list;
  };

  const prepend = (list, piece) => {
    const rest = list.length;
    push(list, piece);
    for (let i = rest; i > 0; --i) list[i] = list[i - 1];
    list[0] = piece;
  };

  /** Missing parameters. @param {IArguments} given @param {number} count */
  function requireStrings(given, count, method, type) {
    for (let i = 0; i < count; ++i) {
      if (i < given.length) continue;
      throw new TypeError(
          `Failed to execute '${method}' on '${type}': parameter ${i + 1} is not of type 'string'.`);
    }
  }

  /** @param {string} name @param {string} what @param {RegExp} forbidden */
  function checkName(name, what, forbidden) {
    if (name === '') throw newParserError(`${what} name can't be empty.`);
    const match = regExpExec(forbidden, name);
    if (match !== null) {
      throw newParserError(
          `\`${match[0]}\` character is forbidden in the ${stringLower(what)} name`);
    }
  }

  /** @param {string} name */
  function checkTagName(name) {
    if (name === '') throw newParserError("Tag name can't be empty.");
    if (!isLetter(stringCode(name, 0))) {
      throw newParserError(
          'The first character of the tag name should be an ASCII alphabetical character.');
    }
    checkName(name, 'Tag', /[\t\n\f\r />]/);
  }

  /** Takes a face's token away. @type {(face: any) => void} */
  let invalidate;
  /** Until then, what is in it. @type {(face: any) => any} */
  let tokenOf;

  class Face {
    /** @type {any} */ #token;

    constructor(key, token) {
      if (key !== kFace) throw new TypeError('Illegal constructor');
      this.#token = token;
    }

    static {
      invalidate = (face) => {
        face.#token = undefined;
      };
      tokenOf = (face) => {
        if (!isObject(face) || !(#token in face)) throw newIllegalInvocation();
        if (face.#token === undefined) throw newSpent();
        return face.#token;
      };
    }
  }

  /** Methods that Text and Comment share. @param {string} type @param {boolean} takesStreams */
  const placing = (type, takesStreams) => ({
    before(content) {
      const token = tokenOf(this);
      push(token.changes.before, toPiece(token, arguments, 'before', type, takesStreams));
      return this;
    },
    after(content) {
      const token = tokenOf(this);
      prepend(token.changes.after, toPiece(token, arguments, 'after', type, takesStreams));
      return this;
    },
    replace(content) {
      const token = tokenOf(this);
      token.changes.replacement =
          listOf(toPiece(token, arguments, 'replace', type, takesStreams));
      token.changes.isRemoved = true;
      return this;
    },
    remove() {
      tokenOf(this).changes.isRemoved = true;
      return this;
    },
  });

  /** A class without Face in its chain. @param {any} type @param {string} name @param {any} [shared] */
  function finish(type, name, shared = undefined) {
    setPrototypeOf(type.prototype, NativeObjectPrototype);
    if (shared !== undefined) {
      for (const key of ['before', 'after', 'replace', 'remove']) {
        const method = shared[key];
        defineProperty(method, 'length', {value: 0});
        defineProperty(type.prototype, key, {
          value: method, writable: true, enumerable: true, configurable: true,
        });
      }
    }
    for (const key of ownKeys(type.prototype)) {
      if (typeof key !== 'string' || key === 'constructor') continue;
      defineProperty(type.prototype, key, {enumerable: true});
    }
    defineProperty(type.prototype, Symbol.toStringTag, {value: name, configurable: true});
  }

  class Text extends Face {
    get text() {
      return tokenOf(this).text;
    }
    get lastInTextNode() {
      return tokenOf(this).isLast;
    }
    get removed() {
      return tokenOf(this).changes.isRemoved;
    }
  }
  finish(Text, 'Text', placing('Text', true));

  class Comment extends Face {
    get text() {
      const token = tokenOf(this);
      return token.newText ?? token.rewriting.coding.decode(token.text);
    }
    set text(value) {
      const token = tokenOf(this);
      const text = `${value}`;
      if (regExpExec(/-->|--!>|^-?>/, text) !== null) {
        throw newParserError("Comment text shouldn't contain a comment-closing sequence.");
      }
      token.newText = text;
    }
    get removed() {
      return tokenOf(this).changes.isRemoved;
    }
  }
  finish(Comment, 'Comment', placing('Comment', false));

  const kDoctype =
      /^<!doctype[\t\n\f\r ]*([^\t\n\f\r >]*)[\t\n\f\r ]*(?:(public|system)[\t\n\f\r ]*(?:"([^">]*)"|'([^'>]*)')[\t\n\f\r ]*(?:"([^">]*)"|'([^'>]*)')?)?/i;

  class Doctype extends Face {
    #part(which) {
      const token = tokenOf(this);
      const match = regExpExec(kDoctype, token.raw);
      const isPublic = match[2] !== undefined && asciiLower(match[2]) === 'public';
      const first = match[3] ?? match[4];
      const text = which === 'name' ? (match[1] === '' ? undefined : asciiLower(match[1]))
          : which === 'publicId' ? (isPublic ? first : undefined)
          : isPublic ? (match[5] ?? match[6]) : first;
      return text === undefined ? null : token.rewriting.coding.decode(text);
    }
    get name() {
      return this.#part('name');
    }
    get publicId() {
      return this.#part('publicId');
    }
    get systemId() {
      return this.#part('systemId');
    }
  }
  finish(Doctype, 'Doctype');

  class DocumentEnd extends Face {
    append(content) {
      const token = tokenOf(this);
      push(token.pieces, toPiece(token, arguments, 'append', 'DocumentEnd', false));
      return this;
    }
  }
  defineProperty(DocumentEnd.prototype.append, 'length', {value: 0});
  finish(DocumentEnd, 'DocumentEnd');

  class EndTag extends Face {
    get name() {
      const token = tokenOf(this);
      return token.rewriting.coding.decode(token.newName ?? token.name);
    }
    set name(value) {
      const token = tokenOf(this);
      token.newName = token.rewriting.coding.encode(`${value}`);
    }
    before(content) {
      const token = tokenOf(this);
      push(token.changes.before, toPiece(token, arguments, 'before', 'EndTag'));
      return this;
    }
    after(content) {
      const token = tokenOf(this);
      prepend(token.changes.after, toPiece(token, arguments, 'after', 'EndTag'));
      return this;
    }
    remove() {
      tokenOf(this).changes.isRemoved = true;
      return this;
    }
  }
  for (const key of ['before', 'after']) defineProperty(EndTag.prototype[key], 'length', {value: 0});
  finish(EndTag, 'EndTag');

  const kIteratorPrototype =
      Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

  class AttributesIterator {
    #face;
    #attributes;
    #index = 0;
    #version;

    constructor(key, face, attributes, version) {
      if (key !== kFace) throw new TypeError('Illegal constructor');
      this.#face = face;
      this.#attributes = attributes;
      this.#version = version;
    }

    next() {
      if (!isObject(this) || !(#face in this)) throw newIllegalInvocation();
      const token = tokenOf(this.#face);
      if (token.attributesVersion !== this.#version) {
        throw new Error(
            'The attributes of this element have been modified during iteration. You must create ' +
            'a new iterator after modifying attributes.');
      }
      if (this.#index >= this.#attributes.length) return {value: undefined, done: true};
      const {name, value} = this.#attributes[this.#index++];
      const {coding} = token.rewriting;
      return {value: [coding.decode(name), coding.decode(value)], done: false};
    }
  }
  finish(AttributesIterator, 'AttributesIterator');
  setPrototypeOf(AttributesIterator.prototype, kIteratorPrototype);
