// Where the standard refuses a JSON Web Key, workerd takes some, or names another error.
import { rejects } from '../assert.js';

const { subtle } = crypto;
const kP256 = { name: 'ECDSA', namedCurve: 'P-256' };
const kJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
};

export const theCurveIsThatOfTheAlgorithm = {
  async test() {
    for (const crv of ['P-384', 'p-256', undefined]) {
      await rejects(subtle.importKey('jwk', { ...kJwk, crv }, kP256, true, ['sign']), { name: 'DataError' });
    }
  },
};

export const numbersHaveTheirFullLength = {
  async test() {
    const zero = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    for (const change of [
      { x: 'AAAA' },
      { y: kJwk.x },
      { d: 'AAAA' },
      { d: zero },
      { d: `AAAA${kJwk.d}` },
      { d: '__________________________________________8' },
    ]) {
      await rejects(subtle.importKey('jwk', { ...kJwk, ...change }, kP256, true, ['sign']), {
        name: 'DataError',
      });
    }
  },
};

export const md5DoesNotSign = {
  async test() {
    const key = await subtle.importKey('jwk', kJwk, kP256, true, ['sign']);
    await rejects(subtle.sign({ name: 'ECDSA', hash: 'MD5' }, key, new Uint8Array(1)), {
      name: 'NotSupportedError',
    });
  },
};
