// The host of Node's files: require(), internalBinding(), process and primordials, as they expect
// them. Called with `native` of node_modules.cc; its value is what node_modules.cc calls.
'use strict';

const {apply} = Reflect;
const {create, hasOwn, keys} = Object;
const NativeMap = Map;
const mapGet = NativeMap.prototype.get;
const mapSet = NativeMap.prototype.set;
const mapHas = NativeMap.prototype.has;
const startsWith = String.prototype.startsWith;
const slice = String.prototype.slice;

const kPublicPrefix = 'node:';
const kInternalPrefix = 'node-internal:';
const kPrefixedOnly = ['sqlite', 'test'];

const primordials = {};
const process = {};
const publicNames = native.moduleNames();
/** @type {Map<string, {exports: unknown, loaded: boolean}>} */
const modules = new NativeMap();
/** @type {Map<string, object>} what import sees of a public module */
const namespaces = new NativeMap();
const bindingObjects = create(null);
let bindingFactories;

/** @param {string} id */
function evaluate(id) {
  const file = native.compile(id);
  if (file === undefined) throw new TypeError(`Missing internal module '${id}'`);
  const module = {id, exports: {}, loaded: false};
  apply(mapSet, modules, [id, module]);
  file(module.exports, require, module, process, internalBinding, primordials);
  module.loaded = true;
  // As Node does once it knows the environment.
  if (id === 'internal/util/debuglog') module.exports.initializeDebugEnv();
  return module;
}

/** @param {string} id */
function require(id) {
  const present = apply(mapGet, modules, [id]);
  return (present ?? evaluate(id)).exports;
}

/** @param {string} name */
function internalBinding(name) {
  const present = bindingObjects[name];
  if (present !== undefined) return present;
  bindingFactories ??= require('ocapd/bindings');
  const factory = bindingFactories[name];
  if (factory === undefined) throw new TypeError(`Missing internal binding '${name}'`);
  return bindingObjects[name] = factory(native.binding(name) ?? {});
}

/** @param {string} id */
function isPublic(id) {
  for (let i = 0; i < publicNames.length; ++i) if (publicNames[i] === id) return true;
  for (let i = 0; i < kPrefixedOnly.length; ++i) if (kPrefixedOnly[i] === id) return true;
  return false;
}

/**
 * module.exports of a public module, and what an import of it sees.
 *
 * @param {string} id
 */
function toNamespace(id) {
  const ours = `public/${id}`;
  if (native.has(ours)) id = ours;
  const exported = require(id);
  // A module may say that its named exports differ from the properties of its default one.
  const source = apply(mapGet, modules, [id]).named ?? exported;
  const namespace = create(null);
  const names = keys(source);
  for (let i = 0; i < names.length; ++i) {
    if (names[i] !== 'default') namespace[names[i]] = source[names[i]];
  }
  namespace.default = exported;
  return namespace;
}

/** @param {string} specifier */
function exportsOf(specifier) {
  let id;
  if (apply(startsWith, specifier, [kPublicPrefix])) {
    id = apply(slice, specifier, [kPublicPrefix.length]);
    if (!isPublic(id)) return undefined;
  } else if (specifier === `${kInternalPrefix}internal_assert`) {
    id = 'assert';
  } else if (specifier === `${kInternalPrefix}internal_buffer`) {
    id = 'buffer';
  } else {
    return undefined;
  }
  if (apply(mapHas, namespaces, [id])) return apply(mapGet, namespaces, [id]);
  const namespace = toNamespace(id);
  apply(mapSet, namespaces, [id, namespace]);
  return namespace;
}

const kGlobals = {
  __proto__: null,
  process: () => require('process'),
  Buffer: () => require('buffer').Buffer,
  clearImmediate: () => require('timers').clearImmediate,
  clearInterval: () => require('timers').clearInterval,
  clearTimeout: () => require('timers').clearTimeout,
  setImmediate: () => require('timers').setImmediate,
  setInterval: () => require('timers').setInterval,
  setTimeout: () => require('timers').setTimeout,
};

/** A global of Node's by its name. */
const globalOf = (name) => kGlobals[name]();

const {setTimeout, clearTimeout} = native.timers();

/**
 * Makes the primordials, those that some file uses: the keys that Node's file is shown are the ones
 * that extract_sources.mjs found to lead to them.
 */
function makePrimordials() {
  const {defineProperty, getOwnPropertyDescriptor, ownKeys} = Reflect;
  const wanted = require('ocapd/data/primordial_keys');
  let call = 0;
  const wantedKeys = (object) => {
    const names = call < wanted.length ? wanted[call++] : null;
    if (names === null) return ownKeys(object);
    const result = [];
    for (let i = 0; i < names.length; ++i) {
      const key = names[i][0] === '@' ? Symbol[names[i].slice(1)] : names[i];
      if (hasOwn(object, key)) result.push(key);
    }
    return result;
  };
  const {apply: applyFunction, getPrototypeOf} = Reflect;
  native.compile('internal/per_context/primordials')(undefined, undefined, undefined, undefined,
      {
        apply: applyFunction,
        defineProperty,
        getOwnPropertyDescriptor,
        getPrototypeOf,
        ownKeys: wantedKeys,
      }, primordials);
}

makePrimordials();
require('ocapd/process_base').setUp(native);

apply(mapSet, modules, ['ocapd/host', {
  exports: {
    native,
    publicNames,
    isPublic,
    require,
    exportsOf,
    timers: {setTimeout, clearTimeout},
  },
  loaded: true,
}]);

return {exportsOf, globalOf};
