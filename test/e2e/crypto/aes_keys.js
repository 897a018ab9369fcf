import { equal, fromHex, rejects, same, toHex } from '../assert.js';

const { subtle } = crypto;
const kNames = ['AES-CTR', 'AES-CBC', 'AES-GCM', 'AES-KW'];
const usagesOf = (name) => (name === 'AES-KW' ? ['wrapKey', 'unwrapKey'] : ['encrypt', 'decrypt']);

export const keysOfThreeLengthsAreGenerated = {
  async test() {
    for (const name of kNames) {
      for (const length of [128, 192, 256]) {
        const key = await subtle.generateKey({ name, length }, true, usagesOf(name));
        same(key.algorithm, { name, length });
        same(key.usages, usagesOf(name));
        const raw = await subtle.exportKey('raw', key);
        equal(raw.byteLength, length / 8);
        const again = await subtle.generateKey({ name, length }, true, usagesOf(name));
        equal(toHex(raw) === toHex(await subtle.exportKey('raw', again)), false);
      }
    }
  },
};

export const otherLengthsAreNot = {
  async test() {
    for (const length of [0, 64, 127, 129, 512, -1, 'x']) {
      await rejects(subtle.generateKey({ name: 'AES-GCM', length }, true, ['encrypt']), {
        name: 'OperationError',
        message:
          'Generated AES key length must be 128, 192, or 256 bits but requested ' +
          `${length === 'x' ? 0 : length}.`,
      });
    }
    await rejects(subtle.generateKey('AES-GCM', true, ['encrypt']), {
      name: 'TypeError',
      message: 'Missing field "length" in "algorithm".',
    });
  },
};

export const usagesMustFit = {
  async test() {
    for (const [usages, bad] of [[['sign'], 'sign'], [['encrypt', 'foo'], 'foo']]) {
      await rejects(subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, usages), {
        name: 'SyntaxError',
        code: 12,
        message: `Attempt to generate AES-GCM key with invalid usage "${bad}".`,
      });
      await rejects(subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', true, usages), {
        name: 'SyntaxError',
        message: `Attempt to import secret AES-GCM key with invalid usage "${bad}".`,
      });
    }
    const none = { name: 'SyntaxError', message: 'Secret/private CryptoKeys must have at least one usage.' };
    await rejects(subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, []), none);
    await rejects(subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', true, []), none);
  },
};

export const rawKeysHaveSixteenToThirtyTwoBytes = {
  async test() {
    for (const bytes of [16, 24, 32]) {
      const key = await subtle.importKey('raw', new Uint8Array(bytes), 'AES-CBC', false, ['encrypt']);
      same(key.algorithm, { name: 'AES-CBC', length: bytes * 8 });
      equal(key.extractable, false);
    }
    for (const bytes of [0, 8, 15, 17, 33]) {
      await rejects(subtle.importKey('raw', new Uint8Array(bytes), 'AES-CBC', false, ['encrypt']), {
        name: 'DataError',
        message: `Imported AES key length must be 128, 192, or 256 bits but provided ${bytes * 8}.`,
      });
    }
  },
};

export const jsonWebKeysAreImported = {
  async test() {
    // RFC 7517, appendix A.3
    const jwk = { kty: 'oct', alg: 'A128KW', k: 'GawgguFyGrWKav7AX4VKUg' };
    const key = await subtle.importKey('jwk', jwk, 'AES-KW', true, ['wrapKey']);
    equal(toHex(await subtle.exportKey('raw', key)), '19ac2082e1721ab58a6afec05f854a52');
    same(await subtle.exportKey('jwk', key), {
      kty: 'oct',
      key_ops: ['wrapKey'],
      alg: 'A128KW',
      ext: true,
      k: 'GawgguFyGrWKav7AX4VKUg',
    });
  },
};

export const jsonWebKeysNameTheirAlgorithm = {
  async test() {
    for (const [name, alg] of [
      ['AES-CTR', 'A256CTR'],
      ['AES-CBC', 'A256CBC'],
      ['AES-GCM', 'A256GCM'],
      ['AES-KW', 'A256KW'],
    ]) {
      const key = await subtle.importKey('raw', new Uint8Array(32), name, true, [usagesOf(name)[0]]);
      equal((await subtle.exportKey('jwk', key)).alg, alg);
    }
  },
};

