// The global `crypto` and its class.
(native) => {
  'use strict';
  const {getRandomValues, randomUUID, newSubtle} = native;
  const {defineProperty} = Object;
  /** @param {unknown} value */
  const isObject = (value) => typeof value === 'object' && value !== null;
  const kInternal = {};

  class Crypto {
    #brand = true;
    /** @type {SubtleCrypto | undefined} */
    #subtle;

    constructor() {
      if (arguments[0] !== kInternal) throw new TypeError('Illegal constructor');
    }

    /** @param {Crypto} value */
    static #check(value) {
      if (!isObject(value) || !(#brand in value)) throw new TypeError('Illegal invocation');
    }

    get subtle() {
      Crypto.#check(this);
      return (this.#subtle ??= newSubtle());
    }

    /** @param {ArrayBufferView} array */
    getRandomValues(array) {
      Crypto.#check(this);
      return getRandomValues(array);
    }

    randomUUID() {
      Crypto.#check(this);
      return randomUUID();
    }
  }
  for (const name of ['subtle', 'getRandomValues', 'randomUUID']) {
    defineProperty(Crypto.prototype, name, {enumerable: true});
  }
  defineProperty(Crypto.prototype, Symbol.toStringTag, {value: 'Crypto', configurable: true});
  defineProperty(globalThis, 'Crypto', {value: Crypto, writable: true, configurable: true});
  defineProperty(globalThis, 'crypto', {
    value: new Crypto(kInternal),
    writable: true,
    enumerable: true,
    configurable: true,
  });
  return Crypto;
}
