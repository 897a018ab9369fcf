// AES-CTR, AES-CBC, AES-GCM and AES-KW.
//
// Spec      https://w3c.github.io/webcrypto/#aes-ctr and the sections behind it

#include <string.h>

#include "src/api/crypto/families.h"
#include "src/api/crypto/symmetric.h"

namespace ocapd::api::crypto {

namespace {

constexpr size_t kBlockBytes = 16;
// Cipher calls count bytes in an int.
constexpr size_t kUpdateBytesMax = size_t(1) << 30;
constexpr int32_t kTagBits = 128;
// The implementation's buffer for it.
constexpr size_t kGcmIvBytesMax = 128;

enum class Mode : uint8_t { Ctr, Cbc, Gcm, Wrap };

// Fetched once and kept as long as the process.
const EVP_CIPHER* cipher(Mode mode, size_t keyBytes) {
  struct Implementations {
    Implementations() {
      constexpr kj::StringPtr kModes[] = {"CTR"_kj, "CBC"_kj, "GCM"_kj, "WRAP"_kj};
      for (size_t m = 0; m < 4; ++m) {
        for (size_t k = 0; k < 3; ++k) {
          auto name = kj::str("AES-", 128 + 64 * k, '-', kModes[m]);
          fetched[m][k] =
              check(EVP_CIPHER_fetch(nullptr, name.cStr(), nullptr), "EVP_CIPHER_fetch");
        }
      }
    }
    EVP_CIPHER* fetched[4][3];
  };
  static const Implementations kImplementations;
  return kImplementations.fetched[size_t(mode)][keyBytes / 8 - 2];
}

enum class Direction : int { Decrypt = 0, Encrypt = 1 };

// Sets up a cipher. The IV's length has to be set for GCM first.
CipherContext begin(Mode mode, Direction direction, const KeyData& key, BytesPtr iv) {
  CipherContext context(check(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new"));
  auto* type = cipher(mode, key.secret.size());
  if (mode == Mode::Gcm) {
    check(EVP_CipherInit_ex2(context.get(), type, nullptr, nullptr, int(direction), nullptr),
          "EVP_CipherInit_ex2");
    check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, int(iv.size()), nullptr),
          "EVP_CTRL_AEAD_SET_IVLEN");
    type = nullptr;
  } else if (mode == Mode::Wrap) {
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  }
  check(EVP_CipherInit_ex2(context.get(), type, key.secret.get().begin(),
                           mode == Mode::Wrap ? nullptr : iv.begin(), int(direction), nullptr),
        "EVP_CipherInit_ex2");
  return context;
}

// Runs all of `data` through the cipher; returns how many bytes came out. `into` is null for what
// is authenticated only.
size_t update(EVP_CIPHER_CTX* context, BytesPtr data, kj::byte* into) {
  size_t total = 0;
  while (data.size() > 0) {
    auto piece = data.slice(0, kj::min(data.size(), kUpdateBytesMax));
    int count = 0;
    check(EVP_CipherUpdate(context, into == nullptr ? nullptr : into + total, &count, piece.begin(),
                           int(piece.size())),
          "EVP_CipherUpdate");
    total += size_t(count);
    data = data.slice(piece.size(), data.size());
  }
  return total;
}

Bytes first(Bytes bytes, size_t count) {
  if (bytes.size() == count) return bytes;
  auto result = kj::heapArray<kj::byte>(bytes.slice(0, count));
  OPENSSL_cleanse(bytes.begin(), bytes.size());
  return result;
}

[[noreturn]] void decryptionFailed(size_t input, size_t output, const KeyData& key) {
  // Pinned by the reference.
  throw js::Error::dom("OperationError",
                       "Decryption failed. This could be due to a ciphertext authentication "
                       "failure, bad padding, incorrect CryptoKey, or another algorithm-specific "
                       "reason. Input length was ",
                       input, ", output length expected to be ", output, " for ",
                       key.algorithm.name);
}

// ---- AES-CTR ----

// The counter block with its lowest `bits` bits cleared.
void clearCounter(kj::byte (&block)[kBlockBytes], uint32_t bits) {
  for (size_t at = kBlockBytes; bits > 0;) {
    --at;
    uint32_t here = kj::min(bits, 8u);
    block[at] = here == 8 ? 0 : kj::byte(block[at] & (0xFF << here));
    bits -= here;
  }
}

// Blocks until the lowest `bits` bits of the counter are all zeros again; SIZE_MAX: more than there
// can be.
size_t blocksToWrap(BytesPtr counter, uint32_t bits) {
  constexpr uint32_t kBitsMax = 60;
  size_t value = 0;
  uint32_t low = kj::min(bits, kBitsMax);
  for (uint32_t bit = 0; bit < bits; ++bit) {
    bool isSet = (counter[kBlockBytes - 1 - bit / 8] >> (bit % 8) & 1) != 0;
    if (bit < low) {
      value |= size_t(isSet) << bit;
    } else if (!isSet) {
      return SIZE_MAX;
    }
  }
  return (size_t(1) << low) - value;
}

// https://w3c.github.io/webcrypto/#aes-ctr-operations-encrypt; decrypting is the same.
Bytes cryptCtr(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  BytesPtr counter = required(parameters.counter);
  int32_t length = required(parameters.length);
  // Texts pinned by the reference.
  if (counter.size() != kBlockBytes) {
    throw js::Error::dom("OperationError", "Counter must have length of 16 bytes (provided ",
                         counter.size(), ").");
  }
  if (length < 1 || length > 128) {
    throw js::Error::dom("OperationError", "Invalid counter of ", length, " bits length provided.");
  }
  size_t blocks = (data.size() + kBlockBytes - 1) / kBlockBytes;
  if (length < 60 && blocks > size_t(1) << length) {
    throw js::Error::dom("OperationError", "Counter block values will repeat.");
  }
  auto result = kj::heapArray<kj::byte>(data.size());
  // OpenSSL counts in all 128 bits: what comes after the counter's wrap is a second run.
  size_t blocksBefore = kj::min(blocks, blocksToWrap(counter, uint32_t(length)));
  size_t bytesBefore = kj::min(data.size(), blocksBefore * kBlockBytes);
  auto context = begin(Mode::Ctr, Direction::Encrypt, key, counter);
  update(context.get(), data.slice(0, bytesBefore), result.begin());
  if (bytesBefore < data.size()) {
    kj::byte wrapped[kBlockBytes];
    memcpy(wrapped, counter.begin(), kBlockBytes);
    clearCounter(wrapped, uint32_t(length));
    context = begin(Mode::Ctr, Direction::Encrypt, key, wrapped);
    update(context.get(), data.slice(bytesBefore, data.size()), result.begin() + bytesBefore);
  }
  return result;
}

// ---- AES-CBC ----

// https://w3c.github.io/webcrypto/#aes-cbc-operations-encrypt
Bytes encryptCbc(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  BytesPtr iv = required(parameters.iv);
  if (iv.size() != kBlockBytes) {
    // Pinned by the reference.
    throw js::Error::dom("OperationError", "AES-CBC IV must be 16 bytes long (provided ", iv.size(),
                         " bytes).");
  }
  auto result = kj::heapArray<kj::byte>((data.size() / kBlockBytes + 1) * kBlockBytes);
  auto context = begin(Mode::Cbc, Direction::Encrypt, key, iv);
  size_t count = update(context.get(), data, result.begin());
  int last = 0;
  check(EVP_CipherFinal_ex(context.get(), result.begin() + count, &last), "EVP_CipherFinal_ex");
  return result;
}

// https://w3c.github.io/webcrypto/#aes-cbc-operations-decrypt
Bytes decryptCbc(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  BytesPtr iv = required(parameters.iv);
  if (iv.size() != kBlockBytes) {
    // Pinned by the reference.
    throw js::Error::dom("OperationError", "AES-CBC IV must be 16 bytes long (provided ", iv.size(),
                         ").");
  }
  size_t expected = data.size() < kBlockBytes ? 0 : (data.size() - 1) / kBlockBytes * kBlockBytes;
  ErrorScope errors;
  auto result = kj::heapArray<kj::byte>(data.size() + kBlockBytes);
  auto context = begin(Mode::Cbc, Direction::Decrypt, key, iv);
  size_t count = update(context.get(), data, result.begin());
  int last = 0;
  if (data.size() == 0 || EVP_CipherFinal_ex(context.get(), result.begin() + count, &last) != 1) {
    decryptionFailed(data.size(), expected, key);
  }
  return first(kj::mv(result), count + size_t(last));
}

// ---- AES-GCM ----

struct Gcm {
  explicit Gcm(const Parameters& parameters) : iv(required(parameters.iv)) {
    int32_t tagBits = parameters.tagLength.orDefault(kTagBits);
    // Texts pinned by the reference.
    if (iv.size() == 0) throw js::Error::dom("OperationError", "AES-GCM IV must not be empty.");
    switch (tagBits) {
      case 32:
      case 64:
      case 96:
      case 104:
      case 112:
      case 120:
      case 128: break;
      default: throw js::Error::dom("OperationError", "Invalid AES-GCM tag length ", tagBits, ".");
    }
    // Differs: the reference and the standard have no limit that data could reach.
    if (iv.size() > kGcmIvBytesMax) {
      throw js::Error::dom("OperationError", "AES-GCM IV has ", iv.size(), " bytes; at most ",
                           kGcmIvBytesMax, " are supported. 12 random bytes are customary.");
    }
    tagBytes = size_t(tagBits) / 8;
    KJ_IF_MAYBE(data, parameters.additionalData) {
      additionalData = data->bytes;
    }
  }

