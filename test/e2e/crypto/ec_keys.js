import { equal, fromHex, rejects, same, toHex } from '../assert.js';

const { subtle } = crypto;
const kP256 = { name: 'ECDSA', namedCurve: 'P-256' };
// RFC 7515, appendix A.3
const kJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};
const kPrivateJwk = { ...kJwk, d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' };

export const keysSurviveEveryFormat = {
  async test() {
    for (const [namedCurve, raw, spki, pkcs8] of [
      ['P-256', 65, 91, 138],
      ['P-384', 97, 120, 185],
      ['P-521', 133, 158, 241],
    ]) {
      const algorithm = { name: 'ECDSA', namedCurve };
      const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const data = new Uint8Array(10);
      const ecdsa = { name: 'ECDSA', hash: 'SHA-256' };
      for (const [format, bytes] of [['raw', raw], ['spki', spki], ['jwk', undefined]]) {
        const exported = await subtle.exportKey(format, pair.publicKey);
        equal(exported.byteLength, bytes, `${format} of ${namedCurve}`);
        const key = await subtle.importKey(format, exported, algorithm, true, ['verify']);
        const signature = await subtle.sign(ecdsa, pair.privateKey, data);
        equal(await subtle.verify(ecdsa, key, signature, data), true);
      }
      for (const [format, bytes] of [['pkcs8', pkcs8], ['jwk', undefined]]) {
        const exported = await subtle.exportKey(format, pair.privateKey);
        equal(exported.byteLength, bytes, `${format} of ${namedCurve}`);
        const key = await subtle.importKey(format, exported, algorithm, true, ['sign']);
        const signature = await subtle.sign(ecdsa, key, data);
        equal(await subtle.verify(ecdsa, pair.publicKey, signature, data), true);
      }
    }
  },
};

export const jsonWebKeysComeBackAsTheyWere = {
  async test() {
    const key = await subtle.importKey('jwk', kPrivateJwk, kP256, true, ['sign']);
    equal(key.type, 'private');
    const { kty, crv, x, y, d, key_ops: operations, ext } = await subtle.exportKey('jwk', key);
    same({ kty, crv, x, y, d }, kPrivateJwk);
    same(operations, ['sign']);
    equal(ext, true);
  },
};

export const compressedPointsAreTaken = {
  async test() {
    const whole = await subtle.exportKey('raw', await subtle.importKey('jwk', kJwk, kP256, true, []));
    const bytes = new Uint8Array(whole);
    const compressed = bytes.slice(0, 33);
    compressed[0] = 2 + (bytes[64] & 1);
    const key = await subtle.importKey('raw', compressed, kP256, true, ['verify']);
    equal(toHex(await subtle.exportKey('raw', key)), toHex(whole));
  },
};

export const pointsMustBeOnTheCurve = {
  async test() {
    for (const point of [new Uint8Array(0), new Uint8Array(1), new Uint8Array(65).fill(4), new Uint8Array(64)]) {
      await rejects(subtle.importKey('raw', point, kP256, true, ['verify']), {
        name: 'DataError',
        message: /^Failed to import raw EC key data/,
      });
    }
  },
};

export const derMustBeAKeyOfTheCurve = {
  async test() {
    const pair = await subtle.generateKey(kP256, true, ['sign', 'verify']);
    const p384 = { name: 'ECDSA', namedCurve: 'P-384' };
    for (const [format, key, usage, title] of [
      ['spki', pair.publicKey, 'verify', 'SPKI'],
      ['pkcs8', pair.privateKey, 'sign', 'PKCS8'],
    ]) {
      const der = new Uint8Array(await subtle.exportKey(format, key));
      const failsWith = (bytes, algorithm, message) =>
        rejects(subtle.importKey(format, bytes, algorithm, true, [usage]), { name: 'DataError', message });
      await failsWith(new Uint8Array(0), kP256, `Invalid ${title} input.`);
      await failsWith(new Uint8Array(5), kP256, `Invalid ${title} input.`);
      await failsWith(der.subarray(0, der.length - 1), kP256, `Invalid ${title} input.`);
      await failsWith(
        new Uint8Array([...der, 0, 0]), kP256, `Invalid 2 trailing bytes after ${title} input.`,
      );
      await failsWith(
        der, p384,
        '"algorithm.namedCurve" "P-384" does not match the curve specified by the input key data.',
      );
    }
    const ed = await subtle.generateKey('Ed25519', true, ['sign']);
    await rejects(
      subtle.importKey('spki', await subtle.exportKey('spki', ed.publicKey), kP256, true, ['verify']),
      { name: 'DataError', message: 'Input was not an EC key.' },
    );
  },
};

export const usagesMustFitTheTypeOfKey = {
  async test() {
    for (const [jwk, type, usage] of [[kJwk, 'public', 'sign'], [kPrivateJwk, 'private', 'verify']]) {
      await rejects(subtle.importKey('jwk', jwk, kP256, true, [usage]), {
        name: 'SyntaxError',
        message: `Attempt to import ${type} ECDSA key with invalid usage "${usage}".`,
      });
    }
    await rejects(subtle.importKey('jwk', kPrivateJwk, kP256, true, []), {
      name: 'SyntaxError',
      message: 'Secret/private CryptoKeys must have at least one usage.',
    });
    same((await subtle.importKey('jwk', kJwk, kP256, true, [])).usages, []);
  },
};

export const wrongJsonWebKeysAreRefused = {
  async test() {
    for (const [change, message] of [
      [
        { kty: 'RSA' },
        'Elliptic curve "jwk" key import requires a JSON Web Key with Key Type parameter "kty" ' +
          '("RSA") equal to "EC".',
      ],
      [{ x: undefined }, 'Invalid EC key in JSON Web Key; missing "x".'],
      [{ x: '!' }, 'Invalid EC key in JSON Web Key; missing "x".'],
      [{ y: undefined }, 'Invalid EC key in JSON Web Key; missing "y".'],
      [{ d: '!' }, /missing or invalid private key component \("d"\)\.$/],
      [{ d: kJwk.x }, 'Invalid EC key in JSON Web Key.'],
      [{ alg: 'ES384' }, 'JSON Web Key Algorithm parameter "alg" ("ES384") does not match requested curve.'],
      [{ use: 'enc' }, /parameter "use" \("enc"\) equal to "sig"\.$/],
      [{ key_ops: ['verify'] }, /^All specified key usages must be present in the JSON Web Key's/],
      [{ ext: false }, 'JWK ext field for "ECDSA" is set to false but extractable is true'],
    ]) {
      await rejects(subtle.importKey('jwk', { ...kPrivateJwk, ...change }, kP256, true, ['sign']), {
        name: 'DataError',
        message,
      });
    }
  },
};

export const exportFormatsMustFitTheTypeOfKey = {
  async test() {
    const pair = await subtle.generateKey(kP256, true, ['sign', 'verify']);
    for (const [format, key, message] of [
      ['raw', pair.privateKey, 'Raw export of elliptic curve keys is only allowed for public keys.'],
      ['spki', pair.privateKey, 'Asymmetric spki export requires public key (not "private").'],
      ['pkcs8', pair.publicKey, 'Asymmetric pkcs8 export requires private key (not "public").'],
      ['foo', pair.publicKey, 'Cannot export "ECDSA" in "foo" format.'],
    ]) {
      await rejects(subtle.exportKey(format, key), { name: 'InvalidAccessError', message });
    }
  },
};

export const derIsThatOfTheRfcs = {
  async test() {
    // RFC 7515's key: the prefix says P-256, and that a whole point follows.
    const key = await subtle.importKey('jwk', kJwk, kP256, true, []);
    const raw = toHex(await subtle.exportKey('raw', key));
    const spki = `3059301306072a8648ce3d020106082a8648ce3d030107034200${raw}`;
    equal(toHex(await subtle.exportKey('spki', key)), spki);
    const again = await subtle.importKey('spki', fromHex(spki), kP256, true, []);
    equal(toHex(await subtle.exportKey('raw', again)), raw);
  },
};
