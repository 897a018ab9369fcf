#include "src/api/node/crypto/derivation.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

namespace ocapd::api::node {

namespace {

// Empty bytes that are not null, as OpenSSL takes null for "none given".
const kj::byte* startOf(kj::ArrayPtr<const kj::byte> bytes) {
  return bytes.size() == 0 ? reinterpret_cast<const kj::byte*>("") : bytes.begin();
}

OSSL_PARAM octets(const char* name, kj::ArrayPtr<const kj::byte> bytes) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<kj::byte*>(startOf(bytes)),
                                           bytes.size());
}

}  // namespace

v8::Local<v8::Value> pbkdf2(js::Turn& turn, v8::Local<v8::Value> password,
                            v8::Local<v8::Value> salt, uint32_t iterations, uint32_t keyBytes,
                            kj::String digest) {
  const EVP_MD* function = requireDigest(turn, digest);
  auto secret = toBytes(password);
  auto saltBytes = toBytes(salt);
  auto key = kj::heapArray<kj::byte>(keyBytes);
  bool succeeded = keyBytes == 0 ||
                   PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(startOf(secret)),
                                     int(secret.size()), startOf(saltBytes), int(saltBytes.size()),
                                     int(iterations), function, int(keyBytes), key.begin()) == 1;
  checkOpenSsl(turn, succeeded, "PBKDF2 failed");
  return toArrayBuffer(turn, key);
}

v8::Local<v8::Value> scrypt(js::Turn& turn, v8::Local<v8::Value> password,
                            v8::Local<v8::Value> salt, double cost, double blockSize,
                            double parallelization, double memoryMax, uint32_t keyBytes) {
  auto secret = toBytes(password);
  auto saltBytes = toBytes(salt);
  auto key = kj::heapArray<kj::byte>(keyBytes);
  bool succeeded =
      EVP_PBE_scrypt(reinterpret_cast<const char*>(startOf(secret)), secret.size(),
                     startOf(saltBytes), saltBytes.size(), uint64_t(cost), uint64_t(blockSize),
                     uint64_t(parallelization), uint64_t(memoryMax),
                     keyBytes == 0 ? nullptr : key.begin(), keyBytes) == 1;
  if (!succeeded) {
    bool wasMemory = ERR_GET_REASON(ERR_peek_last_error()) == EVP_R_MEMORY_LIMIT_EXCEEDED;
    ERR_clear_error();
    throwCoded(turn,
               wasMemory ? js::Error::range("Invalid scrypt params: memory limit exceeded")
                         : js::Error::range("Invalid scrypt params"),
               "ERR_CRYPTO_INVALID_SCRYPT_PARAMS");
  }
  return toArrayBuffer(turn, key);
}

v8::Local<v8::Value> hkdf(js::Turn& turn, kj::String digest, v8::Local<v8::Value> key,
                          v8::Local<v8::Value> salt, v8::Local<v8::Value> info, double keyBytes) {
  constexpr size_t kBlocksMax = 255;
  const EVP_MD* function = requireDigest(turn, digest);
  if (keyBytes > double(kBlocksMax * size_t(EVP_MD_get_size(function)))) {
    throwCoded(turn, js::Error::range("Invalid key length"), "ERR_CRYPTO_INVALID_KEYLEN");
  }
  OpenSslOwn<EVP_KDF, &EVP_KDF_free> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  OpenSslOwn<EVP_KDF_CTX, &EVP_KDF_CTX_free> context(EVP_KDF_CTX_new(kdf.get()));
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
                                       const_cast<char*>(EVP_MD_get0_name(function)), 0),
      octets(OSSL_KDF_PARAM_KEY, toBytes(key)),
      octets(OSSL_KDF_PARAM_SALT, toBytes(salt)),
      octets(OSSL_KDF_PARAM_INFO, toBytes(info)),
      OSSL_PARAM_construct_end(),
  };
  auto derived = kj::heapArray<kj::byte>(size_t(keyBytes));
  bool succeeded = derived.size() == 0 ||
                   EVP_KDF_derive(context.get(), derived.begin(), derived.size(), parameters) == 1;
  checkOpenSsl(turn, succeeded, "HKDF failed");
  return toArrayBuffer(turn, derived);
}

void fillRandom(js::Turn& turn, v8::Local<v8::Value> buffer, double offset, double size) {
  auto bytes = toBytes(buffer);
  if (offset < 0 || size < 0 || offset + size > double(bytes.size())) {
    throw js::Error::range("The range lies outside of the buffer.");
  }
  auto part = bytes.slice(size_t(offset), size_t(offset + size));
  checkOpenSsl(turn, part.size() == 0 || RAND_bytes(part.begin(), int(part.size())) == 1,
               "No random numbers to be had");
}

v8::Local<v8::Value> generatePrime(js::Turn& turn, int32_t bits, bool isSafe,
                                   v8::Local<v8::Value> add, v8::Local<v8::Value> remainder) {
  auto toNumber = [](v8::Local<v8::Value> value) {
    auto bytes = toBytes(value);
    return bytes.size() == 0 ? OwnBignum() : toBignum(bytes);
  };
  auto addNumber = toNumber(add);
  auto remainderNumber = toNumber(remainder);
  if (addNumber != nullptr) {
    if (BN_num_bits(addNumber.get()) > bits) {
      throwCoded(turn, js::Error::range("invalid options.add"), "ERR_OUT_OF_RANGE");
    }
    if (remainderNumber != nullptr && BN_cmp(addNumber.get(), remainderNumber.get()) != 1) {
      throwCoded(turn, js::Error::range("invalid options.rem"), "ERR_OUT_OF_RANGE");
    }
  }
  OwnBignum prime(BN_secure_new());
  checkOpenSsl(turn,
               BN_generate_prime_ex(prime.get(), bits, isSafe ? 1 : 0, addNumber.get(),
                                    remainderNumber.get(), nullptr) == 1,
               "could not generate prime");
  return toArrayBuffer(turn, bytesOf(prime.get()));
}

// OpenSSL chooses the number of its checks itself, at least as many as it thinks right.
bool checkPrime(js::Turn& turn, v8::Local<v8::Value> candidate) {
  auto number = toBignum(toBytes(candidate));
  OpenSslOwn<BN_CTX, &BN_CTX_free> context(BN_CTX_new());
  int result = BN_check_prime(number.get(), context.get(), nullptr);
  checkOpenSsl(turn, result >= 0, "could not check prime");
  return result == 1;
}

bool timingSafeEqual(js::Turn& turn, v8::Local<v8::Value> a, v8::Local<v8::Value> b) {
  auto left = toBytes(a);
  auto right = toBytes(b);
  if (left.size() != right.size()) {
    throwCoded(turn, js::Error::range("Input buffers must have the same byte length"),
               "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH");
  }
  return CRYPTO_memcmp(left.begin(), right.begin(), left.size()) == 0;
}

}  // namespace ocapd::api::node
