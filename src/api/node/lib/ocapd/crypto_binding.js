// internalBinding('crypto'): what Node's crypto files expect, on the functions of src/api/node/crypto.
'use strict';

const {
  ArrayPrototypeForEach,
  ObjectEntries,
  Uint8Array,
} = primordials;
const {codes} = require('internal/errors');

// The numbers of Key::Type, Key::Format and Key::Encoding.
const kKeyTypes = {kKeyTypeSecret: 0, kKeyTypePublic: 1, kKeyTypePrivate: 2};
const kFormats = {
  kKeyFormatPEM: 0,
  kKeyFormatDER: 1,
  kKeyFormatJWK: 2,
  kKeyFormatRawPublic: 3,
  kKeyFormatRawPrivate: 4,
  kKeyFormatRawSeed: 5,
  kKeyFormatStore: 6,
};
const kEncodings =
    {kKeyEncodingPKCS1: 0, kKeyEncodingPKCS8: 1, kKeyEncodingSPKI: 2, kKeyEncodingSEC1: 3};
const {kKeyTypeSecret, kKeyTypePublic, kKeyTypePrivate} = kKeyTypes;
const {kKeyFormatJWK, kKeyFormatRawPublic, kKeyFormatRawPrivate, kKeyFormatRawSeed,
  kKeyFormatStore} = kFormats;
const kModes = {kCryptoJobAsync: 0, kCryptoJobSync: 1, kCryptoJobWebCrypto: 2};
// By the names that OpenSSL has for them.
const kOkpTypes = {
  EVP_PKEY_ED25519: 'ED25519',
  EVP_PKEY_ED448: 'ED448',
  EVP_PKEY_X25519: 'X25519',
  EVP_PKEY_X448: 'X448',
};
const kSignatureModes =
    {kSigEncDER: 0, kSigEncP1363: 1, kSignJobModeSign: 0, kSignJobModeVerify: 1};
const kJwkNumbers = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi', 'x', 'y'];