  BytesPtr iv;
  size_t tagBytes;
  BytesPtr additionalData;
};

// https://w3c.github.io/webcrypto/#aes-gcm-operations-encrypt
Bytes encryptGcm(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  Gcm gcm(parameters);
  auto result = kj::heapArray<kj::byte>(data.size() + gcm.tagBytes);
  auto context = begin(Mode::Gcm, Direction::Encrypt, key, gcm.iv);
  update(context.get(), gcm.additionalData, nullptr);
  size_t count = update(context.get(), data, result.begin());
  int last = 0;
  check(EVP_CipherFinal_ex(context.get(), result.begin() + count, &last), "EVP_CipherFinal_ex");
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, int(gcm.tagBytes),
                            result.begin() + data.size()),
        "EVP_CTRL_AEAD_GET_TAG");
  return result;
}

// https://w3c.github.io/webcrypto/#aes-gcm-operations-decrypt
Bytes decryptGcm(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  Gcm gcm(parameters);
  if (data.size() < gcm.tagBytes) {
    // Pinned by the reference.
    throw js::Error::dom("OperationError", "Ciphertext length of ", data.size() * 8,
                         " bits must be greater than or equal to the size of the AES-GCM tag "
                         "length of ",
                         gcm.tagBytes * 8, " bits.");
  }
  ErrorScope errors;
  size_t size = data.size() - gcm.tagBytes;
  auto result = kj::heapArray<kj::byte>(size);
  auto context = begin(Mode::Gcm, Direction::Decrypt, key, gcm.iv);
  kj::byte tag[kBlockBytes];
  memcpy(tag, data.begin() + size, gcm.tagBytes);
  check(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, int(gcm.tagBytes), tag),
        "EVP_CTRL_AEAD_SET_TAG");
  update(context.get(), gcm.additionalData, nullptr);
  size_t count = update(context.get(), data.slice(0, size), result.begin());
  int last = 0;
  if (EVP_CipherFinal_ex(context.get(), result.begin() + count, &last) != 1) {
    // Nobody is to see what is not authentic.
    OPENSSL_cleanse(result.begin(), result.size());
    decryptionFailed(size, size, key);
  }
  return result;
}

