// Loads the console formatter as the build joins it, with hooks that answer as the C++ ones do.
//
// What plain JavaScript cannot see (a proxy's target, a promise's state, what an iterator has left)
// comes from Node's inspector, which asks V8 the same questions.

import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { types } from 'node:util';
import vm from 'node:vm';

const room = new URL('../../../src/api/console/', import.meta.url);

/** The joined fragments; their order is the one in BUILD.bazel. */
export function formatterSource() {
  const build = readFileSync(new URL('BUILD.bazel', room), 'utf8');
  const [, list] = /FRAGMENTS = \[([^\]]*)\]/.exec(build);
  const names = [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  const fragments = names.map((name) => readFileSync(new URL(name, room), 'utf8'));
  return `(native) => {\n"use strict";\n${fragments.join('')}return { format, inspect };\n}\n`;
}

export function loadFormatter() {
  return vm.runInThisContext(formatterSource(), { filename: 'console_formatter.js' })(hooks);
}

/** A context with nothing but the language in it, and the formatter made there. */
export function loadBareFormatter() {
  const context = vm.createContext(Object.create(null));
  const make = vm.runInContext(formatterSource(), context, { filename: 'console_formatter.js' });
  return { ...make(hooks), run: (source) => vm.runInContext(source, context) };
}

const session = new Session();
session.connect();

function post(method, parameters) {
  let answer;
  session.post(method, parameters, (error, result) => {
    if (error) throw new Error(error.message);
    answer = result;
  });
  return answer;
}

// What the inspector calls [[name]] of the object.
function internalOf(object, name) {
  globalThis.__inspected = object;
  const { result } = post('Runtime.evaluate', { expression: 'globalThis.__inspected' });
  const { internalProperties = [] } = post('Runtime.getProperties', {
    objectId: result.objectId,
    ownProperties: true,
  });
  const found = internalProperties.find((property) => property.name === `[[${name}]]`);
  if (found?.value === undefined) return undefined;
  const { objectId, unserializableValue, value } = found.value;
  const primitive = unserializableValue ? { unserializableValue } : { value };
  post('Runtime.callFunctionOn', {
    objectId: result.objectId,
    functionDeclaration: '(value) => { globalThis.__inspected = value; }',
    arguments: [objectId ? { objectId } : primitive],
  });
  const internal = globalThis.__inspected;
  delete globalThis.__inspected;
  return internal;
}

/** Objects that stand for instances of native classes: object -> ApiDescription. */
export const apiObjects = new WeakMap();

const kinds = [
  ['Proxy', types.isProxy],
  ['Api', (value) => apiObjects.has(value)],
  ['AsyncGeneratorFunction', (v) => types.isAsyncFunction(v) && types.isGeneratorFunction(v)],
  ['AsyncFunction', types.isAsyncFunction],
  ['GeneratorFunction', types.isGeneratorFunction],
  ['Array', Array.isArray],
  ['TypedArray', types.isTypedArray],
  ['ArrayBuffer', types.isArrayBuffer],
  ['SharedArrayBuffer', types.isSharedArrayBuffer],
  ['DataView', types.isDataView],
  ['Map', types.isMap],
  ['Set', types.isSet],
  ['WeakMap', types.isWeakMap],
  ['WeakSet', types.isWeakSet],
  ['MapIterator', types.isMapIterator],
  ['SetIterator', types.isSetIterator],
  ['Promise', types.isPromise],
  ['Date', types.isDate],
  ['RegExp', types.isRegExp],
  ['Error', types.isNativeError],
  ['Arguments', types.isArgumentsObject],
  ['Module', types.isModuleNamespaceObject],
  ['Number', types.isNumberObject],
  ['String', types.isStringObject],
  ['Boolean', types.isBooleanObject],
  ['BigInt', types.isBigIntObject],
  ['Symbol', types.isSymbolObject],
];

const promiseStates = ['pending', 'fulfilled', 'rejected'];

export const hooks = {
  kindOf(value) {
    for (let i = 0; i < kinds.length; i++) if (kinds[i][1](value)) return kinds[i][0];
    return '';
  },
  getProxyDetails(proxy) {
    return [internalOf(proxy, 'Target') ?? null, internalOf(proxy, 'Handler') ?? null];
  },
  getPromiseState(promise) {
    const state = promiseStates.indexOf(internalOf(promise, 'PromiseState'));
    return [state, internalOf(promise, 'PromiseResult')];
  },
  previewEntries(collection) {
    const entries = internalOf(collection, 'Entries') ?? [];
    const isKeyValue = types.isWeakMap(collection) ||
      internalOf(collection, 'IteratorKind') === 'entries';
    const pick = isKeyValue ? (entry) => [entry.key, entry.value] : (entry) => [entry.value];
    return [Array.from(entries, pick).flat(), isKeyValue];
  },
  ownNonIndexKeys(value, onlyEnumerable) {
    return Reflect.ownKeys(value).filter((key) => {
      const isIndex = typeof key === 'string' && String(key >>> 0) === key;
      if (isIndex && key >>> 0 !== 2 ** 32 - 1) return false;
      return !onlyEnumerable || Object.getOwnPropertyDescriptor(value, key).enumerable;
    });
  },
  describeApi: (value) => apiObjects.get(value),
};
