// `self`, `origin` and `navigator`.
() => {
  'use strict';
  const {defineProperty} = Object;

  class Navigator {
    constructor() {
      throw new TypeError('Illegal constructor');
    }
  }
  defineProperty(Navigator.prototype, Symbol.toStringTag, {
    value: 'Navigator',
    configurable: true,
  });
  const navigator = {
    __proto__: Navigator.prototype,
    languages: ['en'],
    language: 'en',
    platform: '',
    hardwareConcurrency: 1,
    userAgent: 'Cloudflare-Workers',
  };
  for (const key of Object.keys(navigator)) defineProperty(navigator, key, {writable: false});

  defineProperty(globalThis, 'Navigator', {value: Navigator, writable: true, configurable: true});
  const kMembers = {navigator, origin: 'null', self: globalThis};
  for (const name of Object.keys(kMembers)) {
    defineProperty(globalThis, name, {
      value: kMembers[name],
      writable: name !== 'origin',
      enumerable: true,
      configurable: true,
    });
  }
  return Navigator;
}
