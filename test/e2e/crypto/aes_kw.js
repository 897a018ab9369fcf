// RFC 3394 has the vectors.
import { equal, fromHex, rejects, toHex } from '../assert.js';

const { subtle } = crypto;
const kWrapping = '000102030405060708090a0b0c0d0e0f';
const wrapping = (hex) => subtle.importKey('raw', fromHex(hex), 'AES-KW', false, ['wrapKey', 'unwrapKey']);
const secret = (hex) =>
  subtle.importKey('raw', fromHex(hex), { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);

export const wrappedKeysAreThoseOfTheRfc = {
  async test() {
    for (const [outer, inner, expected] of [
      [
        kWrapping,
        '00112233445566778899aabbccddeeff',
        '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5',
      ],
      [
        '000102030405060708090a0b0c0d0e0f1011121314151617',
        '00112233445566778899aabbccddeeff',
        '96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d',
      ],
      [
        '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
        '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
        '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
      ],
    ]) {
      const key = await wrapping(outer);
      const wrapped = await subtle.wrapKey('raw', await secret(inner), key, 'AES-KW');
      equal(toHex(wrapped), expected);
      const unwrapped = await subtle.unwrapKey(
        'raw', wrapped, key, 'AES-KW', { name: 'HMAC', hash: 'SHA-256' }, true, ['sign'],
      );
      equal(toHex(await subtle.exportKey('raw', unwrapped)), inner);
    }
  },
};

export const onlyWholeBlocksAreWrapped = {
  async test() {
    const key = await wrapping(kWrapping);
    await rejects(subtle.wrapKey('raw', await secret('0102030405'), key, 'AES-KW'), {
      name: 'OperationError',
      message:
        'Unwrapped key bit length must be a multiple of 64 bits but unwrapped key has a length of ' +
        '40 bits.',
    });
    await rejects(subtle.wrapKey('raw', await secret('0102030405060708'), key, 'AES-KW'), {
      name: 'OperationError',
      message: /^Unwrapped key has length 8 bytes but it should be greater than or equal to 16/,
    });
  },
};

export const whatWasNotWrappedIsRefused = {
  async test() {
    const key = await wrapping(kWrapping);
    const unwrap = (bytes) =>
      subtle.unwrapKey('raw', bytes, key, 'AES-KW', 'AES-GCM', true, ['encrypt']);
    await rejects(unwrap(new Uint8Array(24)), {
      name: 'OperationError',
      message: 'AES-KW key unwrapping failed.',
    });
    await rejects(unwrap(new Uint8Array(7)), {
      name: 'OperationError',
      message: "Provided a wrapped key to unwrap that is 56 bits which isn't a multiple of 64 bits.",
    });
    await rejects(unwrap(new Uint8Array(16)), {
      name: 'OperationError',
      message:
        'Provided a wrapped key to unwrap this is 128 bits that is less than the minimal length ' +
        'of 192 bits.',
    });
  },
};

export const itEncryptsNoData = {
  async test() {
    await rejects(subtle.encrypt('AES-KW', await wrapping(kWrapping), new Uint8Array(16)), {
      name: 'InvalidAccessError',
      message: 'Requested key usage "encrypt" does not match any usage listed in this CryptoKey.',
    });
  },
};
