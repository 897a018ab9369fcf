// What "cloudflare:workers" exports besides its classes.
(native) => {
  'use strict';
  const {Function, Map, Proxy, Reflect, Symbol, TypeError} = globalThis;
  const {ownKeys, get, set, has, getOwnPropertyDescriptor, defineProperty, deleteProperty} = Reflect;

  /** An object that shows whatever `current()` gives at the time. */
  function live(current, writable) {
    const target = () => current() ?? {};
    return new Proxy({}, {
      __proto__: null,
      get: (_, key) => get(target(), key),
      set: (_, key, value) => !writable || set(target(), key, value),
      has: (_, key) => has(target(), key),
      ownKeys: () => ownKeys(target()),
      deleteProperty: (_, key) => !writable || deleteProperty(target(), key),
      defineProperty: (_, key, descriptor) => !writable || defineProperty(target(), key, descriptor),
      getOwnPropertyDescriptor(_, key) {
        const descriptor = getOwnPropertyDescriptor(target(), key);
        // What the proxy's own target lacks has to be configurable.
        if (descriptor !== undefined) descriptor.configurable = true;
        return descriptor;
      },
    });
  }

  // What withEnv() and the like put in place of the worker's own, by the asynchronous context: an
  // immutable map of keys to values, which AsyncLocalStorage shares.
  const NativeMap = globalThis.Map;
  const mapGet = Function.prototype.call.bind(Map.prototype.get);
  const mapSet = Function.prototype.call.bind(Map.prototype.set);
  const mapForEach = Function.prototype.call.bind(Map.prototype.forEach);
  const kEnv = {};
  const kExports = {};
  const isObject = (value) =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';

  function overriding(key, base) {
    return () => {
      const frame = native.frame();
      const override = frame === undefined ? undefined : mapGet(frame, key);
      return override === undefined ? base() : override;
    };
  }

  /** Calls `run` where the keys have these values. Values that are no objects say nothing. */
  function runWith(overrides, run) {
    if (typeof run !== 'function') throw new TypeError('parameter 2 is not of type \'function\'.');
    const before = native.frame();
    const frame = new NativeMap();
    if (before !== undefined) mapForEach(before, (value, key) => mapSet(frame, key, value));
    for (let i = 0; i < overrides.length; ++i) {
      const [key, value] = overrides[i];
      if (isObject(value)) mapSet(frame, key, value);
    }
    native.setFrame(frame);
    try {
      return run();
    } finally {
      native.setFrame(before);
    }
  }

  const currentEnv = overriding(kEnv, native.currentEnv);
  const currentExports = overriding(kExports, native.currentExports);

  return {
    withEnv: (env, run) => runWith([[kEnv, env]], run),
    withExports: (exports, run) => runWith([[kExports, exports]], run),
    withEnvAndExports: (env, exports, run) => runWith([[kEnv, env], [kExports, exports]], run),
    env: live(currentEnv, true),
    exports: live(currentExports, false),
    waitUntil: native.waitUntil,
    abortIsolate: native.abortIsolate,
    restore: Symbol('cloudflare:workers:restore'),
  };
}
