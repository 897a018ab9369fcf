// Layout: from an object's written entries to its text, on one line, in columns, or a line each.

// Lists longer than this are set in columns.
const kPlainListMax = 6;
const kColumnsMax = 15;
const kColumnsPerCompact = 4;
const kSeparatorColumns = 2;
// A character is about this much taller than wide; columns aim for a square.
const kCharacterHeight = 2.5;
// Columns an entry's own line and brackets are reckoned to need.
const kLineReserve = 10;

/**
 * How one object is to be written: `base open entries close`.
 *
 * @typedef {object} Shape
 * @property {string} [text]   complete already; the rest does not matter
 * @property {string} open
 * @property {string} close
 * @property {string} base     stands before the bracket: "[Function: f]"
 * @property {boolean} isList  a candidate for columns
 * @property {(string|symbol)[]} keys  properties to be written after what fill wrote
 * @property {(run: Run, value: object, level: number, out: string[], shape: Shape) => void} [fill]
 */

/** @returns {Shape} */
function newShape(open, close, keys) {
  return {
    __proto__: null,
    text: undefined,
    open,
    close,
    base: '',
    isList: false,
    keys,
    fill: undefined,
  };
}

/** @returns {Shape} */
function finishedShape(text) {
  const shape = newShape('', '', undefined);
  shape.text = text;
  return shape;
}

function columnsOn(run, text) {
  return columnsOf(run.colors ? bare(text) : text);
}

function lengthOn(run, text) {
  return (run.colors ? bare(text) : text).length;
}

function isOneLine(run, out, shape, base) {
  if (includes(base, '\n')) return false;
  let length = 2 * out.length + run.indent + shape.open.length + base.length + kLineReserve;
  for (let i = 0; i < out.length; i++) {
    length += lengthOn(run, out[i]);
    if (length > run.breakLength || includes(out[i], '\n')) return false;
  }
  return length <= run.breakLength;
}

// level is that of the object itself, one more than its parent's.
function layOut(run, out, shape, base, level, value) {
  const start = base === '' ? shape.open : `${base} ${shape.open}`;
  if (run.compact > 0) {
    const rows = shape.isList && out.length > kPlainListMax ? inColumns(run, out, value) : out;
    const isShallow = run.levelEntered - level < run.compact;
    if (rows === out && isShallow && isOneLine(run, out, shape, base)) {
      return `${start} ${joinList(out, ', ')} ${shape.close}`;
    }
    out = rows;
  }
  const lineStart = `\n${repeat(' ', run.indent)}`;
  return `${start}${lineStart}  ${joinList(out, `,${lineStart}  `)}${lineStart}${shape.close}`;
}

// Numbers are set flush right, everything else flush left.
function areAllNumbers(value, count) {
  for (let i = 0; i < count; i++) {
    const descriptor = findDescriptor(value, i);
    const type = descriptor === undefined ? 'undefined' : typeof descriptor.value;
    if (type !== 'number' && type !== 'bigint') return false;
  }
  return true;
}

// The entries joined to rows of equally many, or the same list if that would not look better.
function inColumns(run, out, value) {
  // The remark "… more items" keeps a row of its own.
  const count = out.length > run.maxArrayLength ? out.length - 1 : out.length;
  const widths = newList();
  let widthSum = 0;
  let widest = 0;
  for (let i = 0; i < count; i++) {
    const width = columnsOn(run, out[i]);
    append(widths, width);
    widthSum += width + kSeparatorColumns;
    widest = max(widest, width);
    // A line has to hold three at least.
    if (3 * (widest + kSeparatorColumns) + run.indent >= run.breakLength) return out;
  }
  const cell = widest + kSeparatorColumns;
  const isEven = widthSum / cell > 5 || widest <= 6;
  if (!isEven) return out;

  // A few long entries among short ones should not cost all of them their width.
  const bias = sqrt(cell - widthSum / out.length);
  const biased = max(cell - 3 - bias, 1);
  const perRow = min(
    round(sqrt(kCharacterHeight * biased * count) / biased),
    floor((run.breakLength - run.indent) / cell),
    run.compact * kColumnsPerCompact,
    kColumnsMax,
  );
  return perRow <= 1 ? out : setRows(out, count, widths, perRow, areAllNumbers(value, out.length));
}

function setRows(out, count, widths, perRow, flushRight) {
  const columnWidths = newList();
  for (let column = 0; column < perRow; column++) {
    let width = 0;
    for (let i = column; i < count; i += perRow) width = max(width, widths[i]);
    append(columnWidths, width);
  }
  const rows = newList();
  for (let first = 0; first < count; first += perRow) {
    const end = min(first + perRow, count);
    let row = '';
    for (let i = first; i < end; i++) {
      const isLast = i === end - 1;
      const padding = repeat(' ', columnWidths[i - first] - widths[i]);
      const text = isLast ? out[i] : `${out[i]}, `;
      if (flushRight) row += padding + text;
      else row += isLast ? text : text + padding;
    }
    append(rows, row);
  }
  if (count < out.length) append(rows, out[count]);
  return rows;
}
