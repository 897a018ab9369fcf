// RFC 7515, appendix A.3, and RFC 6979 have the vectors.
import { equal, fromHex, rejects, same } from '../assert.js';

const { subtle } = crypto;
const encoder = new TextEncoder();
const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const ecdsa = (hash) => ({ name: 'ECDSA', hash });

export const aTokenIsVerified = {
  async test() {
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    };
    const data = encoder.encode(
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl' +
        'LmNvbS9pc19yb290Ijp0cnVlfQ',
    );
    const signature = decode(
      'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
    );
    const key = await subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']);
    equal(await subtle.verify(ecdsa('SHA-256'), key, signature, data), true);
    equal(await subtle.verify(ecdsa('SHA-384'), key, signature, data), false);
    data[0] ^= 1;
    equal(await subtle.verify(ecdsa('SHA-256'), key, signature, data), false);
  },
};

export const signaturesOfTheRfcAreVerified = {
  async test() {
    // RFC 6979, appendix A.2.5: P-256, "sample"
    const point = fromHex(
      '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6' +
        '7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
    );
    const key = await subtle.importKey('raw', point, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']);
    const signature = fromHex(
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
        'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    );
    equal(await subtle.verify(ecdsa('SHA-256'), key, signature, encoder.encode('sample')), true);
    equal(await subtle.verify(ecdsa('SHA-256'), key, signature, encoder.encode('Sample')), false);
  },
};

export const whatIsSignedIsVerified = {
  async test() {
    for (const [namedCurve, bytes] of [['P-256', 64], ['P-384', 96], ['P-521', 132]]) {
      const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve }, false, ['sign', 'verify']);
      for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) {
        const data = encoder.encode('data');
        const signature = await subtle.sign(ecdsa(hash), pair.privateKey, data);
        equal(signature.byteLength, bytes, namedCurve);
        equal(await subtle.verify(ecdsa(hash), pair.publicKey, signature, data), true);
        new Uint8Array(signature)[bytes - 1] ^= 1;
        equal(await subtle.verify(ecdsa(hash), pair.publicKey, signature, data), false);
      }
    }
  },
};

export const anythingElseIsNoSignature = {
  async test() {
    const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    for (const length of [0, 1, 63, 64, 65, 72]) {
      for (const fill of [0, 255]) {
        const signature = new Uint8Array(length).fill(fill);
        equal(await subtle.verify(ecdsa('SHA-256'), pair.publicKey, signature, new Uint8Array(1)), false);
      }
    }
  },
};

export const pairsAreGenerated = {
  async test() {
    for (const namedCurve of ['P-256', 'P-384', 'P-521']) {
      const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve }, false, ['sign', 'verify']);
      same(Object.keys(pair), ['publicKey', 'privateKey']);
      for (const [key, type, extractable, usages] of [
        [pair.publicKey, 'public', true, ['verify']],
        [pair.privateKey, 'private', false, ['sign']],
      ]) {
        equal(key.type, type);
        equal(key.extractable, extractable);
        same(key.algorithm, { name: 'ECDSA', namedCurve });
        same(key.usages, usages);
      }
    }
  },
};

export const generationIsChecked = {
  async test() {
    const generate = (parameters, usages) => subtle.generateKey({ name: 'ECDSA', ...parameters }, true, usages);
    for (const namedCurve of ['P-192', 'K-256', 'P-999']) {
      await rejects(generate({ namedCurve }, ['sign']), {
        name: 'NotSupportedError',
        message: `Unrecognized or unimplemented EC curve "${namedCurve}" requested.`,
      });
    }
    await rejects(generate({}, ['sign']), {
      name: 'TypeError',
      message: 'Missing field "namedCurve" in "algorithm".',
    });
    for (const usages of [[], ['verify']]) {
      await rejects(generate({ namedCurve: 'P-256' }, usages), {
        name: 'SyntaxError',
        message: 'Attempt to generate asymmetric keys with no valid private key usages.',
      });
    }
    await rejects(generate({ namedCurve: 'P-256' }, ['sign', 'encrypt']), {
      name: 'SyntaxError',
      message: 'Attempt to generate ECDSA key with invalid usage "encrypt".',
    });
  },
};

export const theHashIsGivenWithTheCall = {
  async test() {
    const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    await rejects(subtle.sign('ECDSA', pair.privateKey, new Uint8Array(1)), {
      name: 'TypeError',
      message: /^Missing "hash" in AlgorithmIdentifier\./,
    });
    await rejects(subtle.sign(ecdsa('SHA-3'), pair.privateKey, new Uint8Array(1)), {
      name: 'NotSupportedError',
    });
    await rejects(subtle.sign(ecdsa('SHA-256'), pair.publicKey, new Uint8Array(1)), {
      name: 'InvalidAccessError',
    });
  },
};