// ---- AES-KW ----

// https://w3c.github.io/webcrypto/#aes-kw-operations-wrap-key
Bytes wrap(const Parameters&, const KeyData& key, BytesPtr data) {
  // Texts pinned by the reference.
  if (data.size() % 8 != 0) {
    throw js::Error::dom("OperationError",
                         "Unwrapped key bit length must be a multiple of 64 bits but unwrapped "
                         "key has a length of ",
                         data.size() * 8, " bits.");
  }
  if (data.size() < 16 || data.size() > kUpdateBytesMax) {
    throw js::Error::dom("OperationError", "Unwrapped key has length ", data.size(),
                         " bytes but it should be greater than or equal to 16 and less than or "
                         "equal to ",
                         kUpdateBytesMax);
  }
  auto result = kj::heapArray<kj::byte>(data.size() + 8);
  auto context = begin(Mode::Wrap, Direction::Encrypt, key, nullptr);
  KJ_ASSERT(update(context.get(), data, result.begin()) == result.size());
  return result;
}

// https://w3c.github.io/webcrypto/#aes-kw-operations-unwrap-key
Bytes unwrap(const Parameters&, const KeyData& key, BytesPtr data) {
  // Texts pinned by the reference.
  if (data.size() % 8 != 0) {
    throw js::Error::dom("OperationError", "Provided a wrapped key to unwrap that is ",
                         data.size() * 8, " bits which isn't a multiple of 64 bits.");
  }
  if (data.size() < 24) {
    throw js::Error::dom("OperationError", "Provided a wrapped key to unwrap this is ",
                         data.size() * 8,
                         " bits that is less than the minimal length of 192 bits.");
  }
  ErrorScope errors;
  auto result = kj::heapArray<kj::byte>(data.size());
  auto context = begin(Mode::Wrap, Direction::Decrypt, key, nullptr);
  int count = 0;
  if (data.size() > kUpdateBytesMax || EVP_CipherUpdate(context.get(), result.begin(), &count,
                                                        data.begin(), int(data.size())) != 1) {
    throw js::Error::dom("OperationError", "AES-KW key unwrapping failed.");
  }
  return first(kj::mv(result), size_t(count));
}

