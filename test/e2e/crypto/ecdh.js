// RFC 5903, section 8.1, has the vectors.
import { equal, fromHex, rejects, same, toHex } from '../assert.js';

const { subtle } = crypto;
const kP256 = { name: 'ECDH', namedCurve: 'P-256' };
const base64Url = (hex) =>
  btoa(String.fromCharCode(...fromHex(hex))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const jwk = (x, y, d) => ({ kty: 'EC', crv: 'P-256', x: base64Url(x), y: base64Url(y), d: d && base64Url(d) });
const kInitiator = [
  'dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180',
  '5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3',
  'c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433',
];
const kResponder = [
  'd12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63',
  '56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab',
  'c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53',
];
const kShared = 'd6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de';

const keys = async () => ({
  privateKey: await subtle.importKey('jwk', jwk(...kInitiator), kP256, false, ['deriveBits']),
  publicKey: await subtle.importKey('jwk', jwk(kResponder[0], kResponder[1]), kP256, true, []),
});

export const bothAgreeOnTheSecretOfTheRfc = {
  async test() {
    const { privateKey, publicKey } = await keys();
    equal(toHex(await subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256)), kShared);
    const other = await subtle.importKey('jwk', jwk(...kResponder), kP256, false, ['deriveBits']);
    const peer = await subtle.importKey('jwk', jwk(kInitiator[0], kInitiator[1]), kP256, true, []);
    equal(toHex(await subtle.deriveBits({ name: 'ECDH', public: peer }, other, 256)), kShared);
  },
};

export const noLengthIsTheWhole = {
  async test() {
    const { privateKey, publicKey } = await keys();
    for (const length of [null, undefined]) {
      const bits = await subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, length);
      equal(toHex(bits), kShared);
    }
    const bits = await subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey);
    equal(toHex(bits), kShared);
  },
};

export const lengthsCutBits = {
  async test() {
    const { privateKey, publicKey } = await keys();
    for (const [length, expected] of [
      [0, ''],
      [8, 'd6'],
      [7, 'd6'],
      [6, 'd4'],
      [12, 'd680'],
      [255, kShared],
      [253, `${kShared.slice(0, -1)}8`],
    ]) {
      const bits = await subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, length);
      equal(toHex(bits), expected, `${length} bits`);
    }
    await rejects(subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 257), {
      name: 'OperationError',
      message: 'Derived key length (257 bits) is too long (should be at most 256 bits).',
    });
  },
};

export const everyCurveAgrees = {
  async test() {
    for (const [namedCurve, bytes] of [['P-256', 32], ['P-384', 48], ['P-521', 66]]) {
      const algorithm = { name: 'ECDH', namedCurve };
      const one = await subtle.generateKey(algorithm, false, ['deriveBits', 'deriveKey']);
      const two = await subtle.generateKey(algorithm, false, ['deriveBits']);
      same(one.publicKey.usages, []);
      same(one.privateKey.usages, ['deriveKey', 'deriveBits']);
      const first = await subtle.deriveBits({ name: 'ECDH', public: two.publicKey }, one.privateKey, null);
      const second = await subtle.deriveBits({ name: 'ECDH', public: one.publicKey }, two.privateKey, null);
      equal(first.byteLength, bytes);
      equal(toHex(first), toHex(second));
    }
  },
};

export const thePeersKeyIsChecked = {
  async test() {
    const { privateKey, publicKey } = await keys();
    const p384 = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-384' }, false, ['deriveBits']);
    const derive = (peer, base = privateKey) => subtle.deriveBits({ name: 'ECDH', public: peer }, base, 64);
    await rejects(derive(undefined), {
      name: 'TypeError',
      message: 'Missing field "public" in "derivedKeyParams".',
    });
    await rejects(derive({}), {
      name: 'TypeError',
      message:
        "Incorrect type for the 'public' field on 'DeriveKeyAlgorithm': the provided value is not " +
        "of type 'CryptoKey'.",
    });
    await rejects(derive(privateKey), {
      name: 'InvalidAccessError',
      message: 'The provided key has type "private", not "public"',
    });
    await rejects(derive(p384.publicKey), {
      name: 'InvalidAccessError',
      message: 'Private key for derivation is using curve "P-256" while public key is using "P-384".',
    });
    await rejects(derive(publicKey, publicKey), { name: 'InvalidAccessError' });
  },
};

export const jsonWebKeysAreForEncryption = {
  async test() {
    await subtle.importKey('jwk', { ...jwk(...kInitiator), use: 'enc' }, kP256, true, ['deriveBits']);
    await rejects(
      subtle.importKey('jwk', { ...jwk(...kInitiator), use: 'sig' }, kP256, true, ['deriveBits']),
      { name: 'DataError' },
    );
    await rejects(subtle.importKey('jwk', jwk(...kInitiator), kP256, true, ['sign']), {
      name: 'SyntaxError',
    });
  },
};
