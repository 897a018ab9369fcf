// In workerd the attributes are the keys' own properties; the standard has them on the prototype.
import { ok, same, throws } from '../assert.js';

export const attributesAreGettersOfThePrototype = {
  async test() {
    const key = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    same(Object.keys(key.publicKey), []);
    same(Object.keys(CryptoKey.prototype), ['type', 'extractable', 'algorithm', 'usages']);
    const { get } = Object.getOwnPropertyDescriptor(CryptoKey.prototype, 'type');
    throws(() => get.call({}), { name: 'TypeError' });
    ok(get.call(key.publicKey) === 'public');
  },
};
