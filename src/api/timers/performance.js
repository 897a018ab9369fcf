// The global `performance` and, where flags ask for it, its timeline.
// https://w3c.github.io/hr-time/, https://w3c.github.io/user-timing/
(native, builtins) => {
  'use strict';
  const {now} = native;
  const {EventTarget, isObject} = builtins.events;
  const {defineProperty, setPrototypeOf} = Object;
  const {ownKeys} = Reflect;
  const NativeMap = Map;
  const kInternal = {};

  /** @type {(value: any) => void} */
  let check;

  class Performance extends EventTarget {
    #brand = true;

    constructor() {
      if (arguments[0] !== kInternal) throw new TypeError('Illegal constructor');
      super();
    }

    static {
      check = (value) => {
        if (!isObject(value) || !(#brand in value)) throw new TypeError('Illegal invocation');
      };
    }

    get timeOrigin() {
      check(this);
      return 0;
    }

    now() {
      check(this);
      return now();
    }
  }

  /** As Web IDL has it, but for the global object. @param {any} type */
  function finish(type) {
    for (const target of [type.prototype, type]) {
      for (const name of ownKeys(target)) {
        const isOwn = name === 'constructor' || name === 'prototype' || name === 'length' ||
            name === 'name';
        if (typeof name === 'string' && !isOwn) defineProperty(target, name, {enumerable: true});
      }
    }
    defineProperty(type.prototype, Symbol.toStringTag, {value: type.name, configurable: true});
  }
  finish(Performance);

  const performance = new Performance(kInternal);
  defineProperty(globalThis, 'performance', {
    value: performance, writable: true, enumerable: true, configurable: true,
  });
