// NIST SP 800-38A has the vectors.
import { equal, fromHex, rejects, toHex } from '../assert.js';

const { subtle } = crypto;
const kIv = fromHex('000102030405060708090a0b0c0d0e0f');
const kPlain = fromHex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51');
const kKeys = [
  [
    '2b7e151628aed2a6abf7158809cf4f3c',
    '7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2',
  ],
  [
    '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    'f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d',
  ],
];
const imported = (hex) => subtle.importKey('raw', fromHex(hex), 'AES-CBC', false, ['encrypt', 'decrypt']);

export const blocksAreThoseOfTheStandard = {
  async test() {
    for (const [hex, expected] of kKeys) {
      const key = await imported(hex);
      const encrypted = await subtle.encrypt({ name: 'AES-CBC', iv: kIv }, key, kPlain);
      equal(encrypted.byteLength, 48);  // one block of padding
      equal(toHex(encrypted).slice(0, 64), expected);
      const decrypted = await subtle.decrypt({ name: 'AES-CBC', iv: kIv }, key, encrypted);
      equal(toHex(decrypted), toHex(kPlain));
    }
  },
};

export const anyLengthIsPadded = {
  async test() {
    const key = await imported(kKeys[0][0]);
    for (const [length, padded] of [[0, 16], [1, 16], [15, 16], [16, 32], [17, 32], [5000, 5008]]) {
      const plain = new Uint8Array(length).fill(7);
      const encrypted = await subtle.encrypt({ name: 'AES-CBC', iv: kIv }, key, plain);
      equal(encrypted.byteLength, padded, `${length} bytes`);
      const decrypted = await subtle.decrypt({ name: 'AES-CBC', iv: kIv }, key, encrypted);
      equal(toHex(decrypted), toHex(plain));
    }
  },
};

export const theIvHasSixteenBytes = {
  async test() {
    const key = await imported(kKeys[0][0]);
    for (const length of [0, 15, 17]) {
      const algorithm = { name: 'AES-CBC', iv: new Uint8Array(length) };
      await rejects(subtle.encrypt(algorithm, key, kPlain), {
        name: 'OperationError',
        message: `AES-CBC IV must be 16 bytes long (provided ${length} bytes).`,
      });
      await rejects(subtle.decrypt(algorithm, key, kPlain), {
        name: 'OperationError',
        message: `AES-CBC IV must be 16 bytes long (provided ${length}).`,
      });
    }
    await rejects(subtle.encrypt({ name: 'AES-CBC' }, key, kPlain), {
      name: 'TypeError',
      message: 'Missing field "iv" in "algorithm".',
    });
    await rejects(subtle.encrypt({ name: 'AES-CBC', iv: 'text' }, key, kPlain), {
      name: 'TypeError',
      message:
        "Incorrect type for the 'iv' field on 'EncryptAlgorithm': the provided value is not of " +
        "type 'BufferSource'.",
    });
  },
};

export const wrongPaddingIsRefused = {
  async test() {
    const key = await imported(kKeys[0][0]);
    for (const length of [0, 1, 15, 16, 32]) {
      await rejects(
        subtle.decrypt({ name: 'AES-CBC', iv: kIv }, key, new Uint8Array(length)),
        { name: 'OperationError', message: /^Decryption failed\. .* for AES-CBC$/ },
      );
    }
  },
};
