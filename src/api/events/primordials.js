// What the other parts of the script use. Captured while the snapshot is built, before user code.

  const {defineProperty, freeze} = Object;
  const {isArray} = Array;
  const {apply, ownKeys} = Reflect;
  const NativePromise = Promise;
  const NativeSet = Set;
  const NativeWeakMap = WeakMap;
  const NativeWeakRef = WeakRef;
  const setAdd = Function.prototype.call.bind(Set.prototype.add);
  const setDelete = Function.prototype.call.bind(Set.prototype.delete);
  const setForEach = Function.prototype.call.bind(Set.prototype.forEach);
  const setSize = Function.prototype.call.bind(
      Object.getOwnPropertyDescriptor(Set.prototype, 'size').get);
  const promiseThen = Function.prototype.call.bind(Promise.prototype.then);
  const weakMapGet = Function.prototype.call.bind(WeakMap.prototype.get);
  const weakMapSet = Function.prototype.call.bind(WeakMap.prototype.set);
  const weakRefDeref = Function.prototype.call.bind(WeakRef.prototype.deref);
  const {DOMException} = builtins.DOMException;

  // How tools tell native objects from a worker's own.
  const kInternalClass = Symbol.for('cloudflare:internal-class');

  /** @param {unknown} value */
  const isObject = (value) =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';

  // https://webidl.spec.whatwg.org/#js-dictionary, for callers that read the members themselves.
  /** @param {any} value @param {string} where @param {number} at @param {string} type */
  function toDictionary(value, where, at, type) {
    if (value === undefined || value === null) return undefined;
    if (isObject(value)) return value;
    const parameter = where.startsWith('Failed to construct') ? 'constructor parameter' : 'parameter';
    throw new TypeError(`${where}: ${parameter} ${at} is not of type '${type}'.`);
  }

  /**
   * Makes a class look as Web IDL has it and puts it on the global object.
   * @param {string} name @param {any} constructor
   */
  function expose(name, constructor) {
    const {prototype} = constructor;
    native.markBuiltIn(prototype, name);
    for (const target of [prototype, constructor]) {
      for (const key of ownKeys(target)) {
        const isOwn = key === 'constructor' || key === 'prototype' || key === 'name' || key === 'length';
        if (typeof key === 'string' && !isOwn) defineProperty(target, key, {enumerable: true});
      }
    }
    defineProperty(prototype, Symbol.toStringTag, {value: name, configurable: true});
    defineProperty(prototype, kInternalClass, {value: kInternalClass});
    defineProperty(globalThis, name, {value: constructor, writable: true, configurable: true});
  }
