// RFC 5869 has the vectors.
import { equal, fromHex, rejects, same, toHex } from '../assert.js';

const { subtle } = crypto;
const imported = (bytes) => subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits', 'deriveKey']);
const kEmpty = new Uint8Array(0);
const kIkm = fromHex('0b'.repeat(22));
const kSalt = fromHex('000102030405060708090a0b0c');
const kInfo = fromHex('f0f1f2f3f4f5f6f7f8f9');
const hkdf = (hash, salt, info) => ({ name: 'HKDF', hash, salt, info });

export const bitsAreThoseOfTheRfc = {
  async test() {
    for (const [hash, ikm, salt, info, bytes, expected] of [
      [
        'SHA-256', kIkm, kSalt, kInfo, 42,
        '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
      ],
      [
        'SHA-256', kIkm, kEmpty, kEmpty, 42,
        '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
      ],
      [
        'SHA-1', kIkm.subarray(0, 11), kSalt, kInfo, 42,
        '085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896',
      ],
    ]) {
      const bits = await subtle.deriveBits(hkdf(hash, salt, info), await imported(ikm), bytes * 8);
      equal(toHex(bits), expected);
    }
  },
};

export const anEmptyKeyIsAKey = {
  async test() {
    const zeros = new Uint8Array(8);
    const bits = await subtle.deriveBits(hkdf('SHA-256', zeros, zeros), await imported(kEmpty), 64);
    equal(toHex(bits), '79eed6c944e83753');
  },
};

export const longInfosAreTakenWhole = {
  async test() {
    const key = await imported(new Uint8Array(16));
    const zeros = new Uint8Array(8);
    const derive = async (length) =>
      toHex(await subtle.deriveBits(hkdf('SHA-256', zeros, new Uint8Array(length)), key, 256));
    equal(await derive(1024), '9c11cd040049698a5199ab18c2b36a7a36e7279308fd4805ba0fa8772890c6a2');
    equal(await derive(1025), '5491cae0f23a821f4057cae7d55669d31b35fb9e4a15159fe8fe852569e4afec');
    equal((await derive(100_000)).length, 64);
  },
};

export const lengthsHaveTheirLimits = {
  async test() {
    const key = await imported(kIkm);
    const algorithm = hkdf('SHA-256', kSalt, kInfo);
    equal((await subtle.deriveBits(algorithm, key, 0)).byteLength, 0);
    equal((await subtle.deriveBits(algorithm, key, 255 * 256)).byteLength, 255 * 32);
    for (const [length, message] of [
      [undefined, 'HKDF cannot derive a key with null length.'],
      [null, 'HKDF cannot derive a key with null length.'],
      [7, 'HKDF requires a derived key length that is a multiple of eight (requested 7).'],
      [255 * 256 + 8, 'HKDF deriveBits failed.'],
    ]) {
      await rejects(subtle.deriveBits(algorithm, key, length), { name: 'OperationError', message });
    }
    await rejects(subtle.deriveBits(algorithm, key, -1), {
      name: 'TypeError',
      message: 'deriveBits length must be an unsigned long integer.',
    });
  },
};

export const parametersAreRequired = {
  async test() {
    const key = await imported(kIkm);
    for (const name of ['hash', 'salt', 'info']) {
      const algorithm = { ...hkdf('SHA-256', kSalt, kInfo), [name]: undefined };
      await rejects(subtle.deriveBits(algorithm, key, 8), {
        name: 'TypeError',
        message: `Missing field "${name}" in "algorithm".`,
      });
    }
    await rejects(subtle.deriveBits(hkdf('SHA-256', 5, kInfo), key, 8), {
      name: 'TypeError',
      message:
        "Incorrect type for the 'salt' field on 'DeriveKeyAlgorithm': the provided value is not " +
        "of type 'BufferSource'.",
    });
  },
};

export const keysAreOnlyForDeriving = {
  async test() {
    const key = await imported(kIkm);
    same(key.algorithm, { name: 'HKDF' });
    same(key.usages, ['deriveKey', 'deriveBits']);
    await rejects(subtle.exportKey('raw', key), { name: 'InvalidAccessError' });
    await rejects(subtle.importKey('raw', kIkm, 'HKDF', true, ['deriveBits']), {
      name: 'SyntaxError',
      message: 'HKDF key cannot be extractable.',
    });
    await rejects(subtle.importKey('raw', kIkm, 'HKDF', false, ['sign']), {
      name: 'SyntaxError',
      message: 'Attempt to import secret HKDF key with invalid usage "sign".',
    });
    await rejects(subtle.importKey('jwk', { kty: 'oct', k: 'AAAA' }, 'HKDF', false, ['deriveBits']), {
      name: 'NotSupportedError',
      message: 'HKDF key must be imported in "raw" format (requested "jwk")',
    });
  },
};
