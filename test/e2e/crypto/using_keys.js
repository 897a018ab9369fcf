import { rejects } from '../assert.js';

const { subtle } = crypto;
const kIv = new Uint8Array(16);

export const algorithmsMustMatchTheKey = {
  async test() {
    const key = await subtle.importKey('raw', kIv, 'AES-GCM', false, ['encrypt', 'decrypt']);
    for (const name of ['AES-CBC', 'HMAC', 'ECDSA', 'foo']) {
      await rejects(subtle.encrypt({ name, iv: kIv }, key, kIv), {
        name: 'InvalidAccessError',
        message: `Requested algorithm "${name}" does not match this CryptoKey's algorithm "AES-GCM".`,
      });
    }
  },
};

export const usagesMustAllowIt = {
  async test() {
    const encrypting = await subtle.importKey('raw', kIv, 'AES-GCM', false, ['encrypt']);
    const verifying = await subtle.importKey('raw', kIv, { name: 'HMAC', hash: 'SHA-1' }, false, [
      'verify',
    ]);
    const deriving = await subtle.importKey('raw', kIv, 'HKDF', false, ['deriveBits']);
    const hkdf = { name: 'HKDF', hash: 'SHA-1', salt: kIv, info: kIv };
    const aes = { name: 'AES-GCM', length: 128 };
    const gcm = { name: 'AES-GCM', iv: kIv };
    for (const [usage, attempt] of [
      ['decrypt', () => subtle.decrypt(gcm, encrypting, kIv)],
      ['wrapKey', () => subtle.wrapKey('raw', encrypting, encrypting, gcm)],
      ['unwrapKey', () => subtle.unwrapKey('raw', kIv, encrypting, gcm, 'AES-GCM', true, ['encrypt'])],
      ['sign', () => subtle.sign('HMAC', verifying, kIv)],
      ['deriveKey', () => subtle.deriveKey(hkdf, deriving, aes, true, ['encrypt'])],
    ]) {
      await rejects(attempt(), {
        name: 'InvalidAccessError',
        message: `Requested key usage "${usage}" does not match any usage listed in this CryptoKey.`,
      });
    }
  },
};

export const unknownAlgorithmsAreNotSupported = {
  async test() {
    for (const name of ['foo', 'SHA-1', 'AES-OCB', 'Ed448', 'DSA']) {
      await rejects(subtle.importKey('raw', kIv, name, false, ['sign']), {
        name: 'NotSupportedError',
        message: `Unrecognized key import algorithm "${name}" requested.`,
      });
      await rejects(subtle.generateKey(name, false, ['sign']), {
        name: 'NotSupportedError',
        message: `Unrecognized key generation algorithm "${name}" requested.`,
      });
    }
    for (const name of ['HKDF', 'PBKDF2']) {
      await rejects(subtle.generateKey(name, false, ['deriveBits']), { name: 'NotSupportedError' });
    }
  },
};
