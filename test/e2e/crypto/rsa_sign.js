// The signatures were made by another implementation with this key.
import { equal, fromHex, rejects, same, toHex } from '../assert.js';

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

const kData = new TextEncoder().encode('sample');
const kPkcs1 = 'RSASSA-PKCS1-v1_5';
const pss = (saltLength) => ({ name: 'RSA-PSS', saltLength });
const keys = async (name, hash) => ({
  privateKey: await subtle.importKey('jwk', kJwk, { name, hash }, false, ['sign']),
  publicKey: await subtle.importKey('jwk', kPublicJwk, { name, hash }, false, ['verify']),
});

const kSha1 =
  'b7745ce5f5166597402fed1aaf0a0d9183b3f6812d8e254e5ab6fb6aaa1371048910db6e2e9f7dfacc96ba8f' +
  '8042357eeea0f80fadb84bf0cd8d20d9d135e6571846c69a701d633888fb4e9a83925d906ca1474b15df8f8a' +
  '7c56df666df6d3999feee57e6a9fb39027b7a2212bb6ec3b388e456ba35aa1c432c0bb255523c938';
const kSha256 =
  '30bafe643b942aa54cd6a9a9e277f445f1a23cc4a14c0dc0aa1778b50dcd995db2be08639a68dd8e878cb80e' +
  '3d258830bf929f8415b056749053390884680d189cfb6ab3e2259f4aba3140223d0a52855fda543bcc40526c' +
  'cb5389b5836027a051269aeac8464324922bd41c215630e062915206354caef7e14dbaf38a47a866';
const kPss32 =
  '0248e612ca43d387a293953598d2f50e2a8f3b5e3ff28d521bcb936a0cfe89ad682e54bd39c8f0bc3c69cec8' +
  '99cd8a9191412543b4cf1d3489795b15ccef4dfefa950f31df2d276df90faaa2fdda1fd673d65cc7d935ed11' +
  'a1b168e119d425bbe2ccfb76eb8bc30056c1e47993cf487c8c0eaf5b905df6054cc76dcaf6517c87';
const kPss0 =
  'b7cf297472816f88df29a22c41326e45f84e5bf3dd028250f6dbce69e4caaaacd3c4fcc56fae42dd70f43502' +
  '6f8342f96b304e4f0bb736818175f662f65c01908721a5aafccd2a7646247586d8b845059fbf075ecbb05ae4' +
  '1b7f3dd7d87d41487abcd04540cf321e1081b29e12f5144c2181d83a3b853af685f0a5a9439695ba';

export const pkcs1SignaturesAreThoseOfOthers = {
  async test() {
    for (const [hash, expected] of [['SHA-1', kSha1], ['SHA-256', kSha256]]) {
      const { privateKey, publicKey } = await keys(kPkcs1, hash);
      equal(toHex(await subtle.sign(kPkcs1, privateKey, kData)), expected, hash);
      equal(await subtle.verify(kPkcs1, publicKey, fromHex(expected), kData), true);
      equal(await subtle.verify(kPkcs1, publicKey, fromHex(expected), new Uint8Array(6)), false);
    }
  },
};

export const pssSignaturesOfOthersAreVerified = {
  async test() {
    const { publicKey } = await keys('RSA-PSS', 'SHA-256');
    equal(await subtle.verify(pss(32), publicKey, fromHex(kPss32), kData), true);
    equal(await subtle.verify(pss(0), publicKey, fromHex(kPss0), kData), true);
    equal(await subtle.verify(pss(20), publicKey, fromHex(kPss32), kData), false);
    equal(await subtle.verify(pss(32), publicKey, fromHex(kPss32), new Uint8Array(6)), false);
  },
};

export const whatIsSignedIsVerified = {
  async test() {
    for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) {
      for (const [name, algorithm] of [[kPkcs1, kPkcs1], ['RSA-PSS', pss(0)], ['RSA-PSS', pss(20)]]) {
        const { privateKey, publicKey } = await keys(name, hash);
        const signature = await subtle.sign(algorithm, privateKey, kData);
        equal(signature.byteLength, 128);
        equal(await subtle.verify(algorithm, publicKey, signature, kData), true);
        new Uint8Array(signature)[60] ^= 4;
        equal(await subtle.verify(algorithm, publicKey, signature, kData), false);
      }
    }
  },
};

export const anythingElseIsNoSignature = {
  async test() {
    for (const [name, algorithm] of [[kPkcs1, kPkcs1], ['RSA-PSS', pss(32)]]) {
      const { publicKey } = await keys(name, 'SHA-256');
      for (const length of [0, 1, 127, 128, 129, 1000]) {
        equal(await subtle.verify(algorithm, publicKey, new Uint8Array(length), kData), false);
      }
    }
  },
};

export const saltsMustFitIntoTheKey = {
  async test() {
    const { privateKey, publicKey } = await keys('RSA-PSS', 'SHA-256');
    equal((await subtle.sign(pss(94), privateKey, kData)).byteLength, 128);
    for (const length of [95, 1000000]) {
      await rejects(subtle.sign(pss(length), privateKey, kData), {
        name: 'OperationError',
        message: 'key too small for signing with given digest and salt length',
      });
      equal(await subtle.verify(pss(length), publicKey, fromHex(kPss32), kData), false);
    }
    await rejects(subtle.sign(pss(-1), privateKey, kData), {
      name: 'DataError',
      message: 'SaltLength for RSA-PSS must be non-negative (provided -1).',
    });
    await rejects(subtle.verify('RSA-PSS', publicKey, fromHex(kPss32), kData), {
      name: 'TypeError',
      message: 'Failed to provide salt for RSA-PSS key operation which requires a salt',
    });
  },
};

export const keysKnowTheirHash = {
  async test() {
    const { publicKey } = await keys('RSA-PSS', 'SHA-384');
    const { publicExponent, ...rest } = publicKey.algorithm;
    same(rest, { name: 'RSA-PSS', modulusLength: 1024, hash: { name: 'SHA-384' } });
    equal(publicExponent instanceof Uint8Array, true);
    same([...publicExponent], [1, 0, 1]);
  },
};