// ---- keys ----

kj::Own<KeyData> makeKey(const Algorithm& algorithm, Secret secret) {
  auto key = kj::heap<KeyData>(algorithm, KeyType::Secret);
  key->details.length = uint32_t(secret.size() * 8);
  key->secret = kj::mv(secret);
  return key;
}

bool isKeyLength(int64_t bits) {
  return bits == 128 || bits == 192 || bits == 256;
}

// https://w3c.github.io/webcrypto/#aes-ctr-operations-generate-key
Generated generate(const Algorithm& algorithm, const Parameters& parameters, bool extractable,
                   const UsageNames& names) {
  Usages usages =
      checkUsages(names, algorithm.usages, kj::str("Attempt to generate ", algorithm.name));
  int32_t length = required(parameters.length);
  if (!isKeyLength(length)) {
    // Pinned by the reference.
    throw js::Error::dom("OperationError",
                         "Generated AES key length must be 128, 192, or 256 bits but requested ",
                         length, ".");
  }
  auto key = makeKey(algorithm, randomSecret(uint32_t(length)));
  key->usages = usages;
  key->extractable = extractable;
  return key;
}

// "A128GCM"
kj::String jwkName(const Algorithm& algorithm, size_t keyBytes) {
  return kj::str('A', keyBytes * 8, algorithm.name.slice("AES-"_kj.size()));
}

