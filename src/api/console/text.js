// Text: strings, numbers, symbols and keys as they are written, colours, and widths on a terminal.

// SGR codes: on, off.
const kStyles = {
  __proto__: null,
  bigint: [33, 39],
  boolean: [33, 39],
  date: [35, 39],
  null: [1, 22],
  number: [33, 39],
  regexp: [31, 39],
  special: [36, 39],
  string: [32, 39],
  symbol: [32, 39],
  undefined: [90, 39],
};

// Strings shorter than this stay on one line.
const kSplitLengthMin = 16;

const kNeedsEscape = /[\0-\x1f'\\\x7f-\x9f\ud800-\udfff]/;
const kIdentifier = /^[a-zA-Z_][a-zA-Z_0-9]*$/;

function paint(run, text, style) {
  if (!run.colors) return text;
  const codes = kStyles[style];
  return codes === undefined ? text : `\x1b[${codes[0]}m${text}\x1b[${codes[1]}m`;
}

function counted(count, noun) {
  return `${count} ${noun}${count > 1 ? 's' : ''}`;
}

function escapeOf(code) {
  switch (code) {
    case 8: return '\\b';
    case 9: return '\\t';
    case 10: return '\\n';
    case 12: return '\\f';
    case 13: return '\\r';
    case 92: return '\\\\';
  }
  const hex = numberText(code, 16);
  if (code >= 0x100) return `\\u${hex}`;
  return `\\x${code < 16 ? '0' : ''}${toUpperCase(hex)}`;
}

// Whether the two code units from index on make one character.
function isPairAt(text, index) {
  return (charCodeAt(text, index) & 0xfc00) === 0xd800 &&
    (charCodeAt(text, index + 1) & 0xfc00) === 0xdc00;
}

// The text with everything that would not print as itself written as an escape.
function escapeText(text, quoteCode) {
  if (execRegExp(kNeedsEscape, text) === null) return text;
  let result = '';
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    const code = charCodeAt(text, i);
    if (code >= 0xd800 && code <= 0xdfff && isPairAt(text, i)) {
      i++;
      continue;
    }
    let escaped;
    if (code === quoteCode) escaped = `\\${text[i]}`;
    else if (code < 0x20 || code === 92 || (code >= 0x7f && code <= 0x9f)) escaped = escapeOf(code);
    else if (code >= 0xd800 && code <= 0xdfff) escaped = escapeOf(code);
    else continue;
    result += slice(text, copied, i) + escaped;
    copied = i + 1;
  }
  return result + slice(text, copied);
}

// The first kind of quote the text does not contain; single ones, escaped, if it contains all.
function quoted(text) {
  let quote = "'";
  if (includes(text, "'")) {
    if (!includes(text, '"')) quote = '"';
    else if (!includes(text, '`') && !includes(text, '${')) quote = '`';
  }
  return quote + escapeText(text, quote === "'" ? 39 : -1) + quote;
}

function writeString(run, value) {
  let text = value;
  let rest = '';
  if (text.length > run.maxStringLength) {
    rest = `... ${counted(text.length - run.maxStringLength, 'more character')}`;
    text = slice(text, 0, run.maxStringLength);
  }
  const room = run.breakLength - run.indent - 4;
  if (text.length <= kSplitLengthMin || text.length <= room) {
    return paint(run, quoted(text), 'string') + rest;
  }
  const separator = ` +\n${repeat(' ', run.indent + 2)}`;
  let result = '';
  let start = 0;
  while (start < text.length) {
    const newline = indexOf(text, '\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    if (start !== 0) result += separator;
    result += paint(run, quoted(slice(text, start, end)), 'string');
    start = end;
  }
  return result + rest;
}

function numberAsText(value) {
  return value === 0 && 1 / value < 0 ? '-0' : `${value}`;
}

function writePrimitive(run, value) {
  switch (typeof value) {
    case 'string': return writeString(run, value);
    case 'number': return paint(run, numberAsText(value), 'number');
    case 'bigint': return paint(run, `${value}n`, 'bigint');
    case 'boolean': return paint(run, `${value}`, 'boolean');
    case 'symbol': return paint(run, symbolText(value), 'symbol');
    case 'undefined': return paint(run, 'undefined', 'undefined');
  }
  return paint(run, 'null', 'null');
}

function writeKey(run, key, enumerable) {
  if (typeof key === 'symbol') return `[${paint(run, escapeText(symbolText(key), 39), 'symbol')}]`;
  if (key === '__proto__') return "['__proto__']";
  if (!enumerable) return `[${escapeText(key, 39)}]`;
  if (execRegExp(kIdentifier, key) !== null) return key;
  return paint(run, quoted(key), 'string');
}

// Without colour codes.
function bare(text) {
  let start = indexOf(text, '\x1b[');
  if (start === -1) return text;
  let result = '';
  let copied = 0;
  while (start !== -1) {
    let end = start + 2;
    while (end < text.length && end < start + 4 && text[end] >= '0' && text[end] <= '9') end++;
    if (end > start + 2 && text[end] === 'm') {
      result += slice(text, copied, start);
      copied = end + 1;
    }
    start = indexOf(text, '\x1b[', start + 2);
  }
  return result + slice(text, copied);
}

// First and last code points of the ranges a terminal shows two columns wide.
const kWide = [
  0x1100, 0x115f, 0x231a, 0x231b, 0x23e9, 0x23ec, 0x2614, 0x2615, 0x26aa, 0x26ab, 0x2705, 0x2705,
  0x274c, 0x274c, 0x2753, 0x2755, 0x2795, 0x2797, 0x2b1b, 0x2b1c, 0x2b50, 0x2b50, 0x2e80, 0x303e,
  0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff,
  0xfe30, 0xfe6f, 0xff00, 0xff60, 0xffe0, 0xffe6, 0x1f300, 0x1f64f, 0x1f680, 0x1f6ff, 0x1f900,
  0x1f9ff, 0x20000, 0x3fffd,
];
// And of those that take no column.
const kZeroWidth = [
  0x0, 0x1f, 0x7f, 0x9f, 0x300, 0x36f, 0x200b, 0x200f, 0x20d0, 0x20ff, 0xfe00, 0xfe0f, 0xfe20,
  0xfe2f, 0xe0100, 0xe01ef,
];
const kBeyondAscii = /[^\x20-\x7e]/;

function isWithin(ranges, code) {
  for (let i = 0; i < ranges.length; i += 2) {
    if (code >= ranges[i] && code <= ranges[i + 1]) return true;
  }
  return false;
}

function columnsOf(text) {
  if (execRegExp(kBeyondAscii, text) === null) return text.length;
  let columns = 0;
  for (let i = 0; i < text.length; i++) {
    const code = codePointAt(text, i);
    if (code > 0xffff) i++;
    if (isWithin(kWide, code)) columns += 2;
    else if (!isWithin(kZeroWidth, code)) columns += 1;
  }
  return columns;
}