const kJwk = { kty: 'oct', k: 'AAAAAAAAAAAAAAAAAAAAAA', alg: 'A128GCM' };

export const membersMayBeAbsentOrMore = {
  async test() {
    for (const more of [
      { alg: undefined },
      { use: 'enc' },
      { ext: true },
      { ext: 'x' },
      { key_ops: ['encrypt', 'decrypt', 'foo'] },
      { foo: 1 },
    ]) {
      await subtle.importKey('jwk', { ...kJwk, ...more }, 'AES-GCM', true, ['encrypt']);
    }
    await subtle.importKey('jwk', { ...kJwk, ext: false }, 'AES-GCM', false, ['encrypt']);
  },
};

export const wrongJsonWebKeysAreRefused = {
  async test() {
    for (const [change, message] of [
      [
        { kty: 'RSA' },
        'Symmetric "jwk" key import requires a JSON Web Key with Key Type parameter "kty" equal ' +
          'to "oct" (encountered "RSA").',
      ],
      [{ kty: undefined }, /\(encountered "undefined"\)\.$/],
      [{ k: undefined }, 'Symmetric "jwk" key import requires a base64Url encoding of the key.'],
      [{ k: '!!' }, 'Symmetric "jwk" key import requires a base64Url encoding of the key.'],
      [{ k: 'AA' }, 'Imported AES key length must be 128, 192, or 256 bits but provided 8.'],
      [
        { alg: 'A256GCM' },
        'Symmetric "jwk" key contains invalid "alg" value "A256GCM", expected "A128GCM".',
      ],
      [{ use: 'sig' }, 'Symmetric "jwk" key must have a "use" of "enc", not "sig".'],
      [{ ext: false }, 'JWK ext field for "AES-GCM" is set to false but extractable is true'],
      [{ key_ops: ['decrypt'] }, '"jwk" key missing usage "encrypt", in "key_ops".'],
      [
        { key_ops: ['encrypt', 'encrypt'] },
        'Symmetric "jwk" key contains duplicate value "encrypt", in "key_op".',
      ],
    ]) {
      await rejects(subtle.importKey('jwk', { ...kJwk, ...change }, 'AES-GCM', true, ['encrypt']), {
        name: 'DataError',
        message,
      });
    }
    await rejects(subtle.importKey('jwk', { ...kJwk, key_ops: 'x' }, 'AES-GCM', true, ['encrypt']), {
      name: 'TypeError',
      message:
        "Incorrect type for the 'key_ops' field on 'JsonWebKey': the provided value is not of " +
        "type 'Array'.",
    });
  },
};

export const formatsAndDataMustMatch = {
  async test() {
    await rejects(subtle.importKey('pkcs8', new Uint8Array(16), 'AES-GCM', true, ['encrypt']), {
      name: 'NotSupportedError',
      message: 'Unrecognized key import format "pkcs8".',
    });
    await rejects(subtle.importKey('raw', kJwk, 'AES-GCM', true, ['encrypt']), {
      name: 'TypeError',
      message: 'Import data provided for buffer-based import formats must be a buffer source.',
    });
    await rejects(subtle.importKey('jwk', new Uint8Array(16), 'AES-GCM', true, ['encrypt']), {
      name: 'TypeError',
      message: 'Import data provided for "jwk" import format must be a JsonWebKey.',
    });
    const key = await subtle.importKey('raw', fromHex('00'.repeat(16)), 'AES-GCM', true, ['encrypt']);
    await rejects(subtle.exportKey('spki', key), { name: 'NotSupportedError' });
  },
};

export const whatIsNotExtractableStaysInside = {
  async test() {
    const key = await subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', false, ['encrypt']);
    for (const format of ['raw', 'jwk']) {
      await rejects(subtle.exportKey(format, key), {
        name: 'InvalidAccessError',
        code: 15,
        message: 'Attempt to export non-extractable AES-GCM key.',
      });
    }
  },
};
