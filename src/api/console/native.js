// Console formatter: the text behind console.*, as Node's util.format and util.inspect give it.
//
// The fragments listed in BUILD.bazel are joined, in that order, into one expression
// `(native) => { "use strict"; …fragments… return { format, inspect }; }`. Each fragment is a plain
// script of top-level functions and constants, so they share one scope and import nothing.
//
// Threads   any; state is per call.
// Limits    kWorkMax units of work per call, kNestingMax levels, kPrototypeHopsMax prototypes.
// Errors    format() and inspect() never throw, whatever getters, traps and hooks of the value do;
//           the part that failed reads kThrewMark. Only a call that finds no stack left throws.
// See       https://nodejs.org/docs/latest-v20.x/api/util.html#utilinspectobject-options

/**
 * What only C++ can tell. No hook may run user code, throw, or disturb the value.
 *
 * @typedef {object} Native
 * @property {(value: object|Function) => Kind} kindOf
 *   What the engine knows the value to be; '' for everything else, plain functions and classes
 *   included.
 * @property {(proxy: object) => [target: object, handler: object] | [null, null]} getProxyDetails
 *   Only called when kindOf says 'Proxy'; [null, null] once revoked.
 * @property {(promise: object) => [state: 0|1|2, result: unknown]} getPromiseState
 *   Only for 'Promise'. v8::Promise::PromiseState: 0 pending, 1 fulfilled, 2 rejected.
 * @property {(collection: object) => [entries: unknown[], isKeyValue: boolean]} previewEntries
 *   Only for 'MapIterator', 'SetIterator', 'WeakMap' and 'WeakSet': v8::Object::PreviewEntries,
 *   which does not advance the iterator. isKeyValue: entries are key, value, key, value, …
 * @property {(value: object, onlyEnumerable: boolean) => (string|symbol)[]} ownNonIndexKeys
 *   Only for arrays and typed arrays: own string and symbol keys that are not array indices.
 * @property {(value: object|Function) => ApiDescription} describeApi
 *   Only for 'Api'. The array has three elements of its own, whatever is in them.
 *
 * @typedef {''|'Proxy'|'Api'|'Array'|'TypedArray'|'ArrayBuffer'|'SharedArrayBuffer'|'DataView'
 *   |'Map'|'Set'|'WeakMap'|'WeakSet'|'MapIterator'|'SetIterator'|'Promise'|'Date'|'RegExp'|'Error'
 *   |'Arguments'|'Module'|'Number'|'String'|'Boolean'|'BigInt'|'Symbol'
 *   |'AsyncFunction'|'GeneratorFunction'|'AsyncGeneratorFunction'} Kind
 *   'Number' to 'Symbol' are the wrapper objects. 'Api' is an instance of a native API class, also
 *   when a worker's class extends it, and also if it is callable. Of an 'Api' value only its
 *   symbols, its own keys and its prototypes are read, so interceptors must leave symbols alone
 *   (kOnlyInterceptStrings) and an enumerator must list only what is really there.
 *
 * @typedef {[name: string, entries: unknown[]|undefined, internals: unknown[]|undefined]}
 *   ApiDescription
 *   name: the native class's, e.g. "Request". entries: for map-like classes (Headers,
 *   URLSearchParams, FormData) key, value, key, value, …. internals: name, value, name, value, …,
 *   shown in brackets after everything else; e.g. ["immutable", false] for Headers.
 */

// Entries cost kEntryWork + their characters. When the sum passes kWorkMax, what is left is only
// counted.
const kWorkMax = 1 << 22;
const kEntryWork = 16;
// Reached only with a depth option; below it objects read as [Object].
const kNestingMax = 300;
// Proxies in a prototype chain can make it endless.
const kPrototypeHopsMax = 1000;
const kProxiesMax = 8;
const kThrewMark = '<Inspection threw>';

/**
 * State of one inspect().
 *
 * @typedef {object} Run
 * @property {number} depth             levels shown below the value itself
 * @property {number} breakLength       characters per line aimed for
 * @property {number} compact           levels that may share a line
 * @property {number} maxArrayLength
 * @property {number} maxStringLength
 * @property {boolean} showHidden
 * @property {boolean} colors
 * @property {number} indent            columns to the left of what is being written
 * @property {number} levelEntered      level of the object entered last
 * @property {object[]} ancestors       the objects being written, outermost first
 * @property {Map<object, number>|undefined} references  circular targets -> their number
 * @property {{spent: number}} work
 */

const kOptionNames = [
  'depth',
  'breakLength',
  'compact',
  'maxArrayLength',
  'maxStringLength',
  'showHidden',
  'colors',
];

/** @returns {Run} */
function newRun(options, work) {
  const run = {
    __proto__: null,
    depth: 2,
    breakLength: 80,
    compact: 3,
    maxArrayLength: 100,
    maxStringLength: 10000,
    showHidden: false,
    colors: false,
    indent: 0,
    levelEntered: 0,
    ancestors: newList(),
    references: undefined,
    work,
  };
  if (typeof options === 'object' && options !== null) {
    for (let i = 0; i < kOptionNames.length; i++) setOption(run, options, kOptionNames[i]);
  }
  run.depth = min(run.depth, kNestingMax);
  return run;
}

// Takes over one option if it has the type of its default. null means no limit.
function setOption(run, options, name) {
  let value = readQuietly(options, name);
  if (name === 'compact' && value === false) value = 0;
  if (value === null && typeof run[name] === 'number') value = Infinity;
  if (typeof value === typeof run[name] && value === value) run[name] = value;
}

function isExhausted(run) {
  return run.work.spent > kWorkMax;
}

function spend(run, text) {
  run.work.spent += kEntryWork + text.length;
}
