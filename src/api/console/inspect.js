// inspect: from any value to its text.

function inspect(value, options) {
  return inspectWithin(value, options, { __proto__: null, spent: 0 });
}
inspect.custom = kCustomInspect;

function inspectWithin(value, options, work) {
  try {
    return render(newRun(options, work), value, 0);
  } catch {
    return kThrewMark;
  }
}

// level: how many objects stand around the value.
function render(run, value, level) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) {
    const text = writePrimitive(run, value);
    spend(run, text);
    return text;
  }
  const { indent } = run;
  const { length } = run.ancestors;
  run.work.spent += kEntryWork;
  try {
    return renderObject(run, value, level);
  } catch {
    run.indent = indent;
    run.ancestors.length = length;
    return paint(run, kThrewMark, 'special');
  }
}

function renderObject(run, value, level) {
  const kind = native.kindOf(value);
  if (kind === 'Proxy') return renderProxy(run, value, level);
  const custom = readQuietly(value, kCustomInspect);
  if (typeof custom === 'function' && custom !== inspect && !isOwnPrototype(value)) {
    const text = renderCustom(run, value, custom, level);
    if (text !== undefined) return text;
  }
  if (indexInList(run.ancestors, value) !== -1) return renderCircular(run, value);
  return renderStructure(run, value, kind, level);
}

// Differs: Node shows the target alone, because the reference runtime shows "Proxy({ a: 1 })".
function renderProxy(run, proxy, level) {
  let target = proxy;
  let open = '';
  let close = '';
  for (let i = 0; i < kProxiesMax; i++) {
    if (native.kindOf(target) !== 'Proxy') return open + render(run, target, level) + close;
    target = native.getProxyDetails(target)[0];
    if (target === null) return open + paint(run, '<Revoked Proxy>', 'special') + close;
    open += 'Proxy(';
    close += ')';
  }
  return open + paint(run, '[Proxy]', 'special') + close;
}

// Class prototypes carry the hook for their instances.
function isOwnPrototype(value) {
  const { constructor } = value;
  return constructor !== undefined && constructor !== null && constructor.prototype === value;
}

// undefined: the hook returned the object itself, which means it has no wish.
function renderCustom(run, value, custom, level) {
  const options = {
    showHidden: run.showHidden,
    depth: run.depth - level,
    colors: run.colors,
    customInspect: true,
    showProxy: false,
    maxArrayLength: run.maxArrayLength,
    maxStringLength: run.maxStringLength,
    breakLength: run.breakLength,
    compact: run.compact,
    sorted: false,
    getters: false,
    numericSeparator: false,
    stylize: (text, style) => paint(run, `${text}`, style),
  };
  const result = apply(custom, value, [run.depth - level, options, inspect]);
  if (result === value) return undefined;
  if (typeof result !== 'string') return render(run, result, level);
  return joinList(splitText(result, '\n'), `\n${repeat(' ', run.indent)}`);
}

function renderCircular(run, value) {
  if (run.references === undefined) run.references = new SafeMap();
  let number = mapGet(run.references, value);
  if (number === undefined) {
    number = mapSize(run.references) + 1;
    mapSet(run.references, value, number);
  }
  return paint(run, `[Circular *${number}]`, 'special');
}

function renderStructure(run, value, kind, level) {
  const inherited = run.showHidden && level <= run.depth ? newList() : undefined;
  const api = kind === 'Api' && !isError(kind, value) ? describeApi(value) : undefined;
  const name = findClassName(run, value, level, api !== undefined, inherited);
  const tag = tagOf(run, value);
  const shape = shapeOf(run, value, kind, api, name, tag, level);
  const hasInherited = inherited !== undefined && inherited.length > 0;
  if (shape.text !== undefined && !hasInherited) return shape.text;
  if (level > run.depth || isExhausted(run)) {
    return paint(run, cutLabel(value, kind, api, name, tag), 'special');
  }

  const inner = level + 1;
  run.levelEntered = inner;
  append(run.ancestors, value);
  const out = newList();
  if (shape.fill !== undefined) shape.fill(run, value, inner, out, shape);
  const { keys } = shape;
  for (let i = 0; keys !== undefined && i < keys.length; i++) {
    if (isExhausted(run)) {
      append(out, moreItems(keys.length - i));
      break;
    }
    append(out, writeProperty(run, value, keys[i], inner));
  }
  for (let i = 0; hasInherited && i < inherited.length; i++) append(out, inherited[i]);
  run.ancestors.length--;

  let { base } = shape;
  if (run.references !== undefined) {
    const number = mapGet(run.references, value);
    if (number !== undefined) {
      const mark = paint(run, `<ref *${number}>`, 'special');
      base = base === '' ? mark : `${mark} ${base}`;
    }
  }
  return layOut(run, out, shape, base, inner, value);
}

