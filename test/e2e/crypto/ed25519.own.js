// Where the standard says more than workerd does.
import { equal, rejects } from '../assert.js';

const { subtle } = crypto;

export const aSignatureOfAnotherLengthIsNotGenuine = {
  async test() {
    const pair = await subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    for (const length of [0, 63, 65]) {
      const signature = new Uint8Array(length);
      equal(await subtle.verify('Ed25519', pair.publicKey, signature, new Uint8Array(1)), false);
    }
  },
};

export const keysOfOtherKindsAreRefused = {
  async test() {
    const ec = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
    const x = await subtle.generateKey('X25519', true, ['deriveBits']);
    for (const { publicKey, privateKey } of [ec, x]) {
      for (const [format, key, usage] of [['spki', publicKey, 'verify'], ['pkcs8', privateKey, 'sign']]) {
        const der = await subtle.exportKey(format, key);
        await rejects(subtle.importKey(format, der, 'Ed25519', true, [usage]), {
          name: 'DataError',
          message: 'Input was not an Ed25519 key.',
        });
      }
    }
  },
};

const kJwk = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
};

export const bothPartsBelongTogether = {
  async test() {
    for (const change of [{ x: kJwk.d }, { d: kJwk.x }, { crv: 'X25519' }]) {
      await rejects(subtle.importKey('jwk', { ...kJwk, ...change }, 'Ed25519', true, ['sign']), {
        name: 'DataError',
      });
    }
  },
};

export const theAlgorithmMayBeNamedByItsCurve = {
  async test() {
    await subtle.importKey('jwk', { ...kJwk, alg: 'Ed25519' }, 'Ed25519', true, ['sign']);
  },
};
