// What "cloudflare:workers" exports besides its classes.
(native) => {
  'use strict';
  const {Proxy, Reflect, Object, Symbol, TypeError} = globalThis;
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

  return {
    env: live(native.currentEnv, true),
    exports: live(native.currentExports, false),
    waitUntil: native.waitUntil,
    abortIsolate: native.abortIsolate,
    restore: Symbol('cloudflare:workers:restore'),
  };
}