// Stands for an object too deep to be shown.
function cutLabel(value, kind, api, name, tag) {
  if (name === null) return `[${engineName(value, kind, api)}: null prototype]`;
  return `[${slice(prefixOf(name, tag, ''), 0, -1)}]`;
}

// For objects whose prototypes do not tell.
function engineName(value, kind, api) {
  if (api !== undefined) return api.name;
  const tag = readQuietly(value, kToStringTag);
  if (typeof tag === 'string' && tag !== '') return tag;
  if (typeof value === 'function') return 'Function';
  return kind === '' || kind === 'Arguments' ? 'Object' : kind;
}

/** @returns {Shape} */
function shapeOf(run, value, kind, api, name, tag, level) {
  if (api !== undefined) return apiShape(run, value, api, name, tag);
  if (kind === 'MapIterator') return iteratorShape(run, value, 'Map', tag);
  if (kind === 'SetIterator') return iteratorShape(run, value, 'Set', tag);
  if (typeof value === 'function') {
    return labelledShape(run, value, functionLabel(value, kind, name, tag), 'special');
  }
  if (name === 'Object' && !isListLike(value, kind)) {
    // Whatever else it is, it has been made to look like a plain object.
    return plainShape(run, value, kind, name, tag);
  }
  if (isError(kind, value)) return finishedIfBare(errorShape(run, value, name, tag), '');
  switch (kind) {
    case 'Array': return arrayShape(run, value, name, tag);
    case 'TypedArray': return typedArrayShape(run, value, name, tag);
    case 'Map': return mapShape(run, value, name, tag);
    case 'Set': return setShape(run, value, name, tag);
    case 'WeakMap':
    case 'WeakSet': return weakShape(run, value, kind, name, tag);
    case 'ArrayBuffer':
    case 'SharedArrayBuffer': return bufferShape(run, value, kind, name, tag);
    case 'DataView': return dataViewShape(run, value, name, tag);
    case 'Promise': return promiseShape(run, value, name, tag);
    case 'Module': return moduleShape(run, value, name, tag);
    case 'Date': return labelledShape(run, value, dateLabel(value, name, tag), 'date');
    case 'RegExp': return regExpShape(run, value, name, tag, level);
    case 'Number': return boxedShape(run, value, kind, numberOf(value), name, tag);
    case 'String': return boxedShape(run, value, kind, stringOf(value), name, tag);
    case 'Boolean': return boxedShape(run, value, kind, booleanOf(value), name, tag);
    case 'BigInt': return boxedShape(run, value, kind, bigintOf(value), name, tag);
    case 'Symbol': return boxedShape(run, value, kind, symbolOf(value), name, tag);
  }
  return plainShape(run, value, kind, name, tag);
}

function isListLike(value, kind) {
  const isList = kind === 'Array' || kind === 'TypedArray' || kind === 'Map' || kind === 'Set';
  return isList && readQuietly(value, kIterator) !== undefined;
}

function plainShape(run, value, kind, name, tag) {
  let prefix = '';
  if (kind === 'Arguments' && name === 'Object') prefix = '[Arguments] ';
  else if (name !== 'Object' || tag !== '') prefix = prefixOf(name, tag, 'Object');
  const keys = keysOf(run, value);
  const shape = newShape(`${prefix}{`, '}', keys);
  if (keys.length === 0) shape.text = `${prefix}{}`;
  return shape;
}

// An object that is its label, as long as it carries nothing else.
function labelledShape(run, value, label, style) {
  const shape = newShape('{', '}', keysOf(run, value));
  shape.base = label;
  return finishedIfBare(shape, paint(run, label, style));
}

function finishedIfBare(shape, text) {
  if (shape.keys.length === 0) shape.text = text === '' ? shape.base : text;
  return shape;
}

function dateLabel(value, name, tag) {
  const time = dateTime(value);
  const prefix = prefixOf(name, tag, 'Date');
  const text = time === time ? dateIsoText(value) : 'Invalid Date';
  return prefix === 'Date ' ? text : prefix + text;
}

