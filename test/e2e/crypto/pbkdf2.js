// RFC 6070 has the vectors for SHA-1, RFC 7914 one for SHA-256.
import { equal, rejects, same, toHex } from '../assert.js';

const { subtle } = crypto;
const encoder = new TextEncoder();
const imported = (text) =>
  subtle.importKey('raw', encoder.encode(text), 'PBKDF2', false, ['deriveBits', 'deriveKey']);
const pbkdf2 = (hash, salt, iterations) => ({
  name: 'PBKDF2',
  hash,
  salt: encoder.encode(salt),
  iterations,
});

export const bitsAreThoseOfTheRfcs = {
  async test() {
    for (const [hash, password, salt, iterations, expected] of [
      ['SHA-1', 'password', 'salt', 1, '0c60c80f961f0e71f3a9b524af6012062fe037a6'],
      ['SHA-1', 'password', 'salt', 4096, '4b007901b765489abead49d926f721d065a429c1'],
      [
        'SHA-1', 'passwordPASSWORDpassword', 'saltSALTsaltSALTsaltSALTsaltSALTsalt', 4096,
        '3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038',
      ],
      ['SHA-1', 'pass\0word', 'sa\0lt', 4096, '56fa6aa75548099dcc37d7f03425e0c3'],
      [
        'SHA-256', 'passwd', 'salt', 1,
        '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc' +
          '49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783',
      ],
    ]) {
      const key = await imported(password);
      const bits = await subtle.deriveBits(pbkdf2(hash, salt, iterations), key, expected.length * 4);
      equal(toHex(bits), expected);
    }
  },
};

export const emptyPasswordsAndSaltsAreTaken = {
  async test() {
    const zeros = { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(8), iterations: 1 };
    equal(toHex(await subtle.deriveBits(zeros, await imported(''), 64)), '6233bd614e1436f9');
    const key = await subtle.importKey('raw', new Uint8Array(16), 'PBKDF2', false, ['deriveBits']);
    equal(
      toHex(await subtle.deriveBits({ ...zeros, salt: new Uint8Array(0) }, key, 64)),
      'f7ce0b653d2d72a4',
    );
  },
};

export const iterationsHaveNoUpperLimit = {
  async test() {
    const key = await subtle.importKey('raw', new Uint8Array(16), 'PBKDF2', false, ['deriveBits']);
    const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(8), iterations: 100_001 };
    equal(toHex(await subtle.deriveBits(algorithm, key, 64)), 'd7d3daf168fe0fed');
  },
};

export const parametersAreChecked = {
  async test() {
    const key = await imported('password');
    for (const iterations of [0, -1]) {
      await rejects(subtle.deriveBits(pbkdf2('SHA-1', 'salt', iterations), key, 8), {
        name: 'OperationError',
        message: `PBKDF2 requires a positive iteration count (requested ${iterations}).`,
      });
    }
    for (const name of ['hash', 'salt', 'iterations']) {
      const algorithm = { ...pbkdf2('SHA-1', 'salt', 1), [name]: undefined };
      await rejects(subtle.deriveBits(algorithm, key, 8), {
        name: 'TypeError',
        message: `Missing field "${name}" in "algorithm".`,
      });
    }
    for (const [length, message] of [
      [null, 'PBKDF2 cannot derive a key with null length.'],
      [12, 'PBKDF2 requires a derived key length that is a multiple of eight (requested 12).'],
    ]) {
      await rejects(subtle.deriveBits(pbkdf2('SHA-1', 'salt', 1), key, length), {
        name: 'OperationError',
        message,
      });
    }
    equal((await subtle.deriveBits(pbkdf2('SHA-1', 'salt', 1), key, 0)).byteLength, 0);
  },
};

export const keysAreOnlyForDeriving = {
  async test() {
    same((await imported('x')).algorithm, { name: 'PBKDF2' });
    await rejects(subtle.importKey('raw', new Uint8Array(1), 'PBKDF2', true, ['deriveBits']), {
      name: 'SyntaxError',
      message: 'PBKDF2 key cannot be extractable.',
    });
    await rejects(subtle.importKey('spki', new Uint8Array(1), 'PBKDF2', false, ['deriveBits']), {
      name: 'NotSupportedError',
      message: 'PBKDF2 key must be imported in "raw" format (requested "spki").',
    });
  },
};
