// The ciphertexts were made by another implementation with this key.
import { equal, fromHex, rejects, toHex } from '../assert.js';

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
const kSha256 =
  '0a33e90cbaf82da8717a2b61610dd828e198906a3358732c06e4a29198e155169b566551f6b81eaee76a8d11' +
  'cdf952c4a3f44221af210b3882a8ff3633217df0c02a1dc57f0d1ca2362b1ca4217355abfb8871213384c3f1' +
  'b5796c76f45d2c72c9f58b8a6c8f1efb1489c08be3f0477a1833e912acaaede2ccb602339787fbd0';
const kSha1 =
  '468897edd5d68aaa73d13603ff4d201a0873b5fa04934d2879aeeaf47be6863a12c092fdac24edf692ab85f6' +
  '0ac00e54c334ffa03746045526d650ca56c71246decfac7915935762f497294095bf2ea219f8cdcba90cc1fc' +
  '78aec2c81483223e6a5fa34e8df53c9c45907a04d3edeb1836dfed9cb38b6afaa0fe1bbfb7484085';
const keys = async (hash) => ({
  privateKey: await subtle.importKey('jwk', kJwk, { name: 'RSA-OAEP', hash }, false, ['decrypt']),
  publicKey: await subtle.importKey('jwk', kPublicJwk, { name: 'RSA-OAEP', hash }, false, ['encrypt']),
});
const labelled = (text) => ({ name: 'RSA-OAEP', label: new TextEncoder().encode(text) });

export const ciphertextsOfOthersAreDecrypted = {
  async test() {
    const sha1 = await keys('SHA-1');
    equal(toHex(await subtle.decrypt('RSA-OAEP', sha1.privateKey, fromHex(kSha1))), toHex(kData));
    const sha256 = await keys('SHA-256');
    equal(
      toHex(await subtle.decrypt(labelled('label'), sha256.privateKey, fromHex(kSha256))),
      toHex(kData),
    );
  },
};

export const whatIsEncryptedIsDecrypted = {
  async test() {
    for (const [hash, bytesMax] of [['SHA-1', 86], ['SHA-256', 62], ['SHA-384', 30]]) {
      const { privateKey, publicKey } = await keys(hash);
      for (const algorithm of ['RSA-OAEP', labelled(''), labelled('x')]) {
        for (const length of [0, 1, bytesMax]) {
          const plain = new Uint8Array(length).fill(5);
          const encrypted = await subtle.encrypt(algorithm, publicKey, plain);
          equal(encrypted.byteLength, 128);
          equal(toHex(await subtle.decrypt(algorithm, privateKey, encrypted)), toHex(plain));
        }
      }
      await rejects(subtle.encrypt('RSA-OAEP', publicKey, new Uint8Array(bytesMax + 1)), {
        name: 'OperationError',
        message: 'RSA-OAEP failed encrypt/decrypt.',
      });
    }
  },
};

export const wrongCiphertextsAreRefused = {
  async test() {
    const { privateKey } = await keys('SHA-256');
    for (const [algorithm, data] of [
      ['RSA-OAEP', new Uint8Array(128)],
      ['RSA-OAEP', new Uint8Array(5)],
      ['RSA-OAEP', fromHex(kSha256)],
      [labelled('other'), fromHex(kSha256)],
    ]) {
      await rejects(subtle.decrypt(algorithm, privateKey, data), {
        name: 'OperationError',
        message: /^RSA-OAEP failed encrypt\/decrypt/,
      });
    }
  },
};

export const labelsAreBuffers = {
  async test() {
    const { publicKey } = await keys('SHA-1');
    await rejects(subtle.encrypt({ name: 'RSA-OAEP', label: 'a' }, publicKey, kData), {
      name: 'TypeError',
      message:
        "Incorrect type for the 'label' field on 'EncryptAlgorithm': the provided value is not of " +
        "type 'BufferSource'.",
    });
  },
};

export const eachKeyDoesItsPart = {
  async test() {
    const { privateKey, publicKey } = await keys('SHA-1');
    await rejects(subtle.encrypt('RSA-OAEP', privateKey, kData), { name: 'InvalidAccessError' });
    await rejects(subtle.decrypt('RSA-OAEP', publicKey, kData), { name: 'InvalidAccessError' });
  },
};