function regExpShape(run, value, name, tag, level) {
  let label = `/${regExpSource(value)}/`;
  for (let i = 0; i < kFlagGetters.length; i++) {
    if (kFlagGetters[i].get(value)) label += kFlagGetters[i].letter;
  }
  const prefix = prefixOf(name, tag, 'RegExp');
  if (prefix !== 'RegExp ') label = prefix + label;
  const shape = labelledShape(run, value, label, 'regexp');
  if (level > run.depth) shape.text = paint(run, label, 'regexp');
  return shape;
}

function boxedShape(run, value, type, primitive, name, tag) {
  let label = `[${type}`;
  if (name === null) label += ' (null prototype)';
  else if (name !== type) label += ` (${name})`;
  const plain = { __proto__: null, ...run, colors: false };
  label += `: ${writePrimitive(plain, primitive)}]`;
  if (tag !== '' && tag !== name) label += ` [${tag}]`;
  const style = typeof primitive;
  const shape = labelledShape(run, value, label, style);
  if (type !== 'String') return shape;
  // A string's characters are properties too, the first ones.
  spliceList(shape.keys, 0, primitive.length);
  return finishedIfBare(shape, paint(run, label, style));
}

function moduleShape(run, value, name, tag) {
  const shape = newShape(`${prefixOf(name, tag, 'Module')}{`, '}', undefined);
  shape.fill = fillModule;
  return shape;
}

function fillModule(run, namespace, level, out) {
  const keys = listOf(run.showHidden ? ownKeys(namespace) : getOwnPropertyNames(namespace));
  for (let i = 0; i < keys.length; i++) {
    let descriptor;
    try {
      descriptor = findDescriptor(namespace, keys[i]);
    } catch {
      const mark = paint(run, '<uninitialized>', 'special');
      append(out, `${writeKey(run, keys[i], true)}: ${mark}`);
      continue;
    }
    append(out, writeProperty(run, namespace, keys[i], level, descriptor));
  }
}

// The keys of the properties to be shown.
function keysOf(run, value) {
  const keys = listOf(run.showHidden ? getOwnPropertyNames(value) : objectKeys(value));
  const symbols = getOwnPropertySymbols(value);
  for (let i = 0; i < symbols.length; i++) {
    if (run.showHidden || isEnumerable(value, symbols[i])) append(keys, symbols[i]);
  }
  return keys;
}

function writeProperty(run, holder, key, level, known, isIndex) {
  const descriptor = known === undefined ? findDescriptor(holder, key) : known;
  let text;
  if (descriptor === undefined) {
    // Not an own property; an error's cause, for one, may be inherited.
    text = renderIndented(run, readQuietly(holder, key), level);
  } else if (descriptor.get !== undefined) {
    text = paint(run, descriptor.set === undefined ? '[Getter]' : '[Getter/Setter]', 'special');
  } else if (descriptor.set !== undefined) {
    text = paint(run, '[Setter]', 'special');
  } else {
    text = renderIndented(run, descriptor.value, level);
  }
  if (isIndex === true) return text;
  const label = writeKey(run, key, descriptor === undefined || descriptor.enumerable);
  run.work.spent += label.length;
  return `${label}: ${text}`;
}

function renderIndented(run, value, level) {
  run.indent += 2;
  const text = render(run, value, level);
  run.indent -= 2;
  return text;
}

// With showHidden: data properties of a worker's own classes, from the nearest three prototypes.
function writeInherited(run, value, first, level, out) {
  append(run.ancestors, value);
  let holder = first;
  const seen = { __proto__: null };
  for (let i = 0; i < 3 && holder !== null; i++) {
    if (i > 0 || holder === value) {
      holder = getPrototypeOf(holder);
      if (holder === null) break;
      const owner = findDescriptor(holder, 'constructor');
      if (owner !== undefined && typeof owner.value === 'function' &&
          kLanguageClasses[readQuietly(owner.value, 'name')] === true) {
        break;
      }
    }
    const keys = ownKeys(holder);
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k];
      if (key === 'constructor' || hasOwn(value, key) || seen[key] === true) continue;
      seen[key] = true;
      const descriptor = findDescriptor(holder, key);
      if (typeof descriptor.value === 'function') continue;
      const text = writeProperty(run, holder, key, level, descriptor);
      append(out, run.colors ? `\x1b[2m${text}\x1b[22m` : text);
    }
  }
  run.ancestors.length--;
}
