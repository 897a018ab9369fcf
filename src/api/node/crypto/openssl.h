// Owners for OpenSSL's objects, and its failures as the errors that Node makes of them.
//
// Threads   any, but for what takes a Turn.
#pragma once

#include <memory>

#include <kj/array.h>
#include <kj/string.h>
#include <kj/vector.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "src/js/convert.h"

namespace ocapd::api::node {

template <auto Free>
struct OpenSslDelete {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <typename T, auto Free>
using OpenSslOwn = std::unique_ptr<T, OpenSslDelete<Free>>;

using OwnBignum = OpenSslOwn<BIGNUM, &BN_clear_free>;
using OwnBio = OpenSslOwn<BIO, &BIO_free_all>;
using OwnCipherContext = OpenSslOwn<EVP_CIPHER_CTX, &EVP_CIPHER_CTX_free>;
using OwnDigestContext = OpenSslOwn<EVP_MD_CTX, &EVP_MD_CTX_free>;
using OwnKey = OpenSslOwn<EVP_PKEY, &EVP_PKEY_free>;
using OwnKeyContext = OpenSslOwn<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using OwnX509 = OpenSslOwn<X509, &X509_free>;

// Throws what OpenSSL reported last, or an Error with `otherwise` when it reported nothing.
[[noreturn]] void throwOpenSsl(js::Turn& turn, kj::StringPtr otherwise);
// The same unless `succeeded`.
inline void checkOpenSsl(js::Turn& turn, bool succeeded, kj::StringPtr otherwise) {
  if (!succeeded) throwOpenSsl(turn, otherwise);
}

// An error with a `code` of Node's.
[[noreturn]] void throwCoded(js::Turn& turn, const js::Error& error, kj::StringPtr code);

v8::Local<v8::Value> toArrayBuffer(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes);
// The bytes of a view or buffer; none for undefined and null.
kj::ArrayPtr<kj::byte> toBytes(v8::Local<v8::Value> value);
kj::Array<kj::byte> bytesOf(const BIGNUM* number);
OwnBignum toBignum(kj::ArrayPtr<const kj::byte> bytes);
kj::ArrayPtr<const kj::byte> contentOf(BIO* memory);

// A digest by the names Node knows; null when there is none.
const EVP_MD* findDigest(kj::StringPtr name);
// Throws ERR_CRYPTO_INVALID_DIGEST when there is none.
const EVP_MD* requireDigest(js::Turn& turn, kj::StringPtr name);

}  // namespace ocapd::api::node
