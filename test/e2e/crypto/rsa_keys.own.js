// Where the standards refuse a key that workerd takes, or allow what BoringSSL does not.
import { equal, rejects } from '../assert.js';

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

const kPss = { name: 'RSA-PSS', hash: 'SHA-256' };

export const partsMustNotContradictEachOther = {
  async test() {
    for (const name of ['e', 'd', 'p', 'q', 'dp', 'dq', 'qi']) {
      const value = name === 'e' ? 'Aw' : kJwk[name === 'd' ? 'p' : 'd'];
      await rejects(subtle.importKey('jwk', { ...kJwk, [name]: value }, kPss, true, ['sign']), {
        name: 'DataError',
        message: 'Invalid RSA private key: its parts contradict each other.',
      });
    }
  },
};

export const aKeyWithoutPrimesIsExportedWithoutThem = {
  async test() {
    const key = await subtle.importKey('jwk', { ...kPublicJwk, d: kJwk.d }, kPss, true, ['sign']);
    const exported = await subtle.exportKey('jwk', key);
    equal(exported.d, kJwk.d);
    equal('p' in exported, false);
  },
};

export const lengthsNeedNotBeMultiplesOf128 = {
  async test() {
    const pair = await subtle.generateKey(
      { ...kPss, modulusLength: 1032, publicExponent: new Uint8Array([1, 0, 1]) }, true, ['sign', 'verify'],
    );
    const algorithm = { name: 'RSA-PSS', saltLength: 32 };
    const signature = await subtle.sign(algorithm, pair.privateKey, new Uint8Array(1));
    equal(signature.byteLength, 129);
    equal(await subtle.verify(algorithm, pair.publicKey, signature, new Uint8Array(1)), true);
  },
};

export const aSaltIsRequiredToSignToo = {
  async test() {
    const key = await subtle.importKey('jwk', kJwk, kPss, true, ['sign']);
    await rejects(subtle.sign('RSA-PSS', key, new Uint8Array(1)), { name: 'TypeError' });
  },
};
