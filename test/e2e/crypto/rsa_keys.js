// The DER was made by another implementation from this key.
import { equal, rejects, same } from '../assert.js';

const { subtle } = crypto;
const kJwk = {
  kty: 'RSA',
  n:
    'yFkcdVbHUoA2u2VIhLfsR1lp9V8zSBkvj-ntLdDRyjeASCX2E_g-UZQ2l5GiEp3wxFkwVuWnhH2z9GHD_z2RXb' +
    '9hO6k1En32M0zXtrbIDPvGSuAEzaP1IJhNl3SNJu3BVCeL6TDXN1H8VTuUPqYtuoPmoxLVNwa-9Q1Pzdu2ysU',
  e: 'AQAB',
  d:
    'p2S0_2ErFsZjdH1yctlNRGvzuPz61uGcOK0l6yLPNhrbRuzYxuSiBP1GA6u9c7qc4SD335LwPSXeBnDtFsR1QB' +
    'j27mPOkEg6iXp0fVJbitWcWSlWPE9-NwwoWW3UOveRLGfsK-GilHEp3pVgyCGjEXY5Ai7nu6IAy9QffgPPb70',
  p:
    '7ZZmMzZ0h0n0Vsd5Bbe-VCbUqycRjp_QeXRsrkhfeB3vMt-NL7B9E7B7XPrMj9GtwtVsfA6H7oiWReb121m43w',
  q:
    '19_nPyGerzySHniq1b73mhBfpApjomx3erIJny5PopNc--0ulfhalKCJ8O3dBqP--_3EZcfHtfOguktKiarc2w',
  dp:
    'eQhHJAu3rTvld1fCtUD3epMVf-M1NH0BjP3cZ6SCzgQh2L69g-_ap-8dyS4Si6l7ZWeoDkKwyLlYJGAWGxpH7Q',
  dq:
    'UHbYzyNM7qx5GnqH0tw3lml7_L0Snjwn3Mf35ilw7XxYMF8b-jJ0MOoWAIPo2szOAkd4qSdqPVvuEQJ3ahER-Q',
  qi:
    '6eOMIT6oIQhmeW-uYJrZrJOrVepffctxbOMYMw7HJwHNFE80-At1ovNre4j1Lgxd6q3qdu_Oz1zJ4oT_5C-jzw',
};
const { kty, n, e } = kJwk;
const kPublicJwk = { kty, n, e };

const kSpki =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDIWRx1VsdSgDa7ZUiEt-xHWWn1XzNIGS-P6e0t0NHKN4BIJfYT' +
  '-D5RlDaXkaISnfDEWTBW5aeEfbP0YcP_PZFdv2E7qTUSffYzTNe2tsgM-8ZK4ATNo_UgmE2XdI0m7cFUJ4vpMNc3' +
  'UfxVO5Q-pi26g-ajEtU3Br71DU_N27bKxQIDAQAB';
const kPkcs8 =
  'MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAMhZHHVWx1KANrtlSIS37EdZafVfM0gZL4_p7S3Q' +
  '0co3gEgl9hP4PlGUNpeRohKd8MRZMFblp4R9s_Rhw_89kV2_YTupNRJ99jNM17a2yAz7xkrgBM2j9SCYTZd0jSbt' +
  'wVQni-kw1zdR_FU7lD6mLbqD5qMS1TcGvvUNT83btsrFAgMBAAECgYEAp2S0_2ErFsZjdH1yctlNRGvzuPz61uGc' +
  'OK0l6yLPNhrbRuzYxuSiBP1GA6u9c7qc4SD335LwPSXeBnDtFsR1QBj27mPOkEg6iXp0fVJbitWcWSlWPE9-Nwwo' +
  'WW3UOveRLGfsK-GilHEp3pVgyCGjEXY5Ai7nu6IAy9QffgPPb70CQQDtlmYzNnSHSfRWx3kFt75UJtSrJxGOn9B5' +
  'dGyuSF94He8y340vsH0TsHtc-syP0a3C1Wx8DofuiJZF5vXbWbjfAkEA19_nPyGerzySHniq1b73mhBfpApjomx3' +
  'erIJny5PopNc--0ulfhalKCJ8O3dBqP--_3EZcfHtfOguktKiarc2wJAeQhHJAu3rTvld1fCtUD3epMVf-M1NH0B' +
  'jP3cZ6SCzgQh2L69g-_ap-8dyS4Si6l7ZWeoDkKwyLlYJGAWGxpH7QJAUHbYzyNM7qx5GnqH0tw3lml7_L0Snjwn' +
  '3Mf35ilw7XxYMF8b-jJ0MOoWAIPo2szOAkd4qSdqPVvuEQJ3ahER-QJBAOnjjCE-qCEIZnlvrmCa2ayTq1XqX33L' +
  'cWzjGDMOxycBzRRPNPgLdaLza3uI9S4MXeqt6nbvzs9cyeKE_-Qvo88';
