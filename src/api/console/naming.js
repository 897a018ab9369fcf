// Naming: what stands before the bracket; constructors, tags, functions and classes.

function isInChain(value, prototype) {
  if (typeof prototype !== 'object' && typeof prototype !== 'function') return false;
  if (prototype === null) return false;
  let link = getPrototypeOf(value);
  for (let hops = 0; link !== null && hops < kPrototypeHopsMax; hops++) {
    if (link === prototype) return true;
    link = getPrototypeOf(link);
  }
  return false;
}

// The name of the class whose instance the value is, as far as its prototypes tell.
// null: it has no prototype.
function findClassName(run, value, level, isApi, inherited) {
  let holder = isApi ? getPrototypeOf(value) : value;
  for (let hops = 0; holder !== null && hops < kPrototypeHopsMax; hops++) {
    const descriptor = findDescriptor(holder, 'constructor');
    if (descriptor !== undefined && typeof descriptor.value === 'function') {
      const name = descriptor.value.name;
      if (name !== '' && isInChain(value, descriptor.value.prototype)) {
        const text = StringFrom(name);
        if (inherited !== undefined && (hops !== 1 || kLanguageClasses[text] !== true)) {
          const first = hops === 0 ? value : getPrototypeOf(value);
          writeInherited(run, value, first, level, inherited);
        }
        return text;
      }
    }
    holder = getPrototypeOf(holder);
  }
  const prototype = getPrototypeOf(value);
  return prototype === null ? null : complexName(run, value, prototype, level);
}

// For objects whose prototypes know no constructor: what they are based on instead.
// Differs: Node asks the engine for the function that made the object, we say Object.
function complexName(run, value, prototype, level) {
  const own = engineName(value, native.kindOf(value), undefined);
  if (level > run.depth) return `${own} <Complex prototype>`;
  const name = findClassName(run, prototype, level + 1, false, undefined);
  if (name !== null) return `${own} <${name}>`;
  return `${own} <${render({ __proto__: null, ...run, depth: -1 }, prototype, 0)}>`;
}

// The tag, unless it is printed anyway as one of the properties.
function tagOf(run, value) {
  const tag = readQuietly(value, kToStringTag);
  if (typeof tag !== 'string' || tag === '') return '';
  const isShown = run.showHidden ? hasOwn(value, kToStringTag) : isEnumerable(value, kToStringTag);
  return isShown ? '' : tag;
}

// "Foo(2) [Tag] ", what precedes a bracket. fallback names objects without a prototype.
function prefixOf(name, tag, fallback, size) {
  const sized = size === undefined ? '' : `(${size})`;
  if (name === null) {
    const note = tag !== '' && tag !== fallback ? `[${tag}] ` : '';
    return `[${fallback}${sized}: null prototype] ${note}`;
  }
  return tag !== '' && tag !== name ? `${name}${sized} [${tag}] ` : `${name}${sized} `;
}

function withoutComments(source) {
  let result = '';
  let i = 0;
  while (i < source.length) {
    const line = startsWith(source, '//', i);
    if (!line && !startsWith(source, '/*', i)) {
      result += source[i++];
      continue;
    }
    const end = indexOf(source, line ? '\n' : '*/', i + 2);
    if (end === -1) break;
    i = line ? end : end + 2;
  }
  return result;
}

function isClass(source) {
  if (!startsWith(source, 'class') || !endsWith(source, '}')) return false;
  const body = indexOf(source, '{');
  if (body === -1) return false;
  const head = slice(source, 5, body);
  if (!includes(head, '(')) return true;
  // Only in a comment, perhaps. A brace in a comment ends the search early, as it should.
  const cleaned = withoutComments(head);
  return !includes(cleaned, '(') && !includes(cleaned, '/*') && startsWithSpace(cleaned);
}

function startsWithSpace(text) {
  return text !== '' && trim(text[0]) === '';
}

function classLabel(value, name, tag) {
  const own = hasOwn(value, 'name') ? readQuietly(value, 'name') : '';
  let label = `class ${own ? StringFrom(own) : '(anonymous)'}`;
  if (name !== 'Function' && name !== null) label += ` [${name}]`;
  if (tag !== '' && tag !== name) label += ` [${tag}]`;
  if (name === null) return `[${label} extends [null prototype]]`;
  const parent = getPrototypeOf(value).name;
  return parent ? `[${label} extends ${StringFrom(parent)}]` : `[${label}]`;
}

function functionLabel(value, kind, name, tag) {
  if (isClass(functionText(value))) return classLabel(value, name, tag);
  const type = kind === '' ? 'Function' : kind;
  const own = readQuietly(value, 'name');
  let label = `[${type}`;
  if (name === null) label += ' (null prototype)';
  label += own === '' || own === undefined ? ' (anonymous)' : `: ${StringFrom(own)}`;
  label += ']';
  if (name !== type && name !== null) label += ` ${name}`;
  if (tag !== '' && tag !== name) label += ` [${tag}]`;
  return label;
}
