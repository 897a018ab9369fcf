import { equal, rejects, same, toHex } from '../assert.js';

const { subtle } = crypto;
const kHkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(8), info: new Uint8Array(8) };
const base = () =>
  subtle.importKey('raw', new Uint8Array(16), 'HKDF', false, ['deriveBits', 'deriveKey']);

export const theDerivedKeyIsMadeOfTheBits = {
  async test() {
    const from = await base();
    const bits = await subtle.deriveBits(kHkdf, from, 256);
    const key = await subtle.deriveKey(kHkdf, from, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
    equal(toHex(await subtle.exportKey('raw', key)), toHex(bits));
    same(key.algorithm, { name: 'AES-GCM', length: 256 });
    same(key.usages, ['encrypt']);
  },
};

export const hmacKeysAreABlockLongUnlessTold = {
  async test() {
    const from = await base();
    for (const [more, length] of [[{}, 512], [{ length: 96 }, 96]]) {
      const type = { name: 'HMAC', hash: 'SHA-256', ...more };
      const key = await subtle.deriveKey(kHkdf, from, type, true, ['sign']);
      same(key.algorithm, { name: 'HMAC', hash: { name: 'SHA-256' }, length });
    }
    await rejects(
      subtle.deriveKey(kHkdf, from, { name: 'HMAC', hash: 'SHA-256', length: 0 }, true, ['sign']),
      { name: 'TypeError', message: 'HMAC key length must be a non-zero unsigned long integer.' },
    );
  },
};

export const keysForDerivingComeFromAgreements = {
  async test() {
    const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveKey']);
    const ecdh = { name: 'ECDH', public: pair.publicKey };
    for (const name of ['HKDF', 'PBKDF2']) {
      const key = await subtle.deriveKey(ecdh, pair.privateKey, name, false, ['deriveBits']);
      same(key.algorithm, { name });
    }
  },
};

export const otherTypesAreRefused = {
  async test() {
    const from = await base();
    for (const name of ['ECDH', 'RSA-PSS', 'foo']) {
      await rejects(subtle.deriveKey(kHkdf, from, name, true, ['encrypt']), {
        name: 'NotSupportedError',
        message: `Unrecognized derived key type "${name}" requested.`,
      });
    }
    await rejects(subtle.deriveKey(kHkdf, from, { name: 'AES-GCM', length: 100 }, true, ['encrypt']), {
      name: 'OperationError',
      message: 'Derived AES key must be 128, 192, or 256 bits in length but provided 100.',
    });
    await rejects(subtle.deriveKey(kHkdf, from, 'AES-GCM', true, ['encrypt']), {
      name: 'TypeError',
      message: 'Missing field "length" in "derivedKeyParams".',
    });
    await rejects(subtle.deriveKey(kHkdf, from, 'HKDF', false, ['deriveBits']), {
      name: 'OperationError',
      message: 'HKDF cannot derive a key with null length.',
    });
    await rejects(subtle.deriveKey(kHkdf, from, { name: 'AES-GCM', length: 128 }, true, []), {
      name: 'SyntaxError',
    });
  },
};
