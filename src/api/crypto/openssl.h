// OpenSSL's objects with owners, its algorithms fetched once, and its errors as texts.
//
// Threads   fetched algorithms are made once for the process and are safe everywhere; objects
//           belong to the lane that made them.
// Errors    OpenSSL's own queue is empty again after ErrorScope.
#pragma once

#include <memory>

#include <kj/array.h>
#include <kj/string.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

namespace ocapd::api::crypto {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

template <typename T, auto Free>
using Owned = std::unique_ptr<T, Freed<Free>>;

using BigNumber = Owned<BIGNUM, BN_clear_free>;
using BigNumberContext = Owned<BN_CTX, BN_CTX_free>;
using Pkey = Owned<EVP_PKEY, EVP_PKEY_free>;
using PkeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using CipherContext = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using EcdsaSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;
using Pkcs8 = Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using ParamBuilder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = Owned<OSSL_PARAM, OSSL_PARAM_free>;

using Bytes = kj::Array<kj::byte>;
using BytesPtr = kj::ArrayPtr<const kj::byte>;

// Key material: cleansed when freed.
class Secret {
 public:
  Secret() = default;
  explicit Secret(Bytes bytes) : bytes_(kj::mv(bytes)) {}
  explicit Secret(BytesPtr bytes) : bytes_(kj::heapArray(bytes)) {}
  Secret(Secret&&) = default;
  Secret& operator=(Secret&& other) {
    cleanse();
    bytes_ = kj::mv(other.bytes_);
    return *this;
  }
  ~Secret() noexcept(false) { cleanse(); }

  BytesPtr get() const { return bytes_; }
  kj::ArrayPtr<kj::byte> get() { return bytes_; }
  size_t size() const { return bytes_.size(); }

 private:
  void cleanse() { OPENSSL_cleanse(bytes_.begin(), bytes_.size()); }

  Bytes bytes_;
};

// Leaves no error of the calls within in OpenSSL's queue.
class ErrorScope {
 public:
  ErrorScope();
  ~ErrorScope();
  KJ_DISALLOW_COPY_AND_MOVE(ErrorScope);
};

// For calls that fail only when memory is short or when we err.
void check(int result, const char* call);
template <typename T>
T* check(T* result, const char* call) {
  check(result != nullptr ? 1 : 0, call);
  return result;
}

// The bytes of a number, big-endian, without leading zeros.
Bytes toBytes(const BIGNUM* number);
// The same, with leading zeros up to `size`.
Bytes toBytes(const BIGNUM* number, size_t size);
BigNumber toNumber(BytesPtr bigEndian);

// A number of the key by OpenSSL's name of it; null when the key has none.
BigNumber numberOf(const EVP_PKEY* key, const char* name);

// A key of `type` from its parts; null when they make no key.
Pkey keyFromParts(const char* type, int selection, OSSL_PARAM_BLD* parts);

// Where a null pointer must not go though there are no bytes.
inline const kj::byte* startOf(BytesPtr bytes) {
  static constexpr kj::byte kNothing = 0;
  return bytes.size() == 0 ? &kNothing : bytes.begin();
}

}  // namespace ocapd::api::crypto
