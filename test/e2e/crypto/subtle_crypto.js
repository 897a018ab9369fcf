import { equal, ok, rejects, throws } from '../assert.js';

export const cryptoHasOneSubtle = {
  test() {
    ok(crypto.subtle instanceof SubtleCrypto);
    ok(crypto.subtle === crypto.subtle);
    equal(Object.prototype.toString.call(crypto.subtle), '[object SubtleCrypto]');
  },
};

export const nothingIsMadeByConstructors = {
  test() {
    throws(() => new SubtleCrypto(), { name: 'TypeError', message: 'Illegal constructor' });
    throws(() => new CryptoKey(), { name: 'TypeError', message: 'Illegal constructor' });
  },
};

export const receiversAreChecked = {
  test() {
    const { get } = Object.getOwnPropertyDescriptor(Crypto.prototype, 'subtle');
    throws(() => get.call({}), { name: 'TypeError', message: /^Illegal invocation/ });
  },
};

export const membersAreEnumerable = {
  test() {
    const names = Object.keys(SubtleCrypto.prototype);
    for (const name of [
      'encrypt',
      'decrypt',
      'sign',
      'verify',
      'digest',
      'generateKey',
      'deriveKey',
      'deriveBits',
      'importKey',
      'exportKey',
      'wrapKey',
      'unwrapKey',
      'timingSafeEqual',
    ]) {
      ok(names.includes(name), name);
    }
  },
};

export const missingArgumentsRejectByTheirNumber = {
  async test() {
    const { subtle } = crypto;
    const iv = new Uint8Array(12);
    const key = await subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', false, ['encrypt']);
    const gcm = { name: 'AES-GCM', iv };
    for (const [name, given, number, type] of [
      ['encrypt', [], 1, 'string or EncryptAlgorithm'],
      ['encrypt', [gcm], 2, 'CryptoKey'],
      ['encrypt', [gcm, {}, iv], 2, 'CryptoKey'],
      ['encrypt', [gcm, key], 3, 'BufferSource'],
      ['decrypt', [gcm, key, 'text'], 3, 'BufferSource'],
      ['sign', [], 1, 'string or SignAlgorithm'],
      ['verify', ['HMAC', key, iv], 4, 'BufferSource'],
      ['generateKey', [], 1, 'string or GenerateKeyAlgorithm'],
      ['generateKey', ['HMAC'], 2, 'boolean'],
      ['generateKey', ['HMAC', true], 3, 'Array'],
      ['generateKey', ['HMAC', true, 5], 3, 'Array'],
      ['generateKey', ['HMAC', true, 'sign'], 3, 'Array'],
      ['deriveBits', [], 1, 'string or DeriveKeyAlgorithm'],
      ['deriveBits', ['HKDF'], 2, 'CryptoKey'],
      ['deriveKey', ['HKDF', key], 3, 'string or ImportKeyAlgorithm'],
      ['importKey', [], 1, 'string'],
      ['importKey', ['raw'], 2, 'BufferSource or JsonWebKey'],
      ['importKey', ['raw', 5, 'HKDF', false, []], 2, 'BufferSource or JsonWebKey'],
      ['importKey', ['raw', iv], 3, 'string or ImportKeyAlgorithm'],
      ['importKey', ['raw', iv, 'HKDF'], 4, 'boolean'],
      ['importKey', ['raw', iv, 'HKDF', true], 5, 'Array'],
      ['exportKey', ['raw'], 2, 'CryptoKey'],
      ['wrapKey', ['raw', key], 3, 'CryptoKey'],
      ['wrapKey', ['raw', key, key], 4, 'string or EncryptAlgorithm'],
      ['unwrapKey', ['raw'], 2, 'BufferSource'],
      ['unwrapKey', ['raw', iv, key], 4, 'string or EncryptAlgorithm'],
      ['unwrapKey', ['raw', iv, key, gcm], 5, 'string or ImportKeyAlgorithm'],
    ]) {
      await rejects(subtle[name](...given), {
        name: 'TypeError',
        message:
          `Failed to execute '${name}' on 'SubtleCrypto': parameter ${number} is not of type ` +
          `'${type}'.`,
      });
    }
  },
};
