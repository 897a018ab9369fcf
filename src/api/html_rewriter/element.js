// Element, and the entry of the stack of open elements that is behind it.

  class OpenElement {
    rewriting;
    /** @type {OpenElement | undefined} */ parent;
    name;
    nameText;
    namespace;
    raw;
    index = 0;      // among its parent's elements, from 1
    typeIndex = 0;  // among those of its name
    childCount = 0;
    /** @type {Map<string, number> | undefined} */ childTypes;
    /** Whether an element of HTML has ended it without its end tag. */ isLeft = false;
    /** Whether its content is dropped. */ dropsContent = false;
    canHaveContent;
    isSelfClosing;
    changes = new Changes();
    /** @type {Changes | undefined} */ endChanges;
    /** @type {string | undefined} */ newName;
    /** @type {any} */ onEndTag;
    attributesVersion = 0;
    #attributesAt;
    /** @type {any[] | undefined} */ #attributes;
    isChanged = false;
    /** Whether it is in something that is dropped. */ isInDropped = false;
    /** Whether its content is HTML, though it is not. */ hasHtmlInside = false;
    /** Indexes of the handlers whose selectors match it. @type {number[]} */ matched = new List();

    constructor(rewriting, parent, token, namespace, canHaveContent) {
      this.rewriting = rewriting;
      this.parent = parent;
      this.name = token.name;
      this.nameText = rewriting.coding.decode(token.name);
      this.namespace = namespace;
      this.raw = token.raw;
      this.isSelfClosing = token.isSelfClosing;
      this.#attributesAt = token.attributesAt;
      this.canHaveContent = canHaveContent;
    }

    get attributes() {
      return this.#attributes ??= parseAttributes(this.raw, this.#attributesAt);
    }

    /** @param {string} name binary, in lower case */
    find(name) {
      const {attributes} = this;
      for (let i = 0; i < attributes.length; ++i) {
        if (attributes[i].name === name) return i;
      }
      return -1;
    }

    /** For selectors. @param {string} name @returns {string | undefined} */
    attributeText(name) {
      const {coding} = this.rewriting;
      const at = this.find(coding.encode(name));
      return at < 0 ? undefined : coding.decode(this.attributes[at].value);
    }

    /** @param {string} name @param {string} value both binary */
    setAttribute(name, value) {
      const {attributes} = this;
      const attribute = new Attribute(name, value, `${name}="${escapeQuotes(value)}"`);
      const at = this.find(name);
      if (at < 0) push(attributes, attribute);
      else attributes[at] = attribute;
      this.#changed();
    }

    removeAttribute(name) {
      const {attributes} = this;
      let kept = 0;
      for (let i = 0; i < attributes.length; ++i) {
        if (attributes[i].name !== name) attributes[kept++] = attributes[i];
      }
      if (kept === attributes.length) return;
      attributes.length = kept;
      this.#changed();
    }

    #changed() {
      this.isChanged = true;
      ++this.attributesVersion;
    }

    /** The start tag as it is now. */
    toTag() {
      if (!this.isChanged) return this.raw;
      const rawName = stringSlice(this.raw, 1, this.#attributesAt);
      let tag = `<${this.newName ?? rawName}`;
      const {attributes} = this;
      for (let i = 0; i < attributes.length; ++i) tag += ` ${attributes[i].raw}`;
      return tag + (this.isSelfClosing ? ' />' : '>');
    }

    /** Changes around the end tag; there are none without content. */
    get end() {
      return this.endChanges ??= new Changes();
    }

    /** What is in it goes, and what was put there. */
    dropContent() {
      if (!this.canHaveContent) return;
      this.dropsContent = true;
      this.changes.after = new List();
      if (this.endChanges !== undefined) this.endChanges.before = new List();
    }
  }

  /** @param {OpenElement} token */
  function removeElement(token) {
    token.changes.isRemoved = true;
    token.dropContent();
    if (token.canHaveContent) token.end.isRemoved = true;
  }

  class Element extends Face {
    get tagName() {
      const token = tokenOf(this);
      return token.rewriting.coding.decode(token.newName ?? token.name);
    }
    set tagName(value) {
      const token = tokenOf(this);
      const name = `${value}`;
      checkTagName(name);
      token.newName = token.rewriting.coding.encode(name);
      token.isChanged = true;
      if (token.canHaveContent) token.end;
    }
    get attributes() {
      const token = tokenOf(this);
      return new AttributesIterator(kFace, this, token.attributes, token.attributesVersion);
    }
    get namespaceURI() {
      return tokenOf(this).namespace;
    }
    get removed() {
      const token = tokenOf(this);
      return token.changes.isRemoved || token.isInDropped;
    }

    getAttribute(name) {
      const token = tokenOf(this);
      requireStrings(arguments, 1, 'getAttribute', 'Element');
      const {coding} = token.rewriting;
      const at = token.find(coding.encode(asciiLower(`${name}`)));
      return at < 0 ? null : coding.decode(token.attributes[at].value);
    }
    hasAttribute(name) {
      const token = tokenOf(this);
      requireStrings(arguments, 1, 'hasAttribute', 'Element');
      return token.find(token.rewriting.coding.encode(asciiLower(`${name}`))) >= 0;
    }
    setAttribute(name, value) {
      const token = tokenOf(this);
      requireStrings(arguments, 2, 'setAttribute', 'Element');
      const nameText = asciiLower(`${name}`);
      const valueText = `${value}`;
      checkName(nameText, 'Attribute', /[\t\n\f\r />=]/);
      const {coding} = token.rewriting;
      token.setAttribute(coding.encode(nameText), coding.encode(valueText));
      return this;
    }
    removeAttribute(name) {
      const token = tokenOf(this);
      requireStrings(arguments, 1, 'removeAttribute', 'Element');
      token.removeAttribute(token.rewriting.coding.encode(asciiLower(`${name}`)));
      return this;
    }

    before(content) {
      const token = tokenOf(this);
      push(token.changes.before, toPiece(token, arguments, 'before', 'Element'));
      return this;
    }
    after(content) {
      const token = tokenOf(this);
      const piece = toPiece(token, arguments, 'after', 'Element');
      prepend(token.canHaveContent ? token.end.after : token.changes.after, piece);
      return this;
    }
    prepend(content) {
      const token = tokenOf(this);
      const piece = toPiece(token, arguments, 'prepend', 'Element');
      if (token.canHaveContent) prepend(token.changes.after, piece);
      return this;
    }
    append(content) {
      const token = tokenOf(this);
      const piece = toPiece(token, arguments, 'append', 'Element');
      if (token.canHaveContent) push(token.end.before, piece);
      return this;
    }
    setInnerContent(content) {
      const token = tokenOf(this);
      const piece = toPiece(token, arguments, 'setInnerContent', 'Element');
      token.dropContent();
      if (token.canHaveContent) push(token.changes.after, piece);
      return this;
    }
    replace(content) {
      const token = tokenOf(this);
      const piece = toPiece(token, arguments, 'replace', 'Element');
      removeElement(token);
      token.changes.replacement = listOf(piece);
      return this;
    }
    remove() {
      removeElement(tokenOf(this));
      return this;
    }
    removeAndKeepContent() {
      const token = tokenOf(this);
      token.changes.isRemoved = true;
      if (token.canHaveContent) token.end.isRemoved = true;
      return this;
    }
    onEndTag(handler) {
      const token = tokenOf(this);
      if (typeof handler !== 'function') {
        throw new TypeError(
            "Failed to execute 'onEndTag' on 'Element': parameter 1 is not of type 'function'.");
      }
      if (!token.canHaveContent) throw newParserError('No end tag.');
      token.onEndTag = handler;
      token.end;
    }
  }
  for (const key of [
    'getAttribute', 'hasAttribute', 'setAttribute', 'removeAttribute', 'before', 'after', 'prepend',
    'append', 'setInnerContent', 'replace', 'onEndTag',
  ]) defineProperty(Element.prototype[key], 'length', {value: 0});
  finish(Element, 'Element');