const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const kPss = { name: 'RSA-PSS', hash: 'SHA-256' };

export const derAndJsonAreTheSameKey = {
  async test() {
    const fromJwk = await subtle.importKey('jwk', kJwk, kPss, true, ['sign']);
    equal(encode(await subtle.exportKey('pkcs8', fromJwk)), kPkcs8);
    const fromPkcs8 = await subtle.importKey('pkcs8', decode(kPkcs8), kPss, true, ['sign']);
    const exported = await subtle.exportKey('jwk', fromPkcs8);
    for (const [name, value] of Object.entries(kJwk)) equal(exported[name], value, name);
    same(exported.key_ops, ['sign']);
    equal(exported.alg, 'PS256');
    equal(exported.ext, true);
    const open = await subtle.importKey('jwk', kPublicJwk, kPss, true, ['verify']);
    equal(encode(await subtle.exportKey('spki', open)), kSpki);
    const fromSpki = await subtle.importKey('spki', decode(kSpki), kPss, true, []);
    equal((await subtle.exportKey('jwk', fromSpki)).n, n);
  },
};

export const jsonWebKeysNameTheHash = {
  async test() {
    for (const [name, hash, alg, usage] of [
      ['RSASSA-PKCS1-v1_5', 'SHA-1', 'RS1', 'verify'],
      ['RSASSA-PKCS1-v1_5', 'SHA-512', 'RS512', 'verify'],
      ['RSA-PSS', 'SHA-1', 'PS1', 'verify'],
      ['RSA-PSS', 'SHA-384', 'PS384', 'verify'],
      ['RSA-OAEP', 'SHA-1', 'RSA-OAEP', 'encrypt'],
      ['RSA-OAEP', 'SHA-256', 'RSA-OAEP-256', 'encrypt'],
    ]) {
      const algorithm = { name, hash };
      const key = await subtle.importKey('jwk', { ...kPublicJwk, alg }, algorithm, true, [usage]);
      equal((await subtle.exportKey('jwk', key)).alg, alg);
      const other = hash === 'SHA-512' ? 'RS256' : 'RS512';
      await rejects(subtle.importKey('jwk', { ...kPublicJwk, alg: other }, algorithm, true, [usage]), {
        name: 'DataError',
        message: /^JSON Web Key Algorithm parameter "alg" \("RS\d+"\) does not match requested hash/,
      });
    }
  },
};

export const keysAreGenerated = {
  async test() {
    for (const [name, usages, open] of [
      ['RSASSA-PKCS1-v1_5', ['sign', 'verify'], 1],
      ['RSA-PSS', ['sign', 'verify'], 1],
      ['RSA-OAEP', ['encrypt', 'decrypt'], 0],
    ]) {
      for (const exponent of [[1, 0, 1], [3], [0, 1, 0, 1]]) {
        const publicExponent = new Uint8Array(exponent);
        const pair = await subtle.generateKey(
          { name, hash: 'SHA-256', modulusLength: 1024, publicExponent }, false, usages,
        );
        equal(pair.publicKey.extractable, true);
        equal(pair.privateKey.extractable, false);
        same(pair.publicKey.usages, [usages[open]]);
        same(pair.privateKey.usages, [usages[1 - open]]);
        equal(pair.privateKey.algorithm.modulusLength, 1024);
        same([...pair.privateKey.algorithm.publicExponent], exponent);
      }
    }
  },
};

export const generationIsChecked = {
  async test() {
    const good = { name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 1024, publicExponent: new Uint8Array([3]) };
    for (const [change, name, message] of [
      [{ modulusLength: undefined }, 'TypeError', 'Missing field "modulusLength" in "algorithm".'],
      [{ publicExponent: undefined }, 'TypeError', 'Missing field "publicExponent" in "algorithm".'],
      [{ hash: undefined }, 'TypeError', 'Missing field "hash" in "algorithm".'],
      [
        { publicExponent: [3] },
        'TypeError',
        "Incorrect type for the 'publicExponent' field on 'GenerateKeyAlgorithm': the provided " +
          "value is not of type 'BufferSource'.",
      ],
      [{ modulusLength: 0 }, 'OperationError', 'modulusLength must be greater than zero (requested 0).'],
      [
        { modulusLength: 128 },
        'OperationError',
        'The modulus length must be a multiple of 8 and between 256 and 16k, but 128 was requested.',
      ],
      [{ modulusLength: 1023 }, 'OperationError', /but 1023 was requested\.$/],
      [{ modulusLength: 100000 }, 'OperationError', /but 100000 was requested\.$/],
      [{ modulusLength: 256 }, 'OperationError', 'RSA key size is too small.'],
      [
        { publicExponent: new Uint8Array([1, 0, 0]) },
        'OperationError',
        'The "publicExponent" must be either 3 or 65537, but got 65536.',
      ],
      [
        { publicExponent: new Uint8Array(0) },
        'OperationError',
        'The "publicExponent" must be either 3 or 65537, but got 0.',
      ],
      [
        { publicExponent: new Uint8Array([1, 0, 0, 0, 0]) },
        'OperationError',
        'The "publicExponent" must be either 3 or 65537, but got a number larger than 2^32.',
      ],
    ]) {
      await rejects(subtle.generateKey({ ...good, ...change }, true, ['sign']), { name, message });
    }
    await rejects(subtle.generateKey(good, true, ['verify']), { name: 'SyntaxError' });
    await rejects(subtle.generateKey(good, true, ['sign', 'encrypt']), {
      name: 'SyntaxError',
      message: 'Attempt to generate RSA-PSS key with invalid usage "encrypt".',
    });
  },
};

