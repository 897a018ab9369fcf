// Collections: arrays, typed arrays, buffers, maps, sets, their iterators, and promises.

function moreItems(count) {
  return `... ${counted(count, 'more item')}`;
}

// Entries to write of a list that long.
function shownCount(run, length) {
  return min(max(0, run.maxArrayLength), length);
}

function listOf(array) {
  const list = newList();
  for (let i = 0; i < array.length; i++) append(list, array[i]);
  return list;
}

function indexedShape(run, value, prefix, length, fill) {
  const keys = listOf(native.ownNonIndexKeys(value, !run.showHidden));
  const shape = newShape(`${prefix}[`, ']', keys);
  shape.isList = true;
  shape.fill = fill;
  if (length === 0 && keys.length === 0) shape.text = `${prefix}[]`;
  return shape;
}

function arrayShape(run, value, name, tag) {
  const isPlain = name === 'Array' && tag === '';
  const prefix = isPlain ? '' : prefixOf(name, tag, 'Array', value.length);
  return indexedShape(run, value, prefix, value.length, fillArray);
}

function fillArray(run, array, level, out) {
  const { length } = array;
  const shown = shownCount(run, length);
  for (let i = 0; i < shown; i++) {
    // An index that is missing makes one entry of all that are missing beside it.
    if (!hasOwn(array, i)) return fillSparseArray(run, array, level, out, i);
    if (isExhausted(run)) return append(out, moreItems(length - i));
    append(out, writeProperty(run, array, i, level, undefined, true));
  }
  if (length > shown) append(out, moreItems(length - shown));
}

function fillSparseArray(run, array, level, out, start) {
  const { length } = array;
  const keys = objectKeys(array);
  let next = start;
  for (let k = start; k < keys.length && out.length < run.maxArrayLength; k++) {
    const index = +keys[k];
    // Indices come first, in order.
    if (!(index >= next && index < length) || numberAsText(index) !== keys[k]) break;
    if (index > next) {
      append(out, emptyItems(run, index - next));
      next = index;
      if (out.length >= run.maxArrayLength) break;
    }
    if (isExhausted(run)) break;
    append(out, writeProperty(run, array, keys[k], level, undefined, true));
    next++;
  }
  if (next === length) return;
  if (out.length < run.maxArrayLength && !isExhausted(run)) {
    append(out, emptyItems(run, length - next));
  } else {
    append(out, moreItems(length - next));
  }
}

function emptyItems(run, count) {
  return paint(run, `<${counted(count, 'empty item')}>`, 'undefined');
}

function typedArrayShape(run, value, name, tag) {
  const length = typedArrayLength(value);
  const prefix = prefixOf(name, tag, typedArrayName(value), length);
  const shape = indexedShape(run, value, prefix, length, fillTypedArray);
  if (run.showHidden) shape.text = undefined;
  return shape;
}

function fillTypedArray(run, array, level, out) {
  const length = typedArrayLength(array);
  const shown = shownCount(run, length);
  for (let i = 0; i < shown; i++) append(out, writePrimitive(run, array[i]));
  if (length > shown) append(out, moreItems(length - shown));
  if (!run.showHidden) return;
  const byteLength = typedArrayByteLength(array);
  const bytesPerElement = length > 0
    ? byteLength / length
    : readQuietly(array, 'BYTES_PER_ELEMENT');
  appendNamed(run, out, '[BYTES_PER_ELEMENT]', bytesPerElement, level);
  appendNamed(run, out, '[length]', length, level);
  appendNamed(run, out, '[byteLength]', byteLength, level);
  appendNamed(run, out, '[byteOffset]', typedArrayByteOffset(array), level);
  // Its bytes were just shown.
  const buffer = typedArrayBuffer(array);
  const bufferBytes = native.kindOf(buffer) === 'ArrayBuffer'
    ? arrayBufferByteLength(buffer)
    : sharedBufferByteLength(buffer);
  const open = `[buffer]: ${findClassName(run, buffer, level, false, undefined)} {`;
  append(out, `${open} byteLength: ${writePrimitive(run, bufferBytes)} }`);
}

function appendNamed(run, out, label, value, level) {
  run.indent += 2;
  append(out, `${label}: ${render(run, value, level)}`);
  run.indent -= 2;
}

function bufferShape(run, value, kind, name, tag) {
  const shape = newShape(`${prefixOf(name, tag, kind)}{`, '}', keysOf(run, value));
  shape.fill = kind === 'ArrayBuffer' ? fillArrayBuffer : fillSharedBuffer;
  return shape;
}

function fillArrayBuffer(run, buffer, level, out) {
  fillBytes(run, buffer, level, out, arrayBufferByteLength(buffer));
}

function fillSharedBuffer(run, buffer, level, out) {
  fillBytes(run, buffer, level, out, sharedBufferByteLength(buffer));
}

function fillBytes(run, buffer, level, out, byteLength) {
  let bytes;
  try {
    bytes = new ByteArray(buffer);
  } catch {
    append(out, paint(run, '(detached)', 'special'));
  }
  if (bytes !== undefined) {
    const shown = shownCount(run, byteLength);
    let text = '';
    for (let i = 0; i < shown; i++) text += (i === 0 ? '' : ' ') + hex2(bytes[i]);
    if (byteLength > shown) text += ` ... ${counted(byteLength - shown, 'more byte')}`;
    append(out, `${paint(run, '[Uint8Contents]', 'special')}: <${text}>`);
  }
  appendNamed(run, out, 'byteLength', byteLength, level);
}

