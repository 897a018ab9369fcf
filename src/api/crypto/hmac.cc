// HMAC.
//
// Spec      https://w3c.github.io/webcrypto/#hmac

#include <openssl/core_names.h>

#include "src/api/crypto/families.h"
#include "src/api/crypto/hmac.h"
#include "src/api/crypto/symmetric.h"

namespace ocapd::api::crypto {

MacContext newHmac(Hash hash, BytesPtr key) {
  // Fetched once and kept as long as the process.
  static EVP_MAC* const kImplementation =
      check(EVP_MAC_fetch(nullptr, "HMAC", nullptr), "EVP_MAC_fetch");
  MacContext context(check(EVP_MAC_CTX_new(kImplementation), "EVP_MAC_CTX_new"));
  auto* name = const_cast<char*>(rowOf(hash).name.cStr());
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                         OSSL_PARAM_construct_end()};
  check(EVP_MAC_init(context.get(), startOf(key), key.size(), params), "EVP_MAC_init");
  return context;
}

namespace {

constexpr size_t kMacBytesMax = EVP_MAX_MD_SIZE;

// Computes the MAC into `into`; returns its size. Starting over without a key keeps the first block
// that holds it.
size_t compute(const KeyData& key, BytesPtr data, kj::byte (&into)[kMacBytesMax]) {
  auto* context = key.mac.get();
  check(EVP_MAC_init(context, nullptr, 0, nullptr), "EVP_MAC_init");
  check(EVP_MAC_update(context, startOf(data), data.size()), "EVP_MAC_update");
  size_t size = 0;
  check(EVP_MAC_final(context, into, &size, sizeof(into)), "EVP_MAC_final");
  return size;
}

// https://w3c.github.io/webcrypto/#hmac-operations-sign
Bytes sign(const Parameters&, const KeyData& key, BytesPtr data) {
  kj::byte mac[kMacBytesMax];
  size_t size = compute(key, data, mac);
  return kj::heapArray<kj::byte>(mac, size);
}

// https://w3c.github.io/webcrypto/#hmac-operations-verify
bool verify(const Parameters&, const KeyData& key, BytesPtr signature, BytesPtr data) {
  kj::byte mac[kMacBytesMax];
  size_t size = compute(key, data, mac);
  return signature.size() == size && CRYPTO_memcmp(mac, signature.begin(), size) == 0;
}

kj::Own<KeyData> makeKey(const Algorithm& algorithm, Hash hash, uint32_t bits, Secret secret) {
  auto key = kj::heap<KeyData>(algorithm, KeyType::Secret);
  key->details.hash = hash;
  key->details.length = bits;
  key->mac = newHmac(hash, secret.get());
  key->secret = kj::mv(secret);
  return key;
}

// https://w3c.github.io/webcrypto/#hmac-operations-generate-key
Generated generate(const Algorithm& algorithm, const Parameters& parameters, bool extractable,
                   const UsageNames& names) {
  Usages usages =
      checkUsages(names, algorithm.usages, kj::str("Attempt to generate ", algorithm.name));
  Hash hash = required(parameters.hash);
  int32_t bits = parameters.length.orDefault(int32_t(rowOf(hash).blockBytes * 8));
  if (bits <= 0) {
    // Pinned by the reference.
    throw js::Error::dom("OperationError",
                         "HMAC key length must be a non-zero unsigned long integer (requested ",
                         bits, ").");
  }
  auto key = makeKey(algorithm, hash, uint32_t(bits), randomSecret(uint32_t(bits)));
  key->usages = usages;
  key->extractable = extractable;
  return key;
}

kj::String jwkName(Hash hash) {
  return kj::str("HS", rowOf(hash).jwkSuffix);
}

Secret importBytes(const Algorithm& algorithm, Hash hash, const ImportSource& source) {
  if (source.format == "raw") return Secret(source.bytes);
  if (!source.isJwk()) {
    // Pinned by the reference.
    throw js::Error::dom("NotSupportedError", "Unrecognized key import format \"", source.format,
                         "\".");
  }
  Secret secret(importOct(source, "HMAC", "sig", algorithm));
  KJ_IF_MAYBE(alg, source.jwk->alg) {
    auto expected = jwkName(hash);
    if (*alg != expected) {
      // Pinned by the reference.
      throw js::Error::dom("DataError",
                           "HMAC \"jwk\" key import specifies \"alg\" that is incompatible with "
                           "the hash name (encountered \"",
                           *alg, "\", expected \"", expected, "\").");
    }
  }
  return secret;
}

// https://w3c.github.io/webcrypto/#hmac-operations-import-key
kj::Own<KeyData> importKey(const Algorithm& algorithm, const Parameters& parameters,
                           const ImportSource& source) {
  Usages usages = checkUsages(source.usages, algorithm.usages,
                              kj::str("Attempt to import secret ", algorithm.name));
  Hash hash = required(parameters.hash);
  Secret secret = importBytes(algorithm, hash, source);
  int64_t available = int64_t(secret.size()) * 8;
  int64_t bits = available;
  KJ_IF_MAYBE(wanted, parameters.length) {
    bits = *wanted;
  }
  if (bits <= 0 || bits > available || bits <= available - 8) {
    // Pinned by the reference.
    throw js::Error::dom("DataError", "Imported HMAC key length (", bits,
                         ") must be a non-zero value up to 7 bits less than, and no greater than, "
                         "the bit length of the raw key data (",
                         available, ").");
  }
  if (bits % 8 != 0) secret.get().back() &= kj::byte(0xFF << (8 - bits % 8));
  auto key = makeKey(algorithm, hash, uint32_t(bits), kj::mv(secret));
  key->usages = usages;
  return key;
}

// https://w3c.github.io/webcrypto/#hmac-operations-export-key
Exported exportKey(const KeyData& key, kj::StringPtr format) {
  if (format == "raw") return kj::heapArray(key.secret.get());
  if (format == "jwk") {
    Hash hash = required(key.details.hash);
    if (rowOf(hash).jwkSuffix.size() == 0) {
      // Pinned by the reference.
      throw js::Error::dom("NotSupportedError",
                           "Unimplemented JWK key export format for key algorithm \"",
                           rowOf(hash).name, "\".");
    }
    auto jwk = newJwk("oct", key.usages, key.extractable);
    jwk.k = base64Url(key.secret.get());
    jwk.alg = jwkName(hash);
    return jwk;
  }
  throw js::Error::dom("NotSupportedError", key.algorithm.name,
                       " key only supports exporting \"raw\" & \"jwk\", not \"", format, "\".");
}

// https://w3c.github.io/webcrypto/#hmac-operations-get-key-length
kj::Maybe<uint32_t> keyLength(const Parameters& parameters) {
  KJ_IF_MAYBE(length, parameters.length) {
    // Pinned by the reference.
    if (*length <= 0) {
      throw js::Error::type("HMAC key length must be a non-zero unsigned long integer.");
    }
    return uint32_t(*length);
  }
  return rowOf(required(parameters.hash)).blockBytes * 8;
}

constexpr Parameter kParameters[] = {
    requiredParameter<&Parameters::hash>("hash"),
    optionalParameter<&Parameters::length>("length"),
};

}  // namespace

constinit const Algorithm kHmac{
    .name = "HMAC"_kj,
    .usages = {Usage::Sign, Usage::Verify},
    .signing = {{}, &sign, &verify},
    .generation = {kParameters, &generate},
    .importing = {kParameters, &importKey},
    .keyLength = {kParameters, &keyLength},
    .exportKey = &exportKey,
};

}  // namespace ocapd::api::crypto
