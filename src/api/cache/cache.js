// Cache and CacheStorage. https://developers.cloudflare.com/workers/runtime-apis/cache/

(native, builtins) => {
  "use strict";
  const {expose, isObject} = builtins.events;
  const {kInternal} = builtins.streams;
  const NativePromise = Promise;
  const {defineProperty} = Object;
  const reject = Promise.reject.bind(NativePromise);
  const resolve = Promise.resolve.bind(NativePromise);

  const newIllegalInvocation = () => new TypeError(
      'Illegal invocation: function called with incorrect `this` reference. See ' +
      'https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors ' +
      'for details.');

  /** Texts pinned by the reference. @param {string} name @param {string} type */
  const rejectMissing = (name, type) => reject(new Error(
      `Failed to execute '${name}' on '${type}': the method is not implemented.`));

  /** @param {string} method @param {number} at @param {string} type */
  const newMismatch = (method, at, type) => new TypeError(
      `Failed to execute '${method}' on 'Cache': parameter ${at} is not of type '${type}'.`);

  /** @param {any} options @param {string} method */
  function readIgnoreMethod(options, method) {
    if (options === undefined || options === null) return false;
    if (!isObject(options)) throw newMismatch(method, 2, 'CacheQueryOptions');
    return !!options.ignoreMethod;
  }

  class Cache {
    /** @type {string | undefined} */ #name;

    /** @param {any} key @param {string} [name] of the cache; none for the default one */
    constructor(key, name) {
      if (key !== kInternal) throw new TypeError('Illegal constructor');
      this.#name = name;
    }

    /** @param {RequestInfo} request @param {{ignoreMethod?: boolean}} [options] */
    match(request, options = undefined) {
      try {
        if (!(#name in this)) throw newIllegalInvocation();
        if (request === undefined) throw newMismatch('match', 1, 'Request or string');
        const ignoresMethod = readIgnoreMethod(options, 'match');
        return resolve(native.match(this.#name, request, ignoresMethod));
      } catch (error) {
        return reject(error);
      }
    }

    /** @param {RequestInfo} request @param {Response} response */
    put(request, response) {
      try {
        if (!(#name in this)) throw newIllegalInvocation();
        if (request === undefined) throw newMismatch('put', 1, 'Request or string');
        if (!native.isResponse(response)) throw newMismatch('put', 2, 'Response');
        return resolve(native.put(this.#name, request, response));
      } catch (error) {
        return reject(error);
      }
    }

    /** @param {RequestInfo} request @param {{ignoreMethod?: boolean}} [options] */
    delete(request, options = undefined) {
      try {
        if (!(#name in this)) throw newIllegalInvocation();
        if (request === undefined) throw newMismatch('delete', 1, 'Request or string');
        const ignoresMethod = readIgnoreMethod(options, 'delete');
        return resolve(native.remove(this.#name, request, ignoresMethod));
      } catch (error) {
        return reject(error);
      }
    }

    add() { return rejectMissing('add', 'Cache'); }
    addAll() { return rejectMissing('addAll', 'Cache'); }
    matchAll() { return rejectMissing('matchAll', 'Cache'); }
    keys() { return rejectMissing('keys', 'Cache'); }
  }
  expose('Cache', Cache);

  class CacheStorage {
    /** @param {any} key */
    constructor(key) {
      if (key !== kInternal) throw new TypeError('Illegal constructor');
      const value = new Cache(kInternal);
      defineProperty(this, 'default', {__proto__: null, value, enumerable: true, configurable: true});
    }

    /** @param {string} cacheName */
    open(cacheName) {
      try {
        if (arguments.length < 1) {
          throw new TypeError(
              "Failed to execute 'open' on 'CacheStorage': parameter 1 is not of type 'string'.");
        }
        return resolve(new Cache(kInternal, `${cacheName}`));
      } catch (error) {
        return reject(error);
      }
    }
    delete() { return rejectMissing('delete', 'CacheStorage'); }
    match() { return rejectMissing('match', 'CacheStorage'); }
    has() { return rejectMissing('has', 'CacheStorage'); }
    keys() { return rejectMissing('keys', 'CacheStorage'); }
  }
  expose('CacheStorage', CacheStorage);

  defineProperty(globalThis, 'caches', {
    __proto__: null, value: new CacheStorage(kInternal),
    writable: true, enumerable: true, configurable: true,
  });

  return {};
}
