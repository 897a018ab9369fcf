// ECDSA and ECDH over P-256, P-384 and P-521.
//
// Spec      https://w3c.github.io/webcrypto/#ecdsa, https://w3c.github.io/webcrypto/#ecdh

#include <openssl/core_names.h>

#include "src/api/crypto/families.h"
#include "src/api/crypto/pkey.h"

namespace ocapd::api::crypto {

namespace {

struct Curve {
  kj::StringPtr name;
  const char* group;  // OpenSSL's name
  size_t bytes;       // of a coordinate and of a private key
  kj::StringPtr jwkAlgorithm;
};
constexpr Curve kCurves[] = {
    {"P-256"_kj, "prime256v1", 32, "ES256"_kj},
    {"P-384"_kj, "secp384r1", 48, "ES384"_kj},
    {"P-521"_kj, "secp521r1", 66, "ES512"_kj},
};

const Curve& curveOf(const Parameters& parameters) {
  const kj::String& name = required(parameters.namedCurve);
  for (const Curve& curve : kCurves) {
    // Differs: the standard minds the case; the reference does not.
    if (sameName(curve.name.asArray(), name.asArray())) return curve;
  }
  // Pinned by the reference.
  throw js::Error::dom("NotSupportedError", "Unrecognized or unimplemented EC curve \"", name,
                       "\" requested.");
}

const Curve& curveOf(const KeyData& key) {
  for (const Curve& curve : kCurves) {
    if (curve.name == key.details.namedCurve) return curve;
  }
  KJ_UNREACHABLE;
}

KeyAlgorithm describe(const Curve& curve) {
  return {.namedCurve = curve.name};
}

// https://w3c.github.io/webcrypto/#ecdsa-operations-generate-key
Generated generate(const Algorithm& algorithm, const Parameters& parameters, bool extractable,
                   const UsageNames& names) {
  const Curve& curve = curveOf(parameters);
  Usages usages = checkPairUsages(algorithm, names);
  requirePrivateUsages(algorithm, usages);
  ErrorScope errors;
  Pkey key(check(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.group), "EVP_PKEY_Q_keygen"));
  return makePair(algorithm, kj::mv(key), describe(curve), usages, extractable);
}

// ---- importing ----

void requireCurve(const EVP_PKEY* key, const Curve& curve) {
  char group[32] = {};
  size_t size = 0;
  int isExplicit = 0;
  EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &isExplicit);
  if (isExplicit == 0 &&
      EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group),
                                     &size) == 1 &&
      kj::StringPtr(group, size) == curve.group) {
    return;
  }
  // Pinned by the reference.
  throw js::Error::dom("DataError", "\"algorithm.namedCurve\" \"", curve.name,
                       "\" does not match the curve specified by the input key data.");
}

// Whether the private and the public part belong together.
bool isPair(EVP_PKEY* key) {
  PkeyContext context(check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr), "EVP_PKEY_CTX_new"));
  return EVP_PKEY_pairwise_check(context.get()) == 1;
}

