// The standard's dictionaries require a name; workerd takes its absence for the name "undefined".
import { rejects } from '../assert.js';

export const aDictionaryWithoutNameIsATypeError = {
  async test() {
    const message = 'Missing field "name" in "algorithm".';
    const data = new Uint8Array(1);
    for (const attempt of [
      () => crypto.subtle.digest({}, data),
      () => crypto.subtle.generateKey({ length: 128 }, true, ['encrypt']),
      () => crypto.subtle.importKey('raw', data, {}, true, ['sign']),
      () => crypto.subtle.importKey('raw', data, { name: 'HMAC', hash: {} }, true, ['sign']),
    ]) {
      await rejects(attempt(), { name: 'TypeError', message });
    }
  },
};

export const whatIsNoObjectIsAName = {
  async test() {
    for (const value of [undefined, null]) {
      await rejects(crypto.subtle.digest(value, new Uint8Array(1)), { name: 'NotSupportedError' });
    }
  },
};

// The reference takes only arrays.
export const usagesMayBeAnySequence = {
  async test() {
    await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, new Set(['encrypt']));
  },
};

// In the order of Web IDL: by dictionary, then by name.
export const parametersAreReadInTheStandardsOrder = {
  async test() {
    for (const [call, expected] of [
      [(p) => crypto.subtle.generateKey(p('RSA-PSS'), true, []), 'name modulusLength publicExponent hash'],
      [(p) => crypto.subtle.importKey('raw', new Uint8Array(1), p('HMAC'), true, []), 'name hash length'],
    ]) {
      const seen = [];
      const values = { modulusLength: 512, publicExponent: new Uint8Array([3]), hash: 'SHA-1' };
      const parameters = (name) =>
        new Proxy({ name, ...values }, {
          get(target, property) {
            seen.push(property);
            return target[property];
          },
        });
      await rejects(call(parameters), { name: 'SyntaxError' });
      if (seen.join(' ') !== expected) throw new Error(`read ${seen.join(' ')}`);
    }
  },
};
