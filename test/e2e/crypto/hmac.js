// RFC 2202, RFC 4231 and RFC 7515 have the vectors.
import { equal, fromHex, rejects, same, toHex } from '../assert.js';

const { subtle } = crypto;
const encoder = new TextEncoder();
const imported = (bytes, hash, more = {}) =>
  subtle.importKey('raw', bytes, { name: 'HMAC', hash, ...more }, true, ['sign', 'verify']);

const kCases = [
  ['MD5', '0b'.repeat(16), 'Hi There', '9294727a3638bb1c13f48ef8158bfc9d'],
  ['SHA-1', '0b'.repeat(20), 'Hi There', 'b617318655057264e28bc0b6fb378c8ef146be00'],
  ['SHA-256', '0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    'SHA-384',
    '0b'.repeat(20),
    'Hi There',
    'afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6',
  ],
  [
    'SHA-512',
    '0b'.repeat(20),
    'Hi There',
    '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde' +
      'daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
  ],
  [
    'SHA-256',
    toHex(encoder.encode('Jefe')),
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    'SHA-256',
    'aa'.repeat(131),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
];

export const codesAreThoseOfTheRfcs = {
  async test() {
    for (const [hash, key, text, expected] of kCases) {
      const imported_ = await imported(fromHex(key), hash);
      const data = encoder.encode(text);
      equal(toHex(await subtle.sign('HMAC', imported_, data)), expected, hash);
      equal(await subtle.verify('HMAC', imported_, fromHex(expected), data), true);
    }
  },
};

export const aKeySignsAgainAndAgain = {
  async test() {
    const key = await imported(fromHex(kCases[2][1]), 'SHA-256');
    for (let i = 0; i < 5; ++i) {
      equal(toHex(await subtle.sign('HMAC', key, encoder.encode('Hi There'))), kCases[2][3]);
      await subtle.sign('HMAC', key, new Uint8Array(i * 100));
    }
  },
};

export const aTokenIsVerified = {
  async test() {
    const jwk = {
      kty: 'oct',
      k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    };
    const text =
      'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog' +
      'Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
    const signature = Uint8Array.from(
      atob('dBjftJeZ4CVP+mB92K27uhbUJU1p1r/wW1gFWFOEjXk='),
      (c) => c.charCodeAt(0),
    );
    const key = await subtle.importKey('jwk', jwk, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
    equal(await subtle.verify('HMAC', key, signature, encoder.encode(text)), true);
    equal(await subtle.verify('HMAC', key, signature, encoder.encode(`${text}x`)), false);
  },
};

export const anythingElseIsNoSignature = {
  async test() {
    const key = await imported(fromHex(kCases[2][1]), 'SHA-256');
    const data = encoder.encode('Hi There');
    for (const signature of [
      new Uint8Array(0),
      new Uint8Array(32),
      fromHex(kCases[2][3]).subarray(0, 31),
      fromHex(`${kCases[2][3]}00`),
    ]) {
      equal(await subtle.verify('HMAC', key, signature, data), false);
    }
  },
};

export const generatedKeysAreABlockLong = {
  async test() {
    for (const [hash, length] of [['SHA-1', 512], ['SHA-256', 512], ['SHA-384', 1024], ['SHA-512', 1024]]) {
      const key = await subtle.generateKey({ name: 'HMAC', hash }, true, ['sign', 'verify']);
      same(key.algorithm, { name: 'HMAC', hash: { name: hash }, length });
      equal((await subtle.exportKey('raw', key)).byteLength, length / 8);
    }
  },
};

export const lengthsAreInBits = {
  async test() {
    for (const length of [1, 7, 8, 12, 256]) {
      const key = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length }, true, ['sign']);
      equal(key.algorithm.length, length);
      equal((await subtle.exportKey('raw', key)).byteLength, Math.ceil(length / 8));
    }
    for (const length of [0, null, -1]) {
      await rejects(subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length }, true, ['sign']), {
        name: 'OperationError',
        message: `HMAC key length must be a non-zero unsigned long integer (requested ${length ?? 0}).`,
      });
    }
  },
};

export const anImportedKeyMayLackSevenBits = {
  async test() {
    for (const length of [9, 12, 15, 16]) {
      const key = await imported(new Uint8Array([255, 255]), 'SHA-256', { length });
      equal(key.algorithm.length, length);
    }
    const key = await imported(new Uint8Array([255, 255]), 'SHA-256', { length: 12 });
    equal(toHex(await subtle.exportKey('raw', key)), 'fff0');
    for (const length of [0, 1, 8, 17, 24]) {
      await rejects(imported(new Uint8Array(2), 'SHA-256', { length }), {
        name: 'DataError',
        message:
          `Imported HMAC key length (${length}) must be a non-zero value up to 7 bits less than, ` +
          'and no greater than, the bit length of the raw key data (16).',
      });
    }
    await rejects(imported(new Uint8Array(0), 'SHA-256'), { name: 'DataError' });
  },
};

export const theHashIsRequired = {
  async test() {
    const message = 'Missing field "hash" in "algorithm".';
    await rejects(subtle.importKey('raw', new Uint8Array(1), 'HMAC', true, ['sign']), {
      name: 'TypeError',
      message,
    });
    await rejects(subtle.generateKey('HMAC', true, ['sign']), { name: 'TypeError', message });
    await rejects(imported(new Uint8Array(1), 'SHA-224'), { name: 'NotSupportedError' });
  },
};

export const jsonWebKeysNameTheHash = {
  async test() {
    for (const [hash, alg] of [['SHA-1', 'HS1'], ['SHA-256', 'HS256'], ['SHA-384', 'HS384'], ['SHA-512', 'HS512']]) {
      const key = await imported(new Uint8Array(3), hash);
      same(await subtle.exportKey('jwk', key), {
        kty: 'oct',
        key_ops: ['sign', 'verify'],
        alg,
        ext: true,
        k: 'AAAA',
      });
      const algorithm = { name: 'HMAC', hash };
      await subtle.importKey('jwk', { kty: 'oct', k: 'AAAA', alg }, algorithm, true, ['sign']);
      await rejects(
        subtle.importKey('jwk', { kty: 'oct', k: 'AAAA', alg: 'HS2' }, algorithm, true, ['sign']),
        {
          name: 'DataError',
          message:
            'HMAC "jwk" key import specifies "alg" that is incompatible with the hash name ' +
            `(encountered "HS2", expected "${alg}").`,
        },
      );
    }
    await rejects(subtle.exportKey('jwk', await imported(new Uint8Array(3), 'MD5')), {
      name: 'NotSupportedError',
    });
  },
};

export const wrongJsonWebKeysAreRefused = {
  async test() {
    const jwk = { kty: 'oct', k: 'AAAA' };
    for (const change of [{ kty: 'EC' }, { k: undefined }, { k: '*' }, { k: '' }, { ext: false }]) {
      await rejects(
        subtle.importKey('jwk', { ...jwk, ...change }, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']),
        { name: 'DataError' },
      );
    }
  },
};
