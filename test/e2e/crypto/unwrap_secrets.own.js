// workerd's errors show some of the text that was unwrapped, and Object.prototype takes part.
import { ok, rejects, same } from '../assert.js';

const { subtle } = crypto;
const kGcm = { name: 'AES-GCM', iv: new Uint8Array(12) };
const wrapping = () =>
  subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', false, ['encrypt', 'wrapKey', 'unwrapKey']);

export const errorsShowNothingOfTheKey = {
  async test() {
    const key = await wrapping();
    const wrapped = await subtle.encrypt(kGcm, key, new TextEncoder().encode('TOP SECRET'));
    const error = await rejects(
      subtle.unwrapKey('jwk', wrapped, key, kGcm, 'AES-GCM', false, ['encrypt']),
      { name: 'DataError' },
    );
    ok(!/SECRET/.test(error.message));
  },
};

export const extendedPrototypesTakeNoPart = {
  async test() {
    const key = await wrapping();
    const secret = await subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', true, ['encrypt']);
    const wrap = async () => {
      const wrapped = await subtle.wrapKey('jwk', secret, key, kGcm);
      return subtle.unwrapKey('jwk', wrapped, key, kGcm, 'AES-GCM', true, ['encrypt']);
    };
    const seen = [];
    Object.defineProperty(Object.prototype, 'use', {
      configurable: true,
      get() {
        seen.push('use');
        return 'sig';
      },
    });
    Object.defineProperty(Object.prototype, 'kty', { configurable: true, set: () => seen.push('kty') });
    Object.prototype.toJSON = () => seen.push('toJSON');
    let exported;
    try {
      exported = await subtle.exportKey('jwk', await wrap());
    } finally {
      delete Object.prototype.use;
      delete Object.prototype.kty;
      delete Object.prototype.toJSON;
    }
    same(seen, []);
    same(Object.keys(exported), ['kty', 'key_ops', 'alg', 'ext', 'k']);
  },
};
