// `self`, `origin` and `navigator`.
(native) => {
  'use strict';
  const {defineProperty} = Object;
  const {fetch} = globalThis;

  class Navigator {
    constructor() {
      throw new TypeError('Illegal constructor');
    }

    // https://w3c.github.io/beacon/#sendbeacon-method
    // Differs: a URL that does not parse is no error but a request that fails, as in the reference.
    sendBeacon(url, data = undefined) {
      if (this !== navigator) throw new TypeError('Illegal invocation');
      if (arguments.length < 1) {
        throw new TypeError("Failed to execute 'sendBeacon' on 'Navigator': " +
            "parameter 1 is not of type 'string'.");
      }
      const text = `${url}`;
      const init = {__proto__: null, method: 'POST'};
      if (data !== undefined && data !== null) init.body = data;
      native.keepAlive(fetch(text, init));
      return true;
    }
  }
  defineProperty(Navigator.prototype, Symbol.toStringTag, {
    value: 'Navigator',
    configurable: true,
  });
  defineProperty(Navigator.prototype.sendBeacon, 'length', {value: 0});
  defineProperty(Navigator.prototype, 'sendBeacon', {enumerable: true});
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
