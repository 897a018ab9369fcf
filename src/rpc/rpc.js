// The parts of RPC that are JavaScript: replacing what V8's serializer refuses, disposers.
(native) => {
  'use strict';
  const {Array, Map, Object, Reflect, Set, Symbol} = globalThis;
  const {isArray} = Array;
  const {keys: objectKeys} = Object;
  const {defineProperty, getPrototypeOf, ownKeys, getOwnPropertyDescriptor} = Reflect;
  const ObjectPrototype = Object.prototype;
  const MapPrototype = Map.prototype;
  const SetPrototype = Set.prototype;
  const uncurry = (f) => Function.prototype.call.bind(f);
  const mapGet = uncurry(Map.prototype.get);
  const mapSet = uncurry(Map.prototype.set);
  const mapHas = uncurry(Map.prototype.has);
  const mapForEach = uncurry(Map.prototype.forEach);
  const setAdd = uncurry(Set.prototype.add);
  const setForEach = uncurry(Set.prototype.forEach);
  const propertyIsEnumerable = uncurry(ObjectPrototype.propertyIsEnumerable);
  const {dispose} = Symbol;
  const {isProxy, isMap, isSet, referenceTo} = native;

  /** Whether V8's serializer would refuse it although it can travel. */
  const travelsByReference = (value) =>
    typeof value === 'function' || (typeof value === 'object' && value !== null && isProxy(value));

  /**
   * A copy of the value in which callables and Proxies are references that the serializer knows;
   * what holds none of them stays itself. Getters run once, here.
   */
  function withReferences(root) {
    const seen = new Map();
    const copyProperties = (from, to) => {
      const keys = ownKeys(from);
      for (let i = 0; i < keys.length; ++i) {
        const key = keys[i];
        if (typeof key !== 'string' || !propertyIsEnumerable(from, key)) continue;
        defineProperty(to, key, {
          __proto__: null, value: copy(from[key]), writable: true, enumerable: true,
          configurable: true,
        });
      }
    };
    const copy = (value) => {
      if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return value;
      if (mapHas(seen, value)) return mapGet(seen, value);
      if (typeof value === 'function' || isProxy(value)) {
        const reference = referenceTo(value);
        mapSet(seen, value, reference);
        return reference;
      }
      if (isArray(value)) {
        const made = new Array(value.length);
        mapSet(seen, value, made);
        copyProperties(value, made);
        return made;
      }
      const prototype = getPrototypeOf(value);
      if (prototype === ObjectPrototype) {
        const made = {};
        mapSet(seen, value, made);
        copyProperties(value, made);
        return made;
      }
      if (isMap(value)) {
        const made = new Map();
        mapSet(seen, value, made);
        mapForEach(value, (each, key) => mapSet(made, copy(key), copy(each)));
        return made;
      }
      if (isSet(value)) {
        const made = new Set();
        mapSet(seen, value, made);
        setForEach(value, (each) => setAdd(made, copy(each)));
        return made;
      }
      return value;
    };
    return copy(root);
  }

  // TODO(#5): the scan and the copy are JavaScript; an own serializer would need neither.
  // Beyond these the copy, which takes linear time, decides.
  const kScanDepthMax = 64;
  const kScanObjectsMax = 10000;
  let scanned = 0;

  /**
   * Whether withReferences() is needed: there is a callable or a Proxy somewhere, or something that
   * only running code would tell. Runs no user code.
   */
  function scan(value, depth) {
    if (typeof value === 'function') return true;
    if (typeof value !== 'object' || value === null) return false;
    if (isProxy(value) || depth > kScanDepthMax || ++scanned > kScanObjectsMax) return true;
    if (isArray(value)) {
      for (let i = 0; i < value.length; ++i) {
        const each = value[i];
        if ((typeof each === 'object' || typeof each === 'function') && scan(each, depth + 1)) {
          return true;
        }
      }
      return false;
    }
    if (getPrototypeOf(value) === ObjectPrototype) {
      const keys = objectKeys(value);
      for (let i = 0; i < keys.length; ++i) {
        const descriptor = getOwnPropertyDescriptor(value, keys[i]);
        if (descriptor.get !== undefined) return true;
        const each = descriptor.value;
        if ((typeof each === 'object' || typeof each === 'function') && scan(each, depth + 1)) {
          return true;
        }
      }
      return false;
    }
    let found = false;
    if (isMap(value)) {
      mapForEach(value, (each, key) => {
        found = found || scan(key, depth + 1) || scan(each, depth + 1);
      });
    } else if (isSet(value)) {
      setForEach(value, (each) => {
        found = found || scan(each, depth + 1);
      });
    }
    return found;
  }

  /** The value as V8's serializer can take it. */
  function prepare(value) {
    scanned = 0;
    return scan(value, 0) ? withReferences(value) : value;
  }

  // What disposing a result does; nothing for most.
  function disposeNothing() {}

  /** Gives a result its [Symbol.dispose]. */
  function makeDisposable(value, disposer) {
    defineProperty(value, dispose, {
      __proto__: null, value: disposer ?? disposeNothing, writable: true, enumerable: false,
      configurable: true,
    });
  }

  return {
    ObjectPrototype, getPrototypeOf, makeDisposable, prepare,
  };
}