// https://w3c.github.io/webcrypto/#aes-ctr-operations-import-key
kj::Own<KeyData> importKey(const Algorithm& algorithm, const Parameters&,
                           const ImportSource& source) {
  Usages usages = checkUsages(source.usages, algorithm.usages,
                              kj::str("Attempt to import secret ", algorithm.name));
  Secret secret;
  if (source.isJwk()) {
    secret = Secret(importOct(source, "Symmetric", "enc", algorithm));
  } else if (source.format == "raw") {
    secret = Secret(source.bytes);
  } else {
    // Pinned by the reference.
    throw js::Error::dom("NotSupportedError", "Unrecognized key import format \"", source.format,
                         "\".");
  }
  if (!isKeyLength(int64_t(secret.size()) * 8)) {
    // Pinned by the reference.
    throw js::Error::dom("DataError",
                         "Imported AES key length must be 128, 192, or 256 bits but provided ",
                         secret.size() * 8, ".");
  }
  if (source.isJwk()) {
    auto expected = jwkName(algorithm, secret.size());
    KJ_IF_MAYBE(alg, source.jwk->alg) {
      if (*alg != expected) {
        // Pinned by the reference.
        throw js::Error::dom("DataError", "Symmetric \"jwk\" key contains invalid \"alg\" value \"",
                             *alg, "\", expected \"", expected, "\".");
      }
    }
  }
  auto key = makeKey(algorithm, kj::mv(secret));
  key->usages = usages;
  return key;
}

// https://w3c.github.io/webcrypto/#aes-ctr-operations-export-key
Exported exportKey(const KeyData& key, kj::StringPtr format) {
  if (format == "raw") return kj::heapArray(key.secret.get());
  if (format == "jwk") {
    auto jwk = newJwk("oct", key.usages, key.extractable);
    jwk.k = base64Url(key.secret.get());
    jwk.alg = jwkName(key.algorithm, key.secret.size());
    return jwk;
  }
  // Differs: the reference's text tells of raw-secret too, a format of a later draft.
  throw js::Error::dom("NotSupportedError", key.algorithm.name,
                       " key only supports exporting \"raw\" & \"jwk\", not \"", format, "\".");
}

// https://w3c.github.io/webcrypto/#aes-ctr-operations-get-key-length
kj::Maybe<uint32_t> keyLength(const Parameters& parameters) {
  int32_t length = required(parameters.length);
  if (!isKeyLength(length)) {
    // Pinned by the reference.
    throw js::Error::dom("OperationError",
                         "Derived AES key must be 128, 192, or 256 bits in length but provided ",
                         length, ".");
  }
  return uint32_t(length);
}

constexpr Parameter kLength[] = {requiredParameter<&Parameters::length>("length")};
constexpr Parameter kCtr[] = {
    requiredParameter<&Parameters::counter>("counter",
                                            "Missing \"counter\" member in \"algorithm\"."),
    requiredParameter<&Parameters::length>("length", "Missing \"length\" member in \"algorithm\"."),
};
constexpr Parameter kCbc[] = {requiredParameter<&Parameters::iv>("iv")};
constexpr Parameter kGcm[] = {
    optionalParameter<&Parameters::additionalData>("additionalData"),
    requiredParameter<&Parameters::iv>("iv"),
    optionalParameter<&Parameters::tagLength>("tagLength"),
};
constexpr Usages kCipherUsages = {Usage::Encrypt, Usage::Decrypt, Usage::WrapKey, Usage::UnwrapKey};

constexpr Algorithm aes(kj::StringPtr name, Usages usages, Cipher encryption, Cipher wrapping) {
  return {.name = name,
          .usages = usages,
          .encryption = encryption,
          .wrapping = wrapping,
          .generation = {kLength, &generate},
          .importing = {{}, &importKey},
          .keyLength = {kLength, &keyLength},
          .exportKey = &exportKey};
}

}  // namespace

constinit const Algorithm kAesCtr =
    aes("AES-CTR"_kj, kCipherUsages, {kCtr, &cryptCtr, &cryptCtr}, {});
constinit const Algorithm kAesCbc =
    aes("AES-CBC"_kj, kCipherUsages, {kCbc, &encryptCbc, &decryptCbc}, {});
constinit const Algorithm kAesGcm =
    aes("AES-GCM"_kj, kCipherUsages, {kGcm, &encryptGcm, &decryptGcm}, {});
constinit const Algorithm kAesKw =
    aes("AES-KW"_kj, {Usage::WrapKey, Usage::UnwrapKey}, {}, {{}, &wrap, &unwrap});

}  // namespace ocapd::api::crypto
