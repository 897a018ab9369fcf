// HKDF and PBKDF2: keys from keys, keys from passwords.
//
// Spec      https://w3c.github.io/webcrypto/#hkdf, https://w3c.github.io/webcrypto/#pbkdf2

#include <openssl/core_names.h>

#include "src/api/crypto/families.h"

namespace ocapd::api::crypto {

namespace {

// The length in bytes, once it is one that can be derived.
uint32_t bytesToDerive(const KeyData& key, kj::Maybe<uint32_t> length) {
  kj::StringPtr name = key.algorithm.name;
  KJ_IF_MAYBE(bits, length) {
    if (*bits % 8 == 0) return *bits / 8;
    // Pinned by the reference.
    throw js::Error::dom("OperationError", name,
                         " requires a derived key length that is a multiple of eight (requested ",
                         *bits, ").");
  }
  // Pinned by the reference.
  throw js::Error::dom("OperationError", name, " cannot derive a key with null length.");
}

// https://w3c.github.io/webcrypto/#hkdf-operations-derive-bits
Secret deriveHkdf(const Parameters& parameters, const KeyData& key, kj::Maybe<uint32_t> length) {
  // Fetched once and kept as long as the process.
  static EVP_KDF* const kImplementation =
      check(EVP_KDF_fetch(nullptr, "HKDF", nullptr), "EVP_KDF_fetch");
  uint32_t bytes = bytesToDerive(key, length);
  const HashRow& hash = rowOf(required(parameters.hash));
  if (bytes == 0) return Secret();
  if (bytes > 255 * hash.bytes) {
    throw js::Error::dom("OperationError", "HKDF deriveBits failed.");  // pinned by the reference
  }
  auto octets = [](const char* name, BytesPtr value) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<kj::byte*>(startOf(value)),
                                             value.size());
  };
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char*>(hash.name.cStr()),
                                       0),
      octets(OSSL_KDF_PARAM_KEY, key.secret.get()),
      octets(OSSL_KDF_PARAM_SALT, required(parameters.salt)),
      octets(OSSL_KDF_PARAM_INFO, required(parameters.info)),
      OSSL_PARAM_construct_end(),
  };
  ErrorScope errors;
  KdfContext context(check(EVP_KDF_CTX_new(kImplementation), "EVP_KDF_CTX_new"));
  Secret result(kj::heapArray<kj::byte>(bytes));
  if (EVP_KDF_derive(context.get(), result.get().begin(), bytes, params) != 1) {
    throw js::Error::dom("OperationError", "HKDF deriveBits failed.");
  }
  return result;
}

// https://w3c.github.io/webcrypto/#pbkdf2-operations-derive-bits
Secret derivePbkdf2(const Parameters& parameters, const KeyData& key, kj::Maybe<uint32_t> length) {
  uint32_t bytes = bytesToDerive(key, length);
  int32_t iterations = required(parameters.iterations);
  if (iterations <= 0) {
    // Pinned by the reference.
    throw js::Error::dom("OperationError", "PBKDF2 requires a positive iteration count (requested ",
                         iterations, ").");
  }
  if (bytes == 0) return Secret();
  ErrorScope errors;
  BytesPtr password = key.secret.get();
  BytesPtr salt = required(parameters.salt);
  Secret result(kj::heapArray<kj::byte>(bytes));
  if (PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(startOf(password)), int(password.size()),
                        startOf(salt), int(salt.size()), iterations,
                        implementationOf(required(parameters.hash)), int(bytes),
                        result.get().begin()) != 1) {
    throw js::Error::dom("OperationError", "PBKDF2 deriveBits failed.");
  }
  return result;
}

// https://w3c.github.io/webcrypto/#hkdf-operations-import-key
kj::Own<KeyData> importKey(const Algorithm& algorithm, const Parameters&,
                           const ImportSource& source) {
  // Texts pinned by the reference.
  if (source.format != "raw") {
    throw js::Error::dom("NotSupportedError", algorithm.name,
                         " key must be imported in \"raw\" format (requested \"", source.format,
                         &algorithm == &kPbkdf2 ? "\")." : "\")");
  }
  Usages usages = checkUsages(source.usages, algorithm.usages,
                              kj::str("Attempt to import secret ", algorithm.name));
  if (source.extractable) {
    throw js::Error::dom("SyntaxError", algorithm.name, " key cannot be extractable.");
  }
  auto key = kj::heap<KeyData>(algorithm, KeyType::Secret);
  key->usages = usages;
  key->secret = Secret(source.bytes);
  return key;
}

// https://w3c.github.io/webcrypto/#hkdf-operations-get-key-length
kj::Maybe<uint32_t> keyLength(const Parameters&) {
  return nullptr;
}

constexpr Usages kDerivations = {Usage::DeriveKey, Usage::DeriveBits};
constexpr Parameter kHkdfParameters[] = {
    requiredParameter<&Parameters::hash>("hash"),
    requiredParameter<&Parameters::info>("info"),
    requiredParameter<&Parameters::salt>("salt"),
};
constexpr Parameter kPbkdf2Parameters[] = {
    requiredParameter<&Parameters::hash>("hash"),
    requiredParameter<&Parameters::iterations>("iterations"),
    requiredParameter<&Parameters::salt>("salt"),
};

}  // namespace

constinit const Algorithm kHkdf{
    .name = "HKDF"_kj,
    .usages = kDerivations,
    .derivation = {kHkdfParameters, &deriveHkdf},
    .importing = {{}, &importKey},
    .keyLength = {{}, &keyLength},
};

constinit const Algorithm kPbkdf2{
    .name = "PBKDF2"_kj,
    .usages = kDerivations,
    .derivation = {kPbkdf2Parameters, &derivePbkdf2},
    .importing = {{}, &importKey},
    .keyLength = {{}, &keyLength},
};

}  // namespace ocapd::api::crypto
