// RFC 7748, section 6.1, has the vectors.
import { equal, fromHex, rejects, same, toHex } from '../assert.js';

const { subtle } = crypto;
const kShared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
const kAliceOpen = '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a';
const kBobSecret = '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb';
const kBobOpen = 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f';
const bob = () =>
  subtle.importKey('pkcs8', fromHex(`302e020100300506032b656e04220420${kBobSecret}`), 'X25519', true, [
    'deriveBits',
    'deriveKey',
  ]);
const alice = () => subtle.importKey('raw', fromHex(kAliceOpen), 'X25519', true, []);

export const theSecretIsThatOfTheRfc = {
  async test() {
    const algorithm = { name: 'X25519', public: await alice() };
    for (const length of [256, null, undefined]) {
      equal(toHex(await subtle.deriveBits(algorithm, await bob(), length)), kShared);
    }
    equal(toHex(await subtle.deriveBits(algorithm, await bob(), 12)), '4a50');
  },
};

export const publicKeysComeFromPrivateOnes = {
  async test() {
    const jwk = await subtle.exportKey('jwk', await bob());
    same(Object.keys(jwk), ['kty', 'key_ops', 'ext', 'crv', 'x', 'd']);
    equal(jwk.crv, 'X25519');
    const { d, key_ops, ...open } = jwk;
    const key = await subtle.importKey('jwk', open, 'X25519', true, []);
    equal(toHex(await subtle.exportKey('raw', key)), kBobOpen);
    equal(toHex(await subtle.exportKey('spki', key)), `302a300506032b656e032100${kBobOpen}`);
  },
};

export const generatedPairsAgree = {
  async test() {
    const one = await subtle.generateKey('x25519', false, ['deriveBits']);
    const two = await subtle.generateKey('X25519', false, ['deriveBits']);
    same(one.publicKey.algorithm, { name: 'X25519' });
    same(one.publicKey.usages, []);
    const first = await subtle.deriveBits({ name: 'X25519', public: two.publicKey }, one.privateKey, 256);
    const second = await subtle.deriveBits({ name: 'X25519', public: one.publicKey }, two.privateKey, 256);
    equal(toHex(first), toHex(second));
  },
};

export const derivedKeysEncrypt = {
  async test() {
    const key = await subtle.deriveKey(
      { name: 'X25519', public: await alice() }, await bob(), { name: 'AES-GCM', length: 256 }, true, ['encrypt'],
    );
    equal(toHex(await subtle.exportKey('raw', key)), kShared);
  },
};

export const keysOfSmallOrderAgreeOnNothing = {
  async test() {
    const zero = await subtle.importKey('raw', new Uint8Array(32), 'X25519', true, []);
    await rejects(subtle.deriveBits({ name: 'X25519', public: zero }, await bob(), 256), {
      name: 'OperationError',
      message: /^Failed to derive EDDH key: /,
    });
  },
};

export const thePeersKeyIsChecked = {
  async test() {
    const ecdh = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const key = await bob();
    await rejects(subtle.deriveBits({ name: 'X25519', public: ecdh.publicKey }, key, 64), {
      name: 'InvalidAccessError',
      message: 'Base X25519 private key cannot be used to derive a key from a peer ECDH public key',
    });
    await rejects(subtle.deriveBits({ name: 'X25519', public: key }, key, 64), {
      name: 'InvalidAccessError',
      message: 'The provided key has type "private", not "public"',
    });
    await rejects(subtle.deriveBits({ name: 'X25519', public: await alice() }, key, 264), {
      name: 'OperationError',
      message: 'Derived key length (264 bits) is too long (should be at most 256 bits).',
    });
  },
};
