// node:crypto: Node's own files behind the names that it exports.
//
// See https://nodejs.org/api/crypto.html
'use strict';

const {codes: {ERR_INVALID_ARG_TYPE}} = require('internal/errors');
const {isAnyArrayBuffer, isArrayBufferView} = require('internal/util/types');
const cipher = require('internal/crypto/cipher');
const diffieHellman = require('internal/crypto/diffiehellman');
const {Hash, Hmac, hash} = require('internal/crypto/hash');
const {hkdf, hkdfSync} = require('internal/crypto/hkdf');
const keygen = require('internal/crypto/keygen');
const keys = require('internal/crypto/keys');
const {pbkdf2, pbkdf2Sync} = require('internal/crypto/pbkdf2');
const random = require('internal/crypto/random');
const {scrypt, scryptSync} = require('internal/crypto/scrypt');
const signatures = require('internal/crypto/sig');
const {getCiphers, getCurves, getHashes, secureHeapUsed} = require('internal/crypto/util');
const {stub, stubClass, stubs} = require('ocapd/stubs');
const binding = internalBinding('crypto');
const {crypto: constants} = internalBinding('constants');

const {crypto: webcrypto} = globalThis;
const {Cipheriv, Decipheriv} = cipher;
const {DiffieHellman, DiffieHellmanGroup, ECDH} = diffieHellman;
const {Sign, Verify} = signatures;

const requireBytes = (value, name) => {
  if (isAnyArrayBuffer(value) || isArrayBufferView(value)) return;
  throw new ERR_INVALID_ARG_TYPE(
      name, ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'], value);
};

function timingSafeEqual(buf1, buf2) {
  requireBytes(buf1, 'buf1');
  requireBytes(buf2, 'buf2');
  return binding.timingSafeEqual(buf1, buf2);
}

module.exports = {
  ...stubs('', ['createCipher', 'createDecipher', 'setEngine', 'setFips']),
  Certificate: stubClass('Certificate'),
  Cipher: stub('Cipher'),
  Cipheriv,
  CryptoKey: globalThis.CryptoKey,
  Decipher: stub('Decipher'),
  Decipheriv,
  DiffieHellman,
  DiffieHellmanGroup,
  ECDH,
  Hash,
  Hmac,
  KeyObject: keys.KeyObject,
  PrivateKeyObject: keys.PrivateKeyObject,
  PublicKeyObject: keys.PublicKeyObject,
  SecretKeyObject: keys.SecretKeyObject,
  Sign,
  Verify,
  X509Certificate: stubClass('X509Certificate'),
  checkPrime: random.checkPrime,
  checkPrimeSync: random.checkPrimeSync,
  constants,
  createCipheriv: (algorithm, key, iv, options) => new Cipheriv(algorithm, key, iv, options),
  createDecipheriv: (algorithm, key, iv, options) => new Decipheriv(algorithm, key, iv, options),
  createDiffieHellman: (...values) => new DiffieHellman(...values),
  createDiffieHellmanGroup: (name) => new DiffieHellmanGroup(name),
  createECDH: (curve) => new ECDH(curve),
  createHash: (algorithm, options) => new Hash(algorithm, options),
  createHmac: (algorithm, key, options) => new Hmac(algorithm, key, options),
  createPrivateKey: keys.createPrivateKey,
  createPublicKey: keys.createPublicKey,
  createSecretKey: keys.createSecretKey,
  createSign: (algorithm, options) => new Sign(algorithm, options),
  createVerify: (algorithm, options) => new Verify(algorithm, options),
  diffieHellman: diffieHellman.diffieHellman,
  fips: false,
  generateKey: keygen.generateKey,
  generateKeyPair: keygen.generateKeyPair,
  generateKeyPairSync: keygen.generateKeyPairSync,
  generateKeySync: keygen.generateKeySync,
  generatePrime: random.generatePrime,
  generatePrimeSync: random.generatePrimeSync,
  getCipherInfo: cipher.getCipherInfo,
  getCiphers,
  getCurves,
  getDiffieHellman: (name) => new DiffieHellmanGroup(name),
  getFips: () => false,
  getHashes,
  getRandomValues: (array) => webcrypto.getRandomValues(array),
  hash,
  hkdf,
  hkdfSync,
  pbkdf2,
  pbkdf2Sync,
  privateDecrypt: cipher.privateDecrypt,
  privateEncrypt: cipher.privateEncrypt,
  pseudoRandomBytes: random.randomBytes,
  publicDecrypt: cipher.publicDecrypt,
  publicEncrypt: cipher.publicEncrypt,
  randomBytes: random.randomBytes,
  randomFill: random.randomFill,
  randomFillSync: random.randomFillSync,
  randomInt: random.randomInt,
  randomUUID: random.randomUUID,
  scrypt,
  scryptSync,
  secureHeapUsed,
  sign: signatures.signOneShot,
  subtle: webcrypto.subtle,
  timingSafeEqual,
  verify: signatures.verifyOneShot,
  webcrypto,
};