module.exports = (native) => {
  const {Buffer} = require('buffer');
  const buffer = (bytes) => Buffer.from(bytes);

  /** A result as text, or as a Buffer of what is an ArrayBuffer. */
  const present = (result) => typeof result === 'string' ? result : buffer(result);

  class Hash {
    #digest;

    constructor(algorithm, outputLength) {
      this.#digest = algorithm instanceof Hash ? algorithm.#digest.copy(outputLength) :
        native.newDigest(algorithm, outputLength);
    }

    update(data, encoding) {
      return this.#digest.update(data, encoding);
    }

    digest(encoding) {
      return present(this.#digest.digest(encoding));
    }
  }

  class Hmac {
    #mac;

    init(algorithm, key) {
      this.#mac = native.newMac(algorithm, bytesOf(key));
    }

    update(data, encoding) {
      return this.#mac.update(data, encoding);
    }

    digest(encoding) {
      return present(this.#mac.digest(encoding));
    }
  }

  class CipherBase {
    #cipher;

    constructor(encrypts, name, key, iv, authTagLength) {
      this.#cipher = native.newCipher(encrypts, name, bytesOf(key), iv, authTagLength);
    }

    update(data, encoding) {
      return buffer(this.#cipher.update(data, encoding));
    }

    final() {
      return buffer(this.#cipher.final());
    }

    setAutoPadding(on) {
      return this.#cipher.setAutoPadding(on);
    }

    getAuthTag() {
      const tag = this.#cipher.getAuthTag();
      return tag === undefined ? undefined : buffer(tag);
    }

    setAuthTag(tag) {
      return this.#cipher.setAuthTag(tag);
    }

    setAAD(data, plaintextLength) {
      return this.#cipher.setAAD(data, plaintextLength);
    }
  }

  class KeyObjectHandle {
    #key;

    init(type, data, format, encoding, passphrase, namedCurve) {
      this.#key = type === kKeyTypeSecret ? native.makeSecretKey(data) :
        toKey(type, data, format, encoding, passphrase, namedCurve);
    }

    /** @param {object} key of native */
    static of(key) {
      const handle = new KeyObjectHandle();
      handle.#key = key;
      return handle;
    }

    static keyOf(handle) {
      return handle.#key;
    }

    getSymmetricKeySize() {
      return this.#key.size;
    }

    getAsymmetricKeyType() {
      return this.#key.algorithm;
    }

    keyDetail() {
      return this.#key.details();
    }

    equals(other) {
      return this.#key.equals(other.#key);
    }

    export(format, encoding, cipher, passphrase) {
      if (this.#key.type === kKeyTypeSecret) return buffer(this.#key.exportSecret());
      const result = this.#key.exportEncoded(format, encoding, cipher ?? undefined, passphrase);
      return present(result);
    }

    exportJwk(target) {
      if (this.#key.type === kKeyTypeSecret) {
        target.kty = 'oct';
        target.k = buffer(this.#key.exportSecret()).toString('base64url');
        return target;
      }
      const parts = this.#key.exportJwkParts();
      ArrayPrototypeForEach(ObjectEntries(parts), ({0: name, 1: value}) => {
        target[name] = typeof value === 'string' ? value : buffer(value).toString('base64url');
      });
      return target;
    }

    rawPublicKey() {
      return buffer(this.#key.rawPublic());
    }

    rawPrivateKey() {
      return buffer(this.#key.rawPrivate());
    }

    rawSeed() {
      throw new codes.ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS('raw-seed', 'is not supported');
    }

    exportECPublicRaw(form) {
      return buffer(this.#key.ecPublic(form));
    }

    exportECPrivateRaw() {
      return buffer(this.#key.ecPrivate());
    }
  }

  /** The bytes of a secret: a handle's, or those given. */
  function bytesOf(key) {
    return key instanceof KeyObjectHandle ? KeyObjectHandle.keyOf(key).exportSecret() : key;
  }

  function fromJwk(type, jwk) {
    const {validateString} = require('internal/validators');
    validateString(jwk.kty, 'key.kty');
    const parts = {kty: jwk.kty, crv: jwk.crv};
    if (type === kKeyTypePrivate && jwk.d === undefined) {
      throw new codes.ERR_CRYPTO_INVALID_JWK();
    }
    ArrayPrototypeForEach(kJwkNumbers, (name) => {
      if (jwk[name] === undefined) return;
      validateString(jwk[name], `key.${name}`);
      parts[name] = Buffer.from(jwk[name], 'base64url');
    });
    const key = native.importJwkParts(parts);
    return type === kKeyTypePublic ? key.toPublic() : key;
  }

  /** A native key of whatever prepareAsymmetricKey() gives. */
  function toKey(type, data, format, encoding, passphrase, namedCurve) {
    if (data instanceof KeyObjectHandle) {
      const key = KeyObjectHandle.keyOf(data);
      return type === kKeyTypePublic ? key.toPublic() : key;
    }
    switch (format) {
      case kKeyFormatJWK: return fromJwk(type, data);
      case kKeyFormatRawPublic:
      case kKeyFormatRawPrivate: {
        const key = native.importRaw(format === kKeyFormatRawPublic ? kKeyTypePublic : kKeyTypePrivate,
            encoding, data, namedCurve ?? undefined);
        return type === kKeyTypePublic ? key.toPublic() : key;
      }
      case kKeyFormatRawSeed:
      case kKeyFormatStore:
        throw new codes.ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('This key format');
    }
    return native.parseKey(type, data, format, passphrase ?? undefined);
  }

  /**
   * A class whose objects compute something, at once or soon.
   *
   * @param {Function} compute @param {Function} [check] is called with the arguments at once
   */
  function job(compute, check) {
    return class {
      constructor(mode, ...values) {
        this.mode = mode;
        this.values = values;
        check?.(...values);
      }

      run() {
        let result;
        try {
          result = [undefined, compute(...this.values)];
        } catch (error) {
          result = [error];
        }
        if (this.mode === kModes.kCryptoJobSync) return result;
        process.nextTick(() => this.ondone(...result));
      }
    };
  }

  const checkDigest = (name) => {
    if (!native.hasDigest(name)) throw new codes.ERR_CRYPTO_INVALID_DIGEST(name);
  };

  /** Both keys of a pair, exported if that is asked for. */
  function presentPair(key, [publicFormat, publicType, format, type, cipher, passphrase]) {
    const publicKey = KeyObjectHandle.of(key.toPublic());
    const privateKey = KeyObjectHandle.of(key);
    return [
      publicFormat === undefined ? publicKey :
        publicFormat === kKeyFormatJWK ? publicKey.exportJwk({}) :
        publicKey.export(publicFormat, publicType),
      format === undefined ? privateKey :
        format === kKeyFormatJWK ? privateKey.exportJwk({}) :
        privateKey.export(format, type, cipher, passphrase),
    ];
  }

  const isPssVariant = (variant) => variant === kVariants.kKeyVariantRSA_PSS;
  const kVariants = {kKeyVariantRSA_SSA_PKCS1_v1_5: 0, kKeyVariantRSA_PSS: 1};
  const RsaKeyPairGenJob = job((variant, modulusLength, publicExponent, ...rest) => {
    if (!isPssVariant(variant)) {
      return presentPair(native.generateKey('rsa', {modulusLength, publicExponent}), rest);
    }
    const [hashAlgorithm, mgf1HashAlgorithm, saltLength, ...encoding] = rest;
    return presentPair(native.generateKey('rsa-pss',
        {modulusLength, publicExponent, hashAlgorithm, mgf1HashAlgorithm, saltLength}), encoding);
  });
  const DhKeyPairGenJob = job((first, ...rest) => {
    if (typeof first === 'string') {
      return presentPair(native.generateKey('dh', {group: first}), rest);
    }
    const [generator, ...encoding] = rest;
    const options = typeof first === 'number' ? {primeLength: first, generator} :
      {prime: first, generator};
    return presentPair(native.generateKey('dh', options), encoding);
  });

  class Sign {
    #name;
    #digest;

    init(name) {
      checkDigest(name);
      this.#name = name;
      this.#digest = native.newDigest(name);
    }

    update(data, encoding) {
      this.#digest.update(data, encoding);
    }

    sign(data, format, type, passphrase, namedCurve, padding, saltLength, signatureEncoding) {
      const key = toKey(kKeyTypePrivate, data, format, type, passphrase, namedCurve);
      return buffer(native.sign(key, this.#name, this.#digest.digest(), true, padding, saltLength,
          signatureEncoding === kSignatureModes.kSigEncP1363));
    }

    verify(data, format, type, passphrase, namedCurve, signature, padding, saltLength,
        signatureEncoding) {
      const key = toKey(kKeyTypePublic, data, format, type, passphrase, namedCurve);
      return native.verify(key, this.#name, this.#digest.digest(), true, padding, saltLength,
          signatureEncoding === kSignatureModes.kSigEncP1363, signature);
    }
  }

  const SignJob = job((mode, data, format, type, passphrase, namedCurve, message, digest,
      saltLength, padding, signatureEncoding, context, signature) => {
    const isP1363 = signatureEncoding === kSignatureModes.kSigEncP1363;
    const name = digest ?? undefined;
    if (mode === kSignatureModes.kSignJobModeSign) {
      const key = toKey(kKeyTypePrivate, data, format, type, passphrase, namedCurve);
      return native.sign(key, name, message, false, padding, saltLength, isP1363);
    }
    const key = toKey(kKeyTypePublic, data, format, type, passphrase, namedCurve);
    return native.verify(key, name, message, false, padding, saltLength, isP1363, signature);
  }, (...values) => {
    if (values[7] !== undefined && values[7] !== null) checkDigest(values[7]);
  });

  const rsa = (operation, keyType) =>
    (data, format, type, passphrase, namedCurve, message, padding, oaepHash, oaepLabel) =>
      buffer(native.cryptRsa(operation,
          toKey(keyType, data, format, type, passphrase, namedCurve), message, padding, oaepHash,
          oaepLabel));

  /** An object of native's whose results are Buffers. */
  const wrapping = (make, methods) => {
    class Wrapper {
      #native;

      constructor(...values) {
        this.#native = make(...values);
      }

      get verifyError() {
        return this.#native.verifyError;
      }

      static {
        ArrayPrototypeForEach(methods, (name) => {
          Wrapper.prototype[name] = function(...values) {
            const result = this.#native[name](...values);
            return result === undefined || typeof result === 'string' ? result : buffer(result);
          };
        });
      }
    }
    return Wrapper;
  };
  const kDhMethods = [
    'generateKeys', 'computeSecret', 'getPrime', 'getGenerator', 'getPublicKey', 'getPrivateKey',
    'setPublicKey', 'setPrivateKey',
  ];

  let slotsOf;
  /** KeyObject's base class: a handle that nobody else sees. */
  function createNativeKeyObjectClass(define) {
    class NativeKeyObject {
      #handle;

      constructor(handle) {
        this.#handle = handle;
      }

      static {
        slotsOf = (key) => {
          if (!(#handle in key)) throw new codes.ERR_INVALID_THIS('KeyObject');
          return [KeyObjectHandle.keyOf(key.#handle).type, key.#handle];
        };
      }
    }
    return define(NativeKeyObject);
  }

  const noCryptoKey = () => {
    throw new codes.ERR_INVALID_THIS('CryptoKey');
  };

  const binding = {
    __proto__: null,
    ...kKeyTypes,
    ...kFormats,
    ...kEncodings,
    ...kModes,
    ...kOkpTypes,
    ...kSignatureModes,
    ...kVariants,
    OPENSSL_EC_NAMED_CURVE: 1,
    OPENSSL_EC_EXPLICIT_CURVE: 0,
    CheckPrimeJob: job((candidate) => native.checkPrime(candidate)),
    CipherBase,
    DHBitsJob: job((...values) => native.sharedSecret(
        toKey(kKeyTypePublic, ...values.slice(0, 5)),
        toKey(kKeyTypePrivate, ...values.slice(5, 10)))),
    DhKeyPairGenJob,
    DiffieHellman: wrapping(native.newDiffieHellman, kDhMethods),
    DiffieHellmanGroup: wrapping(native.newDiffieHellmanGroup, kDhMethods),
    DsaKeyPairGenJob: job((modulusLength, divisorLength, ...encoding) => presentPair(
        native.generateKey('dsa', {modulusLength, divisorLength}), encoding)),
    ECDH: wrapping(native.newEcdh, kDhMethods),
    ECDHConvertKey: (...values) => buffer(native.convertEcdhKey(...values)),
    EcKeyPairGenJob: job((namedCurve, paramEncoding, ...encoding) => presentPair(
        native.generateKey('ec', {namedCurve, paramEncoding}), encoding)),
    HKDFJob: job((hash, key, salt, info, length) =>
      native.hkdf(hash, bytesOf(key), salt, info, length), checkDigest),
    Hash,
    Hmac,
    KeyObjectHandle,
    NidKeyPairGenJob: job((name, ...encoding) =>
      presentPair(native.generateKey(name, {}), encoding)),
    PBKDF2Job: job((password, salt, iterations, length, digest) =>
      native.pbkdf2(bytesOf(password), salt, iterations, length, digest),
    (password, salt, iterations, length, digest) => checkDigest(digest)),
    RandomBytesJob: job((target, offset, size) => native.fillRandom(target, offset, size)),
    RandomPrimeJob: job((bits, safe, add, rem) => native.generatePrime(bits, safe, add, rem)),
    RsaKeyPairGenJob,
    ScryptJob: job((password, salt, cost, blockSize, parallelization, memoryMax, length) =>
      native.scrypt(bytesOf(password), salt, cost, blockSize, parallelization, memoryMax, length),
    (password, salt, cost, blockSize, parallelization, memoryMax) =>
      native.scrypt(Buffer.alloc(0), Buffer.alloc(0), cost, blockSize, parallelization, memoryMax,
          0)),
    SecretKeyGenJob: job((bits) => {
      const bytes = Buffer.alloc(bits >> 3);
      native.fillRandom(bytes, 0, bytes.length);
      return KeyObjectHandle.of(native.makeSecretKey(bytes));
    }),
    Sign,
    SignJob,
    Verify: Sign,
    createCryptoKeyClass: (define) => define(class {}),
    createNativeKeyObjectClass,
    getCachedAliases: () => ({__proto__: null}),
    getCipherInfo: (target, ...values) => native.getCipherInfo(...values),
    getCiphers: native.getCiphers,
    getCryptoKeySlots: noCryptoKey,
    getCurves: native.getCurves,
    getFipsCrypto: () => 0,
    getHashes: native.getHashes,
    getKeyObjectSlots: (key) => slotsOf(key),
    getOpenSSLSecLevelCrypto: () => 1,
    getSSLCiphers: () => [],
    oneShotDigest: (algorithm, id, cache, input, encoding, encodingIndex, outputLength) => {
      const result = native.digestOnce(algorithm, input, encoding, outputLength);
      return present(result);
    },
    privateDecrypt: rsa(3, kKeyTypePrivate),
    privateEncrypt: rsa(2, kKeyTypePrivate),
    publicDecrypt: rsa(1, kKeyTypePublic),
    publicEncrypt: rsa(0, kKeyTypePublic),
    secureBuffer: (size) => new Uint8Array(size),
    secureHeapUsed: () => undefined,
    setFipsCrypto() {},
    timingSafeEqual: native.timingSafeEqual,
  };
  return binding;
};
