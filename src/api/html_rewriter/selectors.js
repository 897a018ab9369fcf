// CSS selectors, as far as they can be decided when a start tag comes by.
// https://www.w3.org/TR/selectors-4/; what is left out is refused with the reference's texts.
//
// A selector is a list of alternatives; an alternative is its last compound, which leads to the
// compound on its left by `parent` or `ancestor`.

  // https://html.spec.whatwg.org/multipage/semantics-other.html#case-sensitivity-of-selectors
  const kCaseInsensitive = toSet([
    'accept', 'accept-charset', 'align', 'alink', 'axis', 'bgcolor', 'charset', 'checked', 'clear',
    'codetype', 'color', 'compact', 'declare', 'defer', 'dir', 'direction', 'disabled', 'enctype',
    'face', 'frame', 'hreflang', 'http-equiv', 'lang', 'language', 'link', 'media', 'method',
    'multiple', 'nohref', 'noresize', 'noshade', 'nowrap', 'readonly', 'rel', 'rev', 'rules',
    'scope', 'scrolling', 'selected', 'shape', 'target', 'text', 'type', 'valign', 'valuetype',
    'vlink',
  ]);

  const kEmptySelector = 'The selector is empty.';
  const kUnexpectedToken = 'Unexpected token in selector.';
  const kIdentifier =
      /(?:--|-?(?:[A-Za-z_\u0080-\uFFFF]|\\[^\n]))(?:[\w\-\u0080-\uFFFF]|\\[^\n])*/y;
  const kHashName = /(?:[\w\-\u0080-\uFFFF]|\\[^\n])+/y;
  const kBlank = /(?:[\t\n\f\r ]|\/\*[^]*?(?:\*\/|$))+/y;
  const kNth =
      /[\t\n\f\r ]*(?:(odd|even)|([+-]?\d*)n(?:[\t\n\f\r ]*([+-])[\t\n\f\r ]*(\d+))?|([+-]?\d+))[\t\n\f\r ]*/yi;

  /** @param {string} text with CSS escapes */
  function unescapeCss(text) {
    if (stringIndexOf(text, '\\') < 0) return text;
    let result = '';
    for (let at = 0; at < text.length; ++at) {
      const character = stringSlice(text, at, at + 1);
      if (character !== '\\') {
        result += character;
        continue;
      }
      const hex = regExpExec(/^([0-9A-Fa-f]{1,6})[\t\n\f\r ]?/, stringSlice(text, at + 1, at + 8));
      if (hex === null) {
        result += stringSlice(text, ++at, at + 1);
        continue;
      }
      const code = NativeNumber(`0x${hex[1]}`);
      const isCharacter = code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
      result += fromCodePoint(isCharacter ? code : 0xFFFD);
      at += hex[0].length;
    }
    return result;
  }

  class SelectorParser {
    #text;
    #at = 0;
    usesTypes = false;

    /** @param {string} text */
    constructor(text) {
      this.#text = text;
    }

    /** @returns {any[]} the alternatives */
    parse() {
      const alternatives = this.#list(false);
      if (this.#at < this.#text.length) throw newParserError(kUnexpectedToken);
      return alternatives;
    }

    #next() {
      return stringSlice(this.#text, this.#at, this.#at + 1);
    }

    /** @param {RegExp} sticky */
    #take(sticky) {
      sticky.lastIndex = this.#at;
      const match = regExpExec(sticky, this.#text);
      if (match !== null) this.#at = sticky.lastIndex;
      return match;
    }

    #list(isNegated) {
      const alternatives = new List();
      do {
        this.#take(kBlank);
        push(alternatives, isNegated ? this.#compound() : this.#complex());
        this.#take(kBlank);
      } while (this.#takes(','));
      return alternatives;
    }

    #takes(character) {
      if (this.#next() !== character) return false;
      ++this.#at;
      return true;
    }

    #complex() {
      let left = this.#compound();
      for (;;) {
        const hasBlank = this.#take(kBlank) !== null;
        const next = this.#next();
        if (next === '' || next === ',' || next === ')') return left;
        let relation = 'ancestor';
        if (next === '>') {
          ++this.#at;
          relation = 'parent';
          this.#take(kBlank);
          if (this.#at === this.#text.length) {
            throw newParserError('Dangling combinator in selector.');
          }
        } else if (next === '+' || next === '~') {
          throw newParserError(`Unsupported combinator \`${next}\` in selector.`);
        } else if (!hasBlank) {
          throw newParserError(kUnexpectedToken);
        }
        const right = this.#compound();
        right[relation] = left;
        left = right;
      }
    }

    #compound() {
      const compound = {
        __proto__: null, name: undefined, tests: new List(), parent: undefined, ancestor: undefined,
      };
      const start = this.#at;
      if (this.#takes('*')) {
        if (this.#takes('|')) this.#name(compound);
      } else {
        this.#name(compound);
      }
      if (this.#next() === '|') {
        throw newParserError('Selectors with explicit namespaces are not supported.');
      }
      while (this.#test(compound.tests)) {
        // Each adds itself.
      }
      if (this.#at === start) throw newParserError(kEmptySelector);
      return compound;
    }

    #name(compound) {
      const match = this.#take(kIdentifier);
      if (match !== null) compound.name = asciiLower(unescapeCss(match[0]));
    }

    /** @param {any[]} tests */
    #test(tests) {
      switch (this.#next()) {
        case '.': {
          ++this.#at;
          if (this.#at === this.#text.length) throw newParserError('Unexpected end of selector.');
          const name = this.#take(kIdentifier);
          if (name === null) throw newParserError(kEmptySelector);
          push(tests, {__proto__: null, kind: '~=', name: 'class', value: unescapeCss(name[0])});
          return true;
        }
        case '#': {
          ++this.#at;
          const name = this.#take(kHashName);
          if (name === null) throw newParserError(kEmptySelector);
          push(tests, {__proto__: null, kind: '=', name: 'id', value: unescapeCss(name[0])});
          return true;
        }
        case '[':
          ++this.#at;
          push(tests, this.#attribute());
          return true;
        case ':':
          ++this.#at;
          push(tests, this.#pseudoClass());
          return true;
        default: return false;
      }
    }

    #attribute() {
      const unexpected = () => newParserError('Unexpected token in the attribute selector.');
      this.#take(kBlank);
      const match = this.#take(kIdentifier);
      if (match === null) throw unexpected();
      const name = asciiLower(unescapeCss(match[0]));
      this.#take(kBlank);
      if (this.#closesAttribute()) return {__proto__: null, kind: 'has', name};
      const kind = this.#take(/[~|^$*]?=/y);
      if (kind === null) throw unexpected();
      this.#take(kBlank);
      const quoted = this.#take(/"((?:[^"\\\n]|\\[^])*)(?:"|$)|'((?:[^'\\\n]|\\[^])*)(?:'|$)/y);
      const word = quoted === null ? this.#take(kIdentifier) : null;
      if (quoted === null && word === null) throw unexpected();
      const value = unescapeCss(quoted === null ? word[0] : (quoted[1] ?? quoted[2]));
      this.#take(kBlank);
      const flag = this.#take(/[is](?![\w-])/yi);
      this.#take(kBlank);
      if (!this.#closesAttribute()) throw unexpected();
      const ignoresCase = flag === null ? name in kCaseInsensitive : asciiLower(flag[0]) === 'i';
      return {
        __proto__: null, kind: kind[0], name, ignoresCase,
        value: ignoresCase ? asciiLower(value) : value,
      };
    }

    /** At its end a selector closes what is open. */
    #closesAttribute() {
      return this.#at === this.#text.length || this.#takes(']');
    }

    #pseudoClass() {
      const unsupported = () =>
        newParserError('Unsupported pseudo-class or pseudo-element in selector.');
      const match = this.#take(kIdentifier);
      if (match === null) throw unsupported();
      const name = asciiLower(match[0]);
      if (!this.#takes('(')) {
        if (name === 'first-child') return {__proto__: null, kind: 'nth', step: 0, offset: 1};
        if (name !== 'first-of-type') throw unsupported();
        this.usesTypes = true;
        return {__proto__: null, kind: 'nthOfType', step: 0, offset: 1};
      }
      let test;
      if (name === 'not') {
        test = {__proto__: null, kind: 'not', alternatives: this.#list(true)};
        if (this.#next() !== ')' && this.#next() !== '') throw unsupported();
      } else if (name === 'nth-child' || name === 'nth-of-type') {
        this.usesTypes ||= name === 'nth-of-type';
        test = this.#nth(name === 'nth-child' ? 'nth' : 'nthOfType');
      } else {
        throw unsupported();
      }
      if (!this.#takes(')') && this.#at < this.#text.length) throw newParserError(kUnexpectedToken);
      return test;
    }

    // https://drafts.csswg.org/css-syntax-3/#anb-microsyntax
    #nth(kind) {
      const match = this.#take(kNth);
      if (match === null) throw newParserError(kUnexpectedToken);
      const {1: word, 2: step, 3: sign, 4: amount, 5: offset} = match;
      if (word !== undefined) {
        return {__proto__: null, kind, step: 2, offset: asciiLower(word) === 'odd' ? 1 : 0};
      }
      if (offset !== undefined) return {__proto__: null, kind, step: 0, offset: NativeNumber(offset)};
      const number = step === '' || step === '+' ? 1 : step === '-' ? -1 : NativeNumber(step);
      const by = amount === undefined ? 0 : NativeNumber(amount);
      return {__proto__: null, kind, step: number, offset: sign === '-' ? -by : by};
    }
  }

  /**
   * @param {any} test of an attribute @param {string | undefined} found its value, if there is one
   */
  function attributeMatches(test, found) {
    if (found === undefined) return false;
    if (test.kind === 'has') return true;
    const text = test.ignoresCase ? asciiLower(found) : found;
    const {value} = test;
    switch (test.kind) {
      case '=': return text === value;
      case '~=': {
        if (value === '' || regExpExec(/[\t\n\f\r ]/, value) !== null) return false;
        for (let at = stringIndexOf(text, value); at >= 0; at = stringIndexOf(text, value, at + 1)) {
          const end = at + value.length;
          const isWord = (at === 0 || isSpace(stringCode(text, at - 1))) &&
              (end === text.length || isSpace(stringCode(text, end)));
          if (isWord) return true;
        }
        return false;
      }
      case '|=': return text === value || stringStartsWith(text, `${value}-`);
      case '^=': return value !== '' && stringStartsWith(text, value);
      case '$=': return value !== '' && stringEndsWith(text, value);
      default: return value !== '' && stringIndexOf(text, value) >= 0;
    }
  }

  /** @param {{step: number, offset: number}} test @param {number} index from 1 */
  function nthMatches({step, offset}, index) {
    const distance = index - offset;
    return step === 0 ? distance === 0 : distance % step === 0 && distance / step >= 0;
  }

  /** @param {any} compound @param {any} element an entry of the stack of open elements */
  function compoundMatches(compound, element) {
    if (compound.name !== undefined && compound.name !== element.nameText) return false;
    const {tests} = compound;
    for (let i = 0; i < tests.length; ++i) {
      const test = tests[i];
      let matches;
      if (test.kind === 'nth') {
        matches = nthMatches(test, element.index);
      } else if (test.kind === 'nthOfType') {
        matches = nthMatches(test, element.typeIndex);
      } else if (test.kind === 'not') {
        matches = true;
        for (let j = 0; j < test.alternatives.length; ++j) {
          matches &&= !compoundMatches(test.alternatives[j], element);
        }
      } else {
        matches = attributeMatches(test, element.attributeText(test.name));
      }
      if (!matches) return false;
    }
    return true;
  }

  /** @param {any} compound the last one of an alternative @param {any} element */
  function selectorMatches(compound, element) {
    if (!compoundMatches(compound, element)) return false;
    if (compound.parent !== undefined) {
      return element.parent !== undefined && selectorMatches(compound.parent, element.parent);
    }
    if (compound.ancestor === undefined) return true;
    for (let each = element.parent; each !== undefined; each = each.parent) {
      if (selectorMatches(compound.ancestor, each)) return true;
    }
    return false;
  }