Pkey fromPoint(const Curve& curve, BytesPtr point) {
  ParamBuilder parts(check(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new"));
  check(OSSL_PARAM_BLD_push_utf8_string(parts.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0),
        "group");
  check(OSSL_PARAM_BLD_push_octet_string(parts.get(), OSSL_PKEY_PARAM_PUB_KEY, point.begin(),
                                         point.size()),
        "pub");
  return keyFromParts("EC", EVP_PKEY_PUBLIC_KEY, parts.get());
}

Pkey importRaw(const Curve& curve, BytesPtr point) {
  // An uncompressed or a compressed point; infinity and the hybrid form are neither.
  bool isEncoding = (point.size() == 1 + 2 * curve.bytes && point[0] == 4) ||
                    (point.size() == 1 + curve.bytes && (point[0] == 2 || point[0] == 3));
  Pkey key = isEncoding ? fromPoint(curve, point) : nullptr;
  if (key != nullptr) return key;
  // Begins as pinned by the reference.
  throw js::Error::dom("DataError", "Failed to import raw EC key data",
                       point.size() == 0 ? "."
                       : isEncoding      ? ": Point is not on curve."
                                         : ": Invalid point encoding.");
}

// A coordinate. Texts pinned by the reference.
Bytes coordinate(const kj::Maybe<kj::String>& member, kj::StringPtr name) {
  auto bytes = decoded(member);
  KJ_IF_MAYBE(found, bytes) {
    return kj::mv(*found);
  }
  throw js::Error::dom("DataError", "Invalid EC key in JSON Web Key; missing \"", name, "\".");
}

Pkey privateFromJwk(const Curve& curve, const Jwk& jwk, BytesPtr point) {
  auto bytes = decoded(jwk.d);
  // Texts pinned by the reference.
  if (bytes == nullptr) {
    throw js::Error::dom("DataError",
                         "Invalid EC key in JSON Web Key; missing or invalid private key component "
                         "(\"d\").");
  }
  Secret secret(kj::mv(KJ_ASSERT_NONNULL(bytes)));
  BigNumber d = toNumber(secret.get());
  if (secret.size() != curve.bytes || BN_is_zero(d.get())) {
    throw js::Error::dom("DataError", "Invalid EC key; private key component \"d\" is invalid.");
  }
  ParamBuilder parts(check(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new"));
  check(OSSL_PARAM_BLD_push_utf8_string(parts.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0),
        "group");
  check(OSSL_PARAM_BLD_push_octet_string(parts.get(), OSSL_PKEY_PARAM_PUB_KEY, point.begin(),
                                         point.size()),
        "pub");
  check(OSSL_PARAM_BLD_push_BN(parts.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get()), "priv");
  Pkey key = keyFromParts("EC", EVP_PKEY_KEYPAIR, parts.get());
  if (key == nullptr) {
    throw js::Error::dom("DataError", "Invalid EC key; private key component \"d\" is invalid.");
  }
  return key;
}

// RFC 7518, section 6.2
Pkey importJwk(const Algorithm& algorithm, const Curve& curve, const ImportSource& source) {
  const Jwk& jwk = *source.jwk;
  if (shown(jwk.kty) != "EC") {
    // Pinned by the reference.
    throw js::Error::dom("DataError",
                         "Elliptic curve \"jwk\" key import requires a JSON Web Key with Key Type "
                         "parameter \"kty\" (\"",
                         shown(jwk.kty), "\") equal to \"EC\".");
  }
  bool isSigning = &algorithm == &kEcdsa;
  checkJwk(algorithm, source, isSigning ? "sig" : "enc");
  if (shown(jwk.crv) != curve.name) {
    throw js::Error::dom("DataError", "JSON Web Key Curve parameter \"crv\" (\"", shown(jwk.crv),
                         "\") does not match requested curve \"", curve.name, "\".");
  }
  KJ_IF_MAYBE(alg, jwk.alg) {
    if (isSigning && *alg != curve.jwkAlgorithm) {
      // Pinned by the reference.
      throw js::Error::dom("DataError", "JSON Web Key Algorithm parameter \"alg\" (\"", *alg,
                           "\") does not match requested curve.");
    }
  }
  Bytes x = coordinate(jwk.x, "x");
  Bytes y = coordinate(jwk.y, "y");
  kj::Vector<kj::byte> point;
  point.add(4);
  point.addAll(x);
  point.addAll(y);
  Pkey key = x.size() == curve.bytes && y.size() == curve.bytes ? fromPoint(curve, point) : nullptr;
  if (key == nullptr) {
    throw js::Error::dom("DataError",
                         "Invalid EC key; public key coordinates \"x\" and \"y\" are invalid: "
                         "Point is not on curve.");
  }
  if (jwk.d == nullptr) return key;
  return privateFromJwk(curve, jwk, point);
}

// https://w3c.github.io/webcrypto/#ecdsa-operations-import-key
kj::Own<KeyData> importKey(const Algorithm& algorithm, const Parameters& parameters,
                           const ImportSource& source) {
  const Curve& curve = curveOf(parameters);
  bool isPublic = source.isJwk() ? source.jwk->d == nullptr : source.format != "pkcs8";
  KeyType type = isPublic ? KeyType::Public : KeyType::Private;
  Usages usages = checkImportUsages(algorithm, type, source);
  ErrorScope errors;
  Pkey key;
  if (source.isJwk()) {
    key = importJwk(algorithm, curve, source);
  } else if (source.format == "raw") {
    key = importRaw(curve, source.bytes);
  } else if (source.format == "spki" || source.format == "pkcs8") {
    key = isPublic ? parseSpki(source.bytes) : parsePkcs8(source.bytes);
    requireType(key.get(), "EC", "EC");
    requireCurve(key.get(), curve);
  } else {
    // Pinned by the reference.
    throw js::Error::dom("NotSupportedError", "Unrecognized key import format \"", source.format,
                         "\".");
  }
  if (!isPublic && !isPair(key.get())) {
    // Pinned by the reference.
    throw js::Error::dom("DataError", "Invalid EC key in JSON Web Key.");
  }
  // Keys are exported with both coordinates, however they came.
  check(EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                       "uncompressed"),
        "point-format");
  return newKey(algorithm, type, kj::mv(key), describe(curve), usages);
}

// ---- exporting ----

Bytes exportRaw(const KeyData& key) {
  if (key.type != KeyType::Public) {
    // Pinned by the reference.
    throw js::Error::dom("InvalidAccessError",
                         "Raw export of elliptic curve keys is only allowed for public keys.");
  }
  size_t size = 1 + 2 * curveOf(key).bytes;
  auto result = kj::heapArray<kj::byte>(size);
  check(EVP_PKEY_get_octet_string_param(key.pkey.get(), OSSL_PKEY_PARAM_PUB_KEY, result.begin(),
                                        result.size(), &size),
        "pub");
  KJ_ASSERT(size == result.size(), "a point that is not of its curve's size", size);
  return result;
}

Jwk exportJwk(const KeyData& key) {
  const Curve& curve = curveOf(key);
  auto jwk = newJwk("EC", key.usages, key.extractable);
  auto text = [&](const char* name) {
    BigNumber number = numberOf(key.pkey.get(), name);
    Bytes bytes = toBytes(check(number.get(), name), curve.bytes);
    KJ_DEFER(OPENSSL_cleanse(bytes.begin(), bytes.size()));
    return base64Url(bytes);
  };
  jwk.crv = kj::str(curve.name);
  jwk.x = text(OSSL_PKEY_PARAM_EC_PUB_X);
  jwk.y = text(OSSL_PKEY_PARAM_EC_PUB_Y);
  if (key.type == KeyType::Private) jwk.d = text(OSSL_PKEY_PARAM_PRIV_KEY);
  return jwk;
}

// https://w3c.github.io/webcrypto/#ecdsa-operations-export-key
Exported exportKey(const KeyData& key, kj::StringPtr format) {
  KJ_IF_MAYBE(der, exportDer(key, format)) {
    return kj::mv(*der);
  }
  if (format == "raw") return exportRaw(key);
  if (format == "jwk") return exportJwk(key);
  cannotExport(key, format);
}

// ---- ECDSA ----

const EVP_MD* hashOf(const Parameters& parameters) {
  Hash hash = required(parameters.hash);
  if (hash == Hash::Md5) {
    // The reference fails on it with an internal error.
    throw js::Error::dom("NotSupportedError",
                         "Unrecognized or unimplemented digest algorithm requested.");
  }
  return implementationOf(hash);
}

// https://w3c.github.io/webcrypto/#ecdsa-operations-sign
Bytes sign(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  const Curve& curve = curveOf(key);
  auto der = signWith(key, hashOf(parameters), data, parameters);
  KJ_IF_MAYBE(bytes, der) {
    const kj::byte* at = bytes->begin();
    EcdsaSignature signature(
        check(d2i_ECDSA_SIG(nullptr, &at, long(bytes->size())), "d2i_ECDSA_SIG"));
    auto result = kj::heapArray<kj::byte>(2 * curve.bytes);
    const BIGNUM* r = ECDSA_SIG_get0_r(signature.get());
    const BIGNUM* s = ECDSA_SIG_get0_s(signature.get());
    check(BN_bn2binpad(r, result.begin(), int(curve.bytes)), "r");
    check(BN_bn2binpad(s, result.begin() + curve.bytes, int(curve.bytes)), "s");
    return result;
  }
  throw js::Error::dom("OperationError", "Signing with an ECDSA key failed.");
}

// https://w3c.github.io/webcrypto/#ecdsa-operations-verify
bool verify(const Parameters& parameters, const KeyData& key, BytesPtr signature, BytesPtr data) {
  const Curve& curve = curveOf(key);
  auto* hash = hashOf(parameters);
  if (signature.size() != 2 * curve.bytes) return false;
  EcdsaSignature parts(check(ECDSA_SIG_new(), "ECDSA_SIG_new"));
  check(ECDSA_SIG_set0(parts.get(), toNumber(signature.slice(0, curve.bytes)).release(),
                       toNumber(signature.slice(curve.bytes, signature.size())).release()),
        "ECDSA_SIG_set0");
  kj::byte* der = nullptr;
  int size = i2d_ECDSA_SIG(parts.get(), &der);
  check(size, "i2d_ECDSA_SIG");
  KJ_DEFER(OPENSSL_free(der));
  return verifyWith(key, hash, kj::arrayPtr(der, size_t(size)), data, parameters);
}

// ---- ECDH ----

// https://w3c.github.io/webcrypto/#ecdh-operations-derive-bits
Secret deriveBits(const Parameters& parameters, const KeyData& key, kj::Maybe<uint32_t> length) {
  const KeyData& peer = peerOf(parameters, key);
  if (peer.details.namedCurve != key.details.namedCurve) {
    // Pinned by the reference.
    throw js::Error::dom("InvalidAccessError", "Private key for derivation is using curve \"",
                         key.details.namedCurve, "\" while public key is using \"",
                         peer.details.namedCurve, "\".");
  }
  KJ_IF_MAYBE(secret, agree(key, peer, length)) {
    return kj::mv(*secret);
  }
  throw js::Error::dom("OperationError", "Failed to derive ECDH key.");
}

constexpr Parameter kCurveParameters[] = {requiredParameter<&Parameters::namedCurve>("namedCurve")};
constexpr Parameter kSigningParameters[] = {requiredParameter<&Parameters::hash>(
    "hash",
    "Missing \"hash\" in AlgorithmIdentifier. (ECDSA requires that the hash algorithm be specified "
    "at call time rather than on the key. This differs from other WebCrypto algorithms for "
    "historical reasons.)")};
constexpr Parameter kDerivationParameters[] = {requiredParameter<&Parameters::publicKey>(
    "public", "Missing field \"public\" in \"derivedKeyParams\".")};

}  // namespace

constinit const Algorithm kEcdsa{
    .name = "ECDSA"_kj,
    .usages = {Usage::Sign},
    .publicUsages = {Usage::Verify},
    .signing = {kSigningParameters, &sign, &verify},
    .generation = {kCurveParameters, &generate},
    .importing = {kCurveParameters, &importKey},
    .exportKey = &exportKey,
};

constinit const Algorithm kEcdh{
    .name = "ECDH"_kj,
    .usages = {Usage::DeriveKey, Usage::DeriveBits},
    .derivation = {kDerivationParameters, &deriveBits},
    .generation = {kCurveParameters, &generate},
    .importing = {kCurveParameters, &importKey},
    .exportKey = &exportKey,
};

}  // namespace ocapd::api::crypto
