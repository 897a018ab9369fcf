// Ed25519, which goes by NODE-ED25519 too, and X25519.
//
// Spec      https://w3c.github.io/webcrypto/#ed25519, RFC 8032, RFC 7748, RFC 8037

#include <string.h>

#include "src/api/crypto/families.h"
#include "src/api/crypto/pkey.h"

namespace ocapd::api::crypto {

namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kSignatureBytes = 64;

bool isAgreement(const Algorithm& algorithm) {
  return &algorithm == &kX25519;
}

// As JSON Web Keys have it, and OpenSSL in whatever case.
kj::StringPtr curveOf(const Algorithm& algorithm) {
  return isAgreement(algorithm) ? "X25519"_kj : "Ed25519"_kj;
}

// The NODE- alias is told its curve, which is its name.
KeyAlgorithm describe(const Algorithm& algorithm, const Parameters& parameters) {
  if (&algorithm != &kNodeEd25519) return {};
  const kj::String& curve = required(parameters.namedCurve);
  if (curve != algorithm.name) {
    // Pinned by the reference.
    throw js::Error::dom("NotSupportedError", "EDDSA curve \"", curve, "\" isn't supported.");
  }
  return {.namedCurve = algorithm.name};
}

// https://w3c.github.io/webcrypto/#ed25519-operations-generate-key
Generated generate(const Algorithm& algorithm, const Parameters& parameters, bool extractable,
                   const UsageNames& names) {
  Usages usages = checkPairUsages(algorithm, names);
  KeyAlgorithm details = describe(algorithm, parameters);
  requirePrivateUsages(algorithm, usages);
  ErrorScope errors;
  Pkey key(
      check(EVP_PKEY_Q_keygen(nullptr, nullptr, curveOf(algorithm).cStr()), "EVP_PKEY_Q_keygen"));
  return makePair(algorithm, kj::mv(key), details, usages, extractable);
}

// ---- importing ----

Pkey publicFrom(const Algorithm& algorithm, BytesPtr raw) {
  return Pkey(check(EVP_PKEY_new_raw_public_key_ex(nullptr, curveOf(algorithm).cStr(), nullptr,
                                                   raw.begin(), raw.size()),
                    "EVP_PKEY_new_raw_public_key_ex"));
}

void rawPublic(const EVP_PKEY* key, kj::byte (&into)[kKeyBytes]) {
  size_t size = kKeyBytes;
  check(EVP_PKEY_get_raw_public_key(key, into, &size), "EVP_PKEY_get_raw_public_key");
}

Pkey importRaw(const Algorithm& algorithm, BytesPtr raw) {
  if (raw.size() == kKeyBytes) return publicFrom(algorithm, raw);
  // Pinned by the reference.
  throw js::Error::dom("DataError", curveOf(algorithm),
                       " raw keys must be exactly 32-bytes (provided ", raw.size(), ").");
}

// The key in member x or d. Texts pinned by the reference.
Secret component(const Algorithm& algorithm, const kj::Maybe<kj::String>& member,
                 kj::StringPtr which, kj::StringPtr description) {
  auto bytes = decoded(member);
  if (bytes == nullptr) {
    throw js::Error::dom("DataError", "Invalid ", curveOf(algorithm), " key in ", description);
  }
  Secret result(kj::mv(KJ_ASSERT_NONNULL(bytes)));
  if (result.size() != kKeyBytes) {
    throw js::Error::dom("DataError", "Invalid length ", result.size(), " for ", which, " key");
  }
  return result;
}

// Texts pinned by the reference.
void checkOkp(const Algorithm& algorithm, const ImportSource& source) {
  const Jwk& jwk = *source.jwk;
  kj::StringPtr curve = curveOf(algorithm);
  if (shown(jwk.kty) != "OKP") {
    throw js::Error::dom("DataError", curve,
                         " \"jwk\" key imports requires a JSON Web Key with Key Type parameter "
                         "\"kty\" (\"",
                         shown(jwk.kty), "\") equal to \"OKP\".");
  }
  checkJwk(algorithm, source, isAgreement(algorithm) ? "enc" : "sig");
  if (jwk.crv == nullptr) {
    throw js::Error::dom("DataError", "Missing field \"crv\" for ", curve, " key.");
  }
  if (shown(jwk.crv) != curve) {
    // Differs: the reference's error is a NotSupportedError.
    throw js::Error::dom("DataError", "Only ", curve, " is supported but \"", shown(jwk.crv),
                         "\" was requested.");
  }
  KJ_IF_MAYBE(alg, jwk.alg) {
    if (!isAgreement(algorithm) && *alg != "EdDSA" && *alg != curve) {
      throw js::Error::dom("DataError", "JSON Web Key Algorithm parameter \"alg\" (\"", *alg,
                           "\") does not match requested ", curve, " curve.");
    }
  }
}

// RFC 8037, section 2
Pkey importJwk(const Algorithm& algorithm, const ImportSource& source) {
  const Jwk& jwk = *source.jwk;
  checkOkp(algorithm, source);
  Secret x = component(algorithm, jwk.x, "public",
                       "JSON WebKey; missing or invalid public key component (\"x\").");
  if (jwk.d == nullptr) return publicFrom(algorithm, x.get());
  Secret d = component(algorithm, jwk.d, "private",
                       "JSON Web Key; missing or invalid private key component (\"d\").");
  Pkey key(check(EVP_PKEY_new_raw_private_key_ex(nullptr, curveOf(algorithm).cStr(), nullptr,
                                                 d.get().begin(), d.size()),
                 "EVP_PKEY_new_raw_private_key_ex"));
  kj::byte expected[kKeyBytes];
  rawPublic(key.get(), expected);
  if (memcmp(expected, x.get().begin(), kKeyBytes) != 0) {
    throw js::Error::dom("DataError", "Invalid ", curveOf(algorithm),
                         " key in JSON Web Key; \"x\" is not the public key of \"d\".");
  }
  return key;
}

// https://w3c.github.io/webcrypto/#ed25519-operations-import-key
kj::Own<KeyData> importKey(const Algorithm& algorithm, const Parameters& parameters,
                           const ImportSource& source) {
  bool isPublic = source.isJwk() ? source.jwk->d == nullptr : source.format != "pkcs8";
  KeyType type = isPublic ? KeyType::Public : KeyType::Private;
  KeyAlgorithm details = describe(algorithm, parameters);
  Usages usages = checkImportUsages(algorithm, type, source);
  ErrorScope errors;
  Pkey key;
  if (source.isJwk()) {
    key = importJwk(algorithm, source);
  } else if (source.format == "raw") {
    key = importRaw(algorithm, source.bytes);
  } else if (source.format == "spki" || source.format == "pkcs8") {
    key = isPublic ? parseSpki(source.bytes) : parsePkcs8(source.bytes);
    requireType(key.get(), curveOf(algorithm).cStr(), curveOf(algorithm));
  } else {
    // Pinned by the reference.
    throw js::Error::dom("NotSupportedError", "Unrecognized key import format \"", source.format,
                         "\".");
  }
  return newKey(algorithm, type, kj::mv(key), kj::mv(details), usages);
}

// ---- exporting ----

Jwk exportJwk(const KeyData& key) {
  auto jwk = newJwk("OKP", key.usages, key.extractable);
  jwk.crv = kj::str(curveOf(key.algorithm));
  if (&key.algorithm == &kEd25519) jwk.alg = kj::str("EdDSA");  // as the reference has it
  kj::byte bytes[kKeyBytes];
  rawPublic(key.pkey.get(), bytes);
  jwk.x = base64Url(bytes);
  if (key.type == KeyType::Private) {
    size_t size = kKeyBytes;
    check(EVP_PKEY_get_raw_private_key(key.pkey.get(), bytes, &size), "raw_private_key");
    jwk.d = base64Url(bytes);
    OPENSSL_cleanse(bytes, sizeof(bytes));
  }
  return jwk;
}

// https://w3c.github.io/webcrypto/#ed25519-operations-export-key
Exported exportKey(const KeyData& key, kj::StringPtr format) {
  KJ_IF_MAYBE(der, exportDer(key, format)) {
    return kj::mv(*der);
  }
  if (format == "jwk") return exportJwk(key);
  if (format == "raw") {
    if (key.type != KeyType::Public) {
      // Pinned by the reference.
      throw js::Error::dom("InvalidAccessError", "Raw export of ", key.algorithm.name,
                           " keys is only allowed for public keys.");
    }
    kj::byte bytes[kKeyBytes];
    rawPublic(key.pkey.get(), bytes);
    return kj::heapArray<kj::byte>(bytes, kKeyBytes);
  }
  cannotExport(key, format);
}

// ---- operations ----

// https://w3c.github.io/webcrypto/#ed25519-operations-sign
Bytes sign(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  KJ_IF_MAYBE(signature, signWith(key, nullptr, data, parameters)) {
    return kj::mv(*signature);
  }
  throw js::Error::dom("OperationError", "Signing with an Ed25519 key failed.");
}

// https://w3c.github.io/webcrypto/#ed25519-operations-verify
bool verify(const Parameters& parameters, const KeyData& key, BytesPtr signature, BytesPtr data) {
  // Differs: the reference rejects with an OperationError.
  if (signature.size() != kSignatureBytes) return false;
  return verifyWith(key, nullptr, signature, data, parameters);
}

// https://w3c.github.io/webcrypto/#x25519-operations-derive-bits
Secret deriveBits(const Parameters& parameters, const KeyData& key, kj::Maybe<uint32_t> length) {
  KJ_IF_MAYBE(secret, agree(key, peerOf(parameters, key), length)) {
    return kj::mv(*secret);
  }
  // A peer's key of small order: all secrets would be zero. Begins as pinned by the reference.
  throw js::Error::dom("OperationError",
                       "Failed to derive EDDH key: the peer's key is of small "
                       "order.");
}

constexpr Parameter kNodeParameters[] = {requiredParameter<&Parameters::namedCurve>("namedCurve")};
constexpr Parameter kDerivationParameters[] = {requiredParameter<&Parameters::publicKey>(
    "public", "Missing field \"public\" in \"derivedKeyParams\".")};

constexpr Algorithm signing(kj::StringPtr name, ParameterList keyParameters) {
  return {.name = name,
          .usages = {Usage::Sign},
          .publicUsages = {Usage::Verify},
          .signing = {{}, &sign, &verify},
          .generation = {keyParameters, &generate},
          .importing = {keyParameters, &importKey},
          .exportKey = &exportKey};
}

}  // namespace

constinit const Algorithm kEd25519 = signing("Ed25519"_kj, {});
constinit const Algorithm kNodeEd25519 = signing("NODE-ED25519"_kj, kNodeParameters);

constinit const Algorithm kX25519{
    .name = "X25519"_kj,
    .usages = {Usage::DeriveKey, Usage::DeriveBits},
    .derivation = {kDerivationParameters, &deriveBits},
    .generation = {{}, &generate},
    .importing = {{}, &importKey},
    .exportKey = &exportKey,
};

}  // namespace ocapd::api::crypto
