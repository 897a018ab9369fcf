// Primordials: the built-ins the formatter uses, captured before any worker runs.
//
// A worker may overwrite anything it can reach, so no other fragment touches a global, calls a
// method on a value, iterates (`for…of`, spread, array patterns), lets a RegExp loose on a string
// method (they look up Symbol.replace, exec, …) or writes into an array or reads an object that
// inherits from a prototype the worker can change.
// Owns      nothing that lives longer than a call; safe to keep in a snapshot.

const { bind, call } = Function.prototype;
// f -> (self, ...args) => f.call(self, ...args), whatever Function.prototype.call is by then.
const uncurryThis = bind.bind(call);

const {
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getOwnPropertySymbols,
  getPrototypeOf,
  keys: objectKeys,
  setPrototypeOf,
} = Object;
const { apply, ownKeys } = Reflect;
const { isArray } = Array;
const { stringify } = JSON;
const { floor, max, min, round, sqrt } = Math;
const { parseFloat: toFloat, parseInt: toInt } = Number;
const NumberFrom = Number;
const StringFrom = String;
const SafeMap = Map;
const ByteArray = Uint8Array;

const getterOf = (holder, name) => uncurryThis(getOwnPropertyDescriptor(holder, name).get);

const hasOwn = uncurryThis(Object.prototype.hasOwnProperty);
const isEnumerable = uncurryThis(Object.prototype.propertyIsEnumerable);
const joinList = uncurryThis(Array.prototype.join);
const spliceList = uncurryThis(Array.prototype.splice);
const indexInList = uncurryThis(Array.prototype.indexOf);

const charCodeAt = uncurryThis(String.prototype.charCodeAt);
const codePointAt = uncurryThis(String.prototype.codePointAt);
const endsWith = uncurryThis(String.prototype.endsWith);
const includes = uncurryThis(String.prototype.includes);
const indexOf = uncurryThis(String.prototype.indexOf);
const lastIndexOf = uncurryThis(String.prototype.lastIndexOf);
const repeat = uncurryThis(String.prototype.repeat);
const slice = uncurryThis(String.prototype.slice);
const startsWith = uncurryThis(String.prototype.startsWith);
const toUpperCase = uncurryThis(String.prototype.toUpperCase);
const trim = uncurryThis(String.prototype.trim);

const execRegExp = uncurryThis(RegExp.prototype.exec);
const regExpSource = getterOf(RegExp.prototype, 'source');
const functionText = uncurryThis(Function.prototype.toString);
const numberText = uncurryThis(Number.prototype.toString);
const symbolText = uncurryThis(Symbol.prototype.toString);
const errorText = uncurryThis(Error.prototype.toString);
const dateTime = uncurryThis(Date.prototype.getTime);
const dateIsoText = uncurryThis(Date.prototype.toISOString);

const numberOf = uncurryThis(Number.prototype.valueOf);
const stringOf = uncurryThis(String.prototype.valueOf);
const booleanOf = uncurryThis(Boolean.prototype.valueOf);
const bigintOf = uncurryThis(BigInt.prototype.valueOf);
const symbolOf = uncurryThis(Symbol.prototype.valueOf);

const mapGet = uncurryThis(Map.prototype.get);
const mapSet = uncurryThis(Map.prototype.set);
const mapSize = getterOf(Map.prototype, 'size');
const mapEntries = uncurryThis(Map.prototype.entries);
const nextOfMap = uncurryThis(getPrototypeOf(new Map().entries()).next);
const setSize = getterOf(Set.prototype, 'size');
const setValues = uncurryThis(Set.prototype.values);
const nextOfSet = uncurryThis(getPrototypeOf(new Set().values()).next);

const TypedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
const typedArrayName = getterOf(TypedArrayPrototype, Symbol.toStringTag);
const typedArrayLength = getterOf(TypedArrayPrototype, 'length');
const typedArrayByteLength = getterOf(TypedArrayPrototype, 'byteLength');
const typedArrayByteOffset = getterOf(TypedArrayPrototype, 'byteOffset');
const typedArrayBuffer = getterOf(TypedArrayPrototype, 'buffer');
const arrayBufferByteLength = getterOf(ArrayBuffer.prototype, 'byteLength');
// Absent where shared memory is switched off.
const sharedBufferByteLength =
  typeof SharedArrayBuffer === 'function'
    ? getterOf(SharedArrayBuffer.prototype, 'byteLength')
    : undefined;
const dataViewByteLength = getterOf(DataView.prototype, 'byteLength');
const dataViewByteOffset = getterOf(DataView.prototype, 'byteOffset');
const dataViewBuffer = getterOf(DataView.prototype, 'buffer');

const ErrorPrototype = Error.prototype;
const ObjectPrototype = Object.prototype;
const kCustomInspect = Symbol.for('nodejs.util.inspect.custom');
const kIterator = Symbol.iterator;
const kToStringTag = Symbol.toStringTag;
const kToPrimitive = Symbol.toPrimitive;

// RegExp.prototype.flags reads properties a worker can replace; its parts do not.
const kFlagGetters = [];
for (const [letter, name] of [
  ['d', 'hasIndices'],
  ['g', 'global'],
  ['i', 'ignoreCase'],
  ['m', 'multiline'],
  ['s', 'dotAll'],
  ['u', 'unicode'],
  ['v', 'unicodeSets'],
  ['y', 'sticky'],
]) {
  kFlagGetters.push({ __proto__: null, letter, get: getterOf(RegExp.prototype, name) });
}

// The classes that are part of the language: { Array: true, … }. Written out because the global may
// have got its API classes already.
const kLanguageClasses = { __proto__: null };
for (const name of [
  'AggregateError', 'Array', 'ArrayBuffer', 'AsyncDisposableStack', 'BigInt', 'BigInt64Array',
  'BigUint64Array', 'Boolean', 'DataView', 'Date', 'DisposableStack', 'Error', 'EvalError',
  'FinalizationRegistry', 'Float16Array', 'Float32Array', 'Float64Array', 'Function',
  'Int16Array', 'Int32Array', 'Int8Array', 'Iterator', 'Map', 'Number', 'Object', 'Promise',
  'Proxy', 'RangeError', 'ReferenceError', 'RegExp', 'Set', 'SharedArrayBuffer', 'String',
  'SuppressedError', 'Symbol', 'SyntaxError', 'TypeError', 'URIError', 'Uint16Array',
  'Uint32Array', 'Uint8Array', 'Uint8ClampedArray', 'WeakMap', 'WeakRef', 'WeakSet',
]) {
  kLanguageClasses[name] = true;
}

// An array the worker cannot meddle with: it inherits no setters for its indices.
function newList() {
  return setPrototypeOf([], null);
}

function append(list, item) {
  list[list.length] = item;
}

// The own property's descriptor, free of what Object.prototype may have got in the meantime.
function findDescriptor(holder, key) {
  const descriptor = getOwnPropertyDescriptor(holder, key);
  return descriptor === undefined ? undefined : setPrototypeOf(descriptor, null);
}

// holder[key], or undefined if reading it throws.
function readQuietly(holder, key) {
  try {
    return holder[key];
  } catch {
    return undefined;
  }
}

// String.prototype.split for a plain separator, without its look-up of Symbol.split.
function splitText(text, separator) {
  const parts = newList();
  let start = 0;
  for (;;) {
    const end = indexOf(text, separator, start);
    if (end === -1) break;
    append(parts, slice(text, start, end));
    start = end + separator.length;
  }
  append(parts, slice(text, start));
  return parts;
}
