// How a document's bytes become text and back.

  /** Characters of single- and double-byte encodings by their bytes. @type {Map<string, Map<string, string>>} */
  const encoderTables = new NativeMap();

  /** @param {string} encoding */
  function encoderTable(encoding) {
    let table = mapGet(encoderTables, encoding);
    if (table !== undefined) return table;
    table = new NativeMap();
    const decoder = new TextDecoder(encoding, {fatal: true});
    const add = (bytes) => {
      try {
        const text = decode(decoder, fromBinary(bytes));
        if (mapGet(table, text) === undefined) mapSet(table, text, bytes);
      } catch {
        // No character.
      }
    };
    for (let lead = 0x80; lead < 0x100; ++lead) add(fromCode(lead));
    if (regExpExec(/^(?:gb|big5|euc|shift)/, encoding) !== null) {
      for (let lead = 0x81; lead < 0xFF; ++lead) {
        for (let trail = 0x40; trail < 0xFF; ++trail) add(fromCode(lead, trail));
      }
    }
    mapSet(encoderTables, encoding, table);
    return table;
  }

  /** Of one document. */
  class Coding {
    /** @type {string} */ #name;
    /** @type {any} */ #decoder;

    /** @param {string} label */
    constructor(label) {
      try {
        this.#decoder = new TextDecoder(label, {ignoreBOM: true});
      } catch {
        throw newParserError('Unknown character encoding has been provided.');
      }
      this.#name = this.#decoder.encoding;
      if (regExpExec(/^(?:utf-16|iso-2022-jp)/, this.#name) !== null) {
        throw newParserError('Expected ASCII-compatible encoding.');
      }
    }

    /** @param {string} binary @returns {string} */
    decode(binary) {
      if (isAsciiOnly(binary)) return binary;
      if (this.#name === 'utf-8') return binaryToUtf8(binary);
      return decode(this.#decoder, fromBinary(binary));
    }

    /** A decoder for text that comes in pieces. */
    newPieceDecoder() {
      const decoder = new TextDecoder(this.#name, {ignoreBOM: true});
      const more = {__proto__: null, stream: true};
      return {
        __proto__: null,
        /** @param {string} binary */
        piece: (binary) => decode(decoder, fromBinary(binary), more),
        end: () => decode(decoder),
      };
    }

    /** What the encoding lacks becomes a character reference. @param {string} text */
    encode(text) {
      if (isAsciiOnly(text)) return text;
      if (this.#name === 'utf-8') return utf8ToBinary(text);
      const table = encoderTable(this.#name);
      let result = '';
      for (let i = 0; i < text.length; ++i) {
        const code = stringCodePoint(text, i);
        const character = fromCodePoint(code);
        if (code > 0xFFFF) ++i;
        const bytes = code < 0x80 ? character : mapGet(table, character);
        result += bytes === undefined ? `&#${code};` : bytes;
      }
      return result;
    }
  }
