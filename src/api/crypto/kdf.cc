// HKDF and PBKDF2: keys from keys, keys from passwords.
//
// Spec      https://w3c.github.io/webcrypto/#hkdf, https://w3c.github.io/webcrypto/#pbkdf2

#include <string.h>

#include "src/api/crypto/families.h"
#include "src/api/crypto/hmac.h"

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

// https://w3c.github.io/webcrypto/#hkdf-operations-derive-bits, RFC 5869
Secret deriveHkdf(const Parameters& parameters, const KeyData& key, kj::Maybe<uint32_t> length) {
  size_t bytes = bytesToDerive(key, length);
  Hash hash = required(parameters.hash);
  size_t hashBytes = rowOf(hash).bytes;
  if (bytes > 255 * hashBytes) {
    throw js::Error::dom("OperationError", "HKDF deriveBits failed.");  // pinned by the reference
  }
  Secret extracted(kj::heapArray<kj::byte>(hashBytes));
  hmac(hash, required(parameters.salt), {key.secret.get()}, extracted.get());
  Secret block(kj::heapArray<kj::byte>(hashBytes));
  Secret result(kj::heapArray<kj::byte>(bytes));
  BytesPtr previous = nullptr;
  size_t done = 0;
  for (kj::byte counter = 1; done < bytes; ++counter) {
    hmac(hash, extracted.get(), {previous, required(parameters.info), kj::arrayPtr(&counter, 1)},
         block.get());
    size_t count = kj::min(hashBytes, bytes - done);
    memcpy(result.get().begin() + done, block.get().begin(), count);
    done += count;
    previous = block.get();
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