function hex2(byte) {
  return (byte < 16 ? '0' : '') + numberText(byte, 16);
}

function dataViewShape(run, value, name, tag) {
  const shape = newShape(`${prefixOf(name, tag, 'DataView')}{`, '}', keysOf(run, value));
  shape.fill = fillDataView;
  return shape;
}

function fillDataView(run, view, level, out) {
  appendNamed(run, out, 'byteLength', dataViewByteLength(view), level);
  appendNamed(run, out, 'byteOffset', dataViewByteOffset(view), level);
  appendNamed(run, out, 'buffer', dataViewBuffer(view), level);
}

function mapShape(run, value, name, tag) {
  const size = mapSize(value);
  return sizedShape(run, value, prefixOf(name, tag, 'Map', size), size, fillMap);
}

function setShape(run, value, name, tag) {
  const size = setSize(value);
  return sizedShape(run, value, prefixOf(name, tag, 'Set', size), size, fillSet);
}

function sizedShape(run, value, prefix, size, fill) {
  const keys = keysOf(run, value);
  if (size === 0 && keys.length === 0) return finishedShape(`${prefix}{}`);
  const shape = newShape(`${prefix}{`, '}', keys);
  shape.fill = fill;
  return shape;
}

function fillMap(run, map, level, out) {
  const size = mapSize(map);
  const iterator = mapEntries(map);
  const shown = shownCount(run, size);
  run.indent += 2;
  let i = 0;
  for (; i < shown && !isExhausted(run); i++) {
    const step = nextOfMap(iterator);
    if (step.done) break;
    append(out, writePair(run, step.value[0], step.value[1], level));
  }
  if (size > i) append(out, moreItems(size - i));
  run.indent -= 2;
}

function writePair(run, key, value, level) {
  return `${render(run, key, level)} => ${render(run, value, level)}`;
}

function fillSet(run, set, level, out) {
  const size = setSize(set);
  const iterator = setValues(set);
  const shown = shownCount(run, size);
  run.indent += 2;
  let i = 0;
  for (; i < shown && !isExhausted(run); i++) {
    const step = nextOfSet(iterator);
    if (step.done) break;
    append(out, render(run, step.value, level));
  }
  if (size > i) append(out, moreItems(size - i));
  run.indent -= 2;
}

function iteratorShape(run, value, type, tag) {
  const kindName = `${type} Iterator`;
  const label = tag === '' || tag === kindName ? kindName : `${tag}] [${kindName}`;
  const shape = newShape(`[${label}] {`, '}', keysOf(run, value));
  shape.fill = fillIterator;
  return shape;
}

function fillIterator(run, iterator, level, out, shape) {
  const preview = native.previewEntries(iterator);
  if (!preview[1]) return fillPreview(run, preview[0], level, out);
  shape.open = `${slice(shape.open, 0, -' Iterator] {'.length)} Entries] {`;
  const entries = preview[0];
  const pairs = floor(entries.length / 2);
  const shown = shownCount(run, pairs);
  run.indent += 2;
  for (let i = 0; i < shown; i++) {
    const pair = newList();
    append(pair, render(run, entries[2 * i], level));
    append(pair, render(run, entries[2 * i + 1], level));
    append(out, layOut(run, pair, newShape('[', ']', undefined), '', level, undefined));
  }
  if (pairs > shown) append(out, moreItems(pairs - shown));
  run.indent -= 2;
}

function fillPreview(run, entries, level, out) {
  const shown = shownCount(run, entries.length);
  run.indent += 2;
  for (let i = 0; i < shown; i++) append(out, render(run, entries[i], level));
  if (entries.length > shown) append(out, moreItems(entries.length - shown));
  run.indent -= 2;
}

function weakShape(run, value, kind, name, tag) {
  const shape = newShape(`${prefixOf(name, tag, kind)}{`, '}', keysOf(run, value));
  shape.fill = kind === 'WeakMap' ? fillWeakMap : fillWeakSet;
  return shape;
}

function fillWeakSet(run, collection, level, out) {
  if (run.showHidden) return fillPreview(run, native.previewEntries(collection)[0], level, out);
  append(out, paint(run, '<items unknown>', 'special'));
}

function fillWeakMap(run, collection, level, out) {
  if (!run.showHidden) return append(out, paint(run, '<items unknown>', 'special'));
  const entries = native.previewEntries(collection)[0];
  const shown = shownCount(run, entries.length / 2);
  run.indent += 2;
  for (let i = 0; i < shown; i++) {
    append(out, writePair(run, entries[2 * i], entries[2 * i + 1], level));
  }
  if (entries.length / 2 > shown) append(out, moreItems(entries.length / 2 - shown));
  run.indent -= 2;
}

function promiseShape(run, value, name, tag) {
  const shape = newShape(`${prefixOf(name, tag, 'Promise')}{`, '}', keysOf(run, value));
  shape.fill = fillPromise;
  return shape;
}

function fillPromise(run, promise, level, out) {
  const details = native.getPromiseState(promise);
  if (details[0] === 0) return append(out, paint(run, '<pending>', 'special'));
  run.indent += 2;
  const text = render(run, details[1], level);
  run.indent -= 2;
  append(out, details[0] === 2 ? `${paint(run, '<rejected>', 'special')} ${text}` : text);
}
