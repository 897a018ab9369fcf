// The vectors are those of the proposal of GCM to NIST.
import { equal, fromHex, rejects, toHex } from '../assert.js';

const { subtle } = crypto;
const kPlain =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
  '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
const kKey = 'feffe9928665731c6d6a8f9467308308';
const kData = 'feedfacedeadbeeffeedfacedeadbeefabaddad2';
const kZeros = '00000000000000000000000000000000';

const kCases = [
  { key: kZeros, iv: '000000000000000000000000', plain: '', data: '', expected: '58e2fccefa7e3061367f1d57a4e7455a' },
  {
    key: kZeros,
    iv: '000000000000000000000000',
    plain: kZeros,
    data: '',
    expected: '0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf',
  },
  {
    key: kKey,
    iv: 'cafebabefacedbaddecaf888',
    plain: kPlain,
    data: kData,
    expected:
      '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa05' +
      '1ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47',
  },
  {
    key: kKey,
    iv: 'cafebabefacedbad',
    plain: kPlain,
    data: kData,
    expected:
      '61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c742373806900e49f24b22b097544d4896b42' +
      '4989b5e1ebac0f07c23f45983612d2e79e3b0785561be14aaca2fccb',
  },
];

const imported = (hex) =>
  subtle.importKey('raw', fromHex(hex), 'AES-GCM', false, ['encrypt', 'decrypt']);

export const ciphertextsAreThoseOfTheProposal = {
  async test() {
    for (const { key: hex, iv, plain, data, expected } of kCases) {
      const key = await imported(hex);
      const algorithm = { name: 'AES-GCM', iv: fromHex(iv), additionalData: fromHex(data) };
      const encrypted = await subtle.encrypt(algorithm, key, fromHex(plain));
      equal(toHex(encrypted), expected);
      equal(toHex(await subtle.decrypt(algorithm, key, encrypted)), plain);
    }
  },
};

export const tagsMayBeShortened = {
  async test() {
    const key = await imported(kZeros);
    const whole = '0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf';
    for (const tagLength of [32, 64, 96, 104, 112, 120, 128]) {
      const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12), tagLength };
      const encrypted = await subtle.encrypt(algorithm, key, fromHex(kZeros));
      equal(toHex(encrypted), whole.slice(0, 32 + tagLength / 4), `${tagLength} bits`);
      equal(toHex(await subtle.decrypt(algorithm, key, encrypted)), kZeros);
    }
  },
};

export const otherTagsAreRefused = {
  async test() {
    const key = await imported(kZeros);
    for (const tagLength of [0, 8, 16, 100, 136, 256, -1, null]) {
      const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12), tagLength };
      for (const operation of ['encrypt', 'decrypt']) {
        await rejects(subtle[operation](algorithm, key, new Uint8Array(40)), {
          name: 'OperationError',
          message: `Invalid AES-GCM tag length ${tagLength ?? 0}.`,
        });
      }
    }
  },
};

export const anyChangeIsNoticed = {
  async test() {
    const key = await imported(kKey);
    const algorithm = {
      name: 'AES-GCM',
      iv: fromHex('cafebabefacedbaddecaf888'),
      additionalData: fromHex(kData),
    };
    const encrypted = new Uint8Array(await subtle.encrypt(algorithm, key, fromHex(kPlain)));
    const failure = {
      name: 'OperationError',
      code: 0,
      message:
        'Decryption failed. This could be due to a ciphertext authentication failure, bad ' +
        'padding, incorrect CryptoKey, or another algorithm-specific reason. Input length was ' +
        '60, output length expected to be 60 for AES-GCM',
    };
    for (const at of [0, 30, encrypted.length - 1]) {
      const changed = encrypted.slice();
      changed[at] ^= 1;
      await rejects(subtle.decrypt(algorithm, key, changed), failure);
    }
    await rejects(
      subtle.decrypt({ ...algorithm, additionalData: new Uint8Array(20) }, key, encrypted),
      failure,
    );
    await rejects(subtle.decrypt({ ...algorithm, iv: new Uint8Array(12) }, key, encrypted), failure);
    await rejects(subtle.decrypt(algorithm, await imported(kZeros), encrypted), failure);
  },
};

export const aCiphertextHasATag = {
  async test() {
    const key = await imported(kKey);
    await rejects(subtle.decrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, key, new Uint8Array(15)), {
      name: 'OperationError',
      message:
        'Ciphertext length of 120 bits must be greater than or equal to the size of the AES-GCM ' +
        'tag length of 128 bits.',
    });
  },
};

export const theIvIsRequired = {
  async test() {
    const key = await imported(kKey);
    await rejects(subtle.encrypt('AES-GCM', key, new Uint8Array(1)), {
      name: 'TypeError',
      message: 'Missing field "iv" in "algorithm".',
    });
    await rejects(subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(0) }, key, new Uint8Array(1)), {
      name: 'OperationError',
      message: 'AES-GCM IV must not be empty.',
    });
  },
};

export const parametersAreThoseOfTheCall = {
  async test() {
    const key = await imported(kZeros);
    const iv = new Uint8Array(12);
    const encrypted = subtle.encrypt({ name: 'AES-GCM', iv }, key, fromHex(kZeros));
    iv.fill(9);
    equal(toHex(await encrypted), kCases[1].expected);
  },
};

export const aMegabyteComesBack = {
  async test() {
    const key = await imported(kKey);
    const plain = new Uint8Array(1 << 20).fill(3);
    const algorithm = { name: 'AES-GCM', iv: new Uint8Array(16) };
    const encrypted = await subtle.encrypt(algorithm, key, plain);
    equal(encrypted.byteLength, plain.length + 16);
    const decrypted = new Uint8Array(await subtle.decrypt(algorithm, key, encrypted));
    equal(decrypted.length, plain.length);
    equal(decrypted.every((byte) => byte === 3), true);
  },
};
