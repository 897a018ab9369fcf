// FIPS 180-4 and RFC 1321 have the digests.
import { equal, fromHex, ok, rejects, toHex } from '../assert.js';

const { subtle } = crypto;
const encoder = new TextEncoder();

const kDigests = [
  ['MD5', 'abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['SHA-1', 'abc', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['SHA-256', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'SHA-384',
    'abc',
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed' +
      '8086072ba1e7cc2358baeca134c825a7',
  ],
  [
    'SHA-512',
    'abc',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
      '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ],
  ['SHA-1', '', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ['SHA-256', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
];

export const digestsAreThoseOfTheStandards = {
  async test() {
    for (const [name, text, expected] of kDigests) {
      const digest = await subtle.digest(name, encoder.encode(text));
      ok(digest instanceof ArrayBuffer);
      equal(toHex(digest), expected, `${name} of "${text}"`);
    }
  },
};

export const theSameHashBeginsAfreshEachTime = {
  async test() {
    const [first, other, again] = await Promise.all([
      subtle.digest('SHA-256', encoder.encode('abc')),
      subtle.digest('SHA-256', encoder.encode('abd')),
      subtle.digest('SHA-256', encoder.encode('abc')),
    ]);
    equal(toHex(first), toHex(again));
    ok(toHex(first) !== toHex(other));
  },
};

export const everyKindOfBufferIsHashedWhereItLies = {
  async test() {
    const whole = encoder.encode('xxabcxx');
    const expected = 'a9993e364706816aba3e25717850c26c9cd0d89d';
    for (const data of [
      whole.slice(2, 5).buffer,
      whole.subarray(2, 5),
      new DataView(whole.buffer, 2, 3),
      new Int8Array(whole.buffer, 2, 3),
      new Uint8Array(fromHex('616263')),
    ]) {
      equal(toHex(await subtle.digest('SHA-1', data)), expected);
    }
    equal(
      toHex(await subtle.digest('SHA-1', new Uint16Array([0x6261]))),
      'da23614e02469a0d7c7bd1bdab5c9c474b1904dc',
    );
  },
};

export const aMegabyteIsHashed = {
  async test() {
    const million = new Uint8Array(1_000_000).fill('a'.charCodeAt(0));
    equal(
      toHex(await subtle.digest('SHA-256', million)),
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    );
  },
};

export const namesAreFoundInAnyCase = {
  async test() {
    for (const name of ['sha-256', 'Sha-256', { name: 'sHA-256' }]) {
      equal((await subtle.digest(name, new Uint8Array(3))).byteLength, 32);
    }
  },
};

export const otherHashesAreRefused = {
  async test() {
    for (const name of ['SHA-224', 'SHA256', 'SHA3-256', '', 'SHA-256 ', { name: 'x' }]) {
      await rejects(subtle.digest(name, new Uint8Array(1)), {
        name: 'NotSupportedError',
        code: 9,
        message: 'Unrecognized or unimplemented digest algorithm requested.',
      });
    }
  },
};

export const whatIsNoBufferIsRefused = {
  async test() {
    for (const data of [undefined, null, 'abc', {}, [1], 5, new SharedArrayBuffer(1)]) {
      await rejects(subtle.digest('SHA-1', data), {
        name: 'TypeError',
        message:
          "Failed to execute 'digest' on 'SubtleCrypto': parameter 2 is not of type " +
          "'BufferSource'.",
      });
    }
    await rejects(subtle.digest(), {
      name: 'TypeError',
      message:
        "Failed to execute 'digest' on 'SubtleCrypto': parameter 1 is not of type " +
        "'string or HashAlgorithm'.",
    });
  },
};

export const aThrowingGetterRejects = {
  async test() {
    const algorithm = {
      get name() {
        throw new RangeError('mine');
      },
    };
    await rejects(subtle.digest(algorithm, new Uint8Array(1)), { name: 'RangeError', message: 'mine' });
  },
};

export const dataIsThatOfTheCall = {
  async test() {
    const data = encoder.encode('abc');
    const digest = subtle.digest('SHA-1', data);
    data.fill(0);
    equal(toHex(await digest), 'a9993e364706816aba3e25717850c26c9cd0d89d');
  },
};

export const dataIsReadBehindTheAlgorithm = {
  async test() {
    const data = encoder.encode('xbc');
    const algorithm = {
      get name() {
        data[0] = 'a'.charCodeAt(0);
        return 'SHA-1';
      },
    };
    equal(toHex(await subtle.digest(algorithm, data)), 'a9993e364706816aba3e25717850c26c9cd0d89d');
  },
};

export const aBufferDetachedMeanwhileIsEmpty = {
  async test() {
    const data = encoder.encode('abc');
    const algorithm = {
      get name() {
        structuredClone(data.buffer, { transfer: [data.buffer] });
        return 'SHA-1';
      },
    };
    equal(toHex(await subtle.digest(algorithm, data)), 'da39a3ee5e6b4b0d3255bfef95601890afd80709');
  },
};
