// HMAC.
//
// Spec      https://w3c.github.io/webcrypto/#hmac

#include "src/api/crypto/hmac.h"
#include "src/api/crypto/families.h"
#include "src/api/crypto/symmetric.h"

namespace ocapd::api::crypto {

namespace {

constexpr size_t kBlockBytesMax = 128;

}  // namespace

void hmac(Hash hash, BytesPtr key, std::initializer_list<BytesPtr> pieces,
          kj::ArrayPtr<kj::byte> into) {
  const HashRow& row = rowOf(hash);
  // A key longer than a block stands for its digest.
  kj::byte longKey[EVP_MAX_MD_SIZE];
  if (key.size() > row.blockBytes) {
    auto digested = kj::arrayPtr(longKey, row.bytes);
    digest(hash, {key}, digested);
    key = digested;
  }
  kj::byte inner[kBlockBytesMax] = {};
  kj::byte outer[kBlockBytesMax] = {};
  KJ_DEFER({
    OPENSSL_cleanse(longKey, sizeof(longKey));
    OPENSSL_cleanse(inner, sizeof(inner));
    OPENSSL_cleanse(outer, sizeof(outer));
  });
  for (size_t i = 0; i < row.blockBytes; ++i) {
    kj::byte keyByte = i < key.size() ? key[i] : 0;
    inner[i] = keyByte ^ 0x36;
    outer[i] = keyByte ^ 0x5C;
  }
  digest(hash, kj::arrayPtr(inner, row.blockBytes), pieces, into);
  digest(hash, {kj::arrayPtr(outer, row.blockBytes), into}, into);
}

namespace {

// https://w3c.github.io/webcrypto/#hmac-operations-sign
Bytes sign(const Parameters&, const KeyData& key, BytesPtr data) {
  Hash hash = required(key.details.hash);
  auto code = kj::heapArray<kj::byte>(rowOf(hash).bytes);
  hmac(hash, key.secret.get(), {data}, code);
  return code;
}

// https://w3c.github.io/webcrypto/#hmac-operations-verify
bool verify(const Parameters&, const KeyData& key, BytesPtr signature, BytesPtr data) {
  Hash hash = required(key.details.hash);
  kj::byte room[EVP_MAX_MD_SIZE];
  auto code = kj::arrayPtr(room, rowOf(hash).bytes);
  hmac(hash, key.secret.get(), {data}, code);
  return signature.size() == code.size() &&
         CRYPTO_memcmp(code.begin(), signature.begin(), code.size()) == 0;
}

kj::Own<KeyData> makeKey(const Algorithm& algorithm, Hash hash, uint32_t bits, Secret secret) {
  auto key = kj::heap<KeyData>(algorithm, KeyType::Secret);
  key->details.hash = hash;
  key->details.length = bits;
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