export const wrongJsonWebKeysAreRefused = {
  async test() {
    for (const [change, name, message] of [
      [{ kty: 'EC' }, 'DataError', /"kty" \("EC"\) equal to "RSA"\.$/],
      [{ n: undefined }, 'DataError', 'Invalid RSA key in JSON Web Key; missing or invalid Modulus parameter ("n").'],
      [{ n: '!' }, 'DataError', 'Invalid RSA key in JSON Web Key; missing or invalid Modulus parameter ("n").'],
      [{ e: undefined }, 'DataError', 'Invalid RSA key in JSON Web Key; missing or invalid Exponent parameter ("e").'],
      [{ use: 'enc' }, 'DataError', /parameter "use" \("enc"\) equal to "sig"\.$/],
      [{ key_ops: ['verify'] }, 'DataError', /^All specified key usages must be present/],
      [{ ext: false }, 'DataError', 'JWK ext field for "RSA-PSS" is set to false but extractable is true'],
      [{ oth: [] }, 'NotSupportedError', 'Multi-prime private keys not supported.'],
      [{ p: undefined }, 'DataError', /^Invalid RSA private key in JSON Web Key; if one Prime Factor/],
      [{ qi: undefined }, 'DataError', /they must all be present \("p", "q", "dp", "dq", "qi"\)\.$/],
      [{ dp: '!' }, 'DataError', 'Invalid RSA key in JSON Web Key; invalid First Factor CRT Exponent parameter ("dp").'],
    ]) {
      await rejects(subtle.importKey('jwk', { ...kJwk, ...change }, kPss, true, ['sign']), { name, message });
    }
    for (const [change, message] of [
      [{ n: 'AQAB' }, /between 256 and 16k, but 24 was requested\.$/],
      [{ e: 'AQ' }, 'Imported RSA key has invalid publicExponent 1.'],
      [{ e: 'Bg' }, 'Imported RSA key has invalid publicExponent 6.'],
    ]) {
      await rejects(subtle.importKey('jwk', { ...kPublicJwk, ...change }, kPss, true, ['verify']), {
        name: 'OperationError',
        message,
      });
    }
  },
};

export const aKeyMayComeWithoutItsPrimes = {
  async test() {
    const bare = { ...kPublicJwk, d: kJwk.d };
    const key = await subtle.importKey('jwk', bare, kPss, true, ['sign']);
    const open = await subtle.importKey('jwk', kPublicJwk, kPss, true, ['verify']);
    const algorithm = { name: 'RSA-PSS', saltLength: 8 };
    const signature = await subtle.sign(algorithm, key, new Uint8Array(4));
    equal(await subtle.verify(algorithm, open, signature, new Uint8Array(4)), true);
  },
};

export const derMustBeAnRsaKey = {
  async test() {
    const ed = await subtle.generateKey('Ed25519', true, ['sign']);
    await rejects(
      subtle.importKey('pkcs8', await subtle.exportKey('pkcs8', ed.privateKey), kPss, true, ['sign']),
      { name: 'DataError', message: 'Input was not an RSA key.' },
    );
    await rejects(subtle.importKey('spki', decode(kPkcs8), kPss, true, ['verify']), {
      name: 'DataError',
      message: 'Invalid SPKI input.',
    });
    await rejects(subtle.importKey('raw', decode(kSpki), kPss, true, ['verify']), {
      name: 'NotSupportedError',
      message: 'Unrecognized key import format "raw".',
    });
    await rejects(subtle.importKey('spki', decode(kSpki), 'RSA-PSS', true, ['verify']), {
      name: 'TypeError',
      message: 'Missing field "hash" in "algorithm".',
    });
  },
};

export const exportFormatsMustFitTheTypeOfKey = {
  async test() {
    const open = await subtle.importKey('jwk', kPublicJwk, kPss, true, ['verify']);
    for (const format of ['raw', 'pkcs8', 'foo']) {
      await rejects(subtle.exportKey(format, open), { name: 'InvalidAccessError' });
    }
    const md5 = await subtle.importKey('jwk', kPublicJwk, { name: 'RSA-PSS', hash: 'MD5' }, true, ['verify']);
    await rejects(subtle.exportKey('jwk', md5), {
      name: 'NotSupportedError',
      message: 'JWK export not supported for hash algorithm "MD5".',
    });
  },
};
