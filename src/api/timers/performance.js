// The global `performance`.
(native) => {
  'use strict';
  const {now} = native;
  const {defineProperty} = Object;
  /** @param {unknown} value */
  const isObject = (value) => typeof value === 'object' && value !== null;

  class Performance {
    #brand = true;

    /** @param {Performance} value */
    static #check(value) {
      if (!isObject(value) || !(#brand in value)) throw new TypeError('Illegal invocation');
    }

    get timeOrigin() {
      Performance.#check(this);
      return 0;
    }

    now() {
      Performance.#check(this);
      return now();
    }
  }
  for (const name of ['timeOrigin', 'now']) {
    defineProperty(Performance.prototype, name, {enumerable: true});
  }
  defineProperty(Performance.prototype, Symbol.toStringTag, {
    value: 'Performance',
    configurable: true,
  });
  defineProperty(globalThis, 'performance', {
    value: new Performance(),
    writable: true,
    enumerable: true,
    configurable: true,
  });
  return Performance;
}
