#include "src/api/node/crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "src/api/node/encoding/encoding.h"

namespace ocapd::api::node {

namespace {

template <typename Sink>
void withBytes(js::Turn& turn, v8::Local<v8::Value> data, v8::Local<v8::Value> encoding,
               Sink&& sink) {
  if (data->IsString()) {
    sink(encode(turn, toEncoding(turn, encoding), data.As<v8::String>()).asPtr());
  } else {
    sink(toBytes(data));
  }
}

v8::Local<v8::Value> present(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes,
                             v8::Local<v8::Value> encoding) {
  if (encoding->IsString()) {
    auto chosen = toEncoding(turn, encoding);
    if (chosen != Encoding::Buffer) return decode(turn, chosen, bytes);
  }
  return toArrayBuffer(turn, bytes);
}

bool isExtendable(const EVP_MD* digest) {
  return (EVP_MD_get_flags(digest) & EVP_MD_FLAG_XOF) != 0;
}

// SHAKE's own length is no longer given by OpenSSL; these are what it was.
size_t ownSize(const EVP_MD* digest) {
  constexpr size_t kShake128 = 16;
  constexpr size_t kShake256 = 32;
  if (EVP_MD_is_a(digest, "SHAKE-128")) return kShake128;
  if (EVP_MD_is_a(digest, "SHAKE-256")) return kShake256;
  return size_t(EVP_MD_get_size(digest));
}

size_t checkedSize(js::Turn& turn, size_t own, bool extendable, kj::Maybe<double> wanted) {
  KJ_IF_MAYBE(size, wanted) {
    if (size_t(*size) != own && !extendable) {
      throwCoded(turn, js::Error::plain("Unsupported state or unable to set output length"),
                 "ERR_OSSL_EVP_NOT_XOF_OR_INVALID_LENGTH");
    }
    return size_t(*size);
  }
  return own;
}

}  // namespace

Digest* Digest::create(js::Turn& turn, kj::String name, kj::Maybe<double> outputLength) {
  const EVP_MD* digest = findDigest(name);
  if (digest == nullptr) throw js::Error::plain("Digest method not supported");
  bool extendable = isExtendable(digest);
  size_t size = checkedSize(turn, ownSize(digest), extendable, outputLength);
  OwnDigestContext context(EVP_MD_CTX_new());
  checkOpenSsl(turn, EVP_DigestInit_ex(context.get(), digest, nullptr) == 1,
               "Digest method not supported");
  return turn.make<Digest>(kj::mv(context), size, extendable);
}

bool Digest::update(js::Turn& turn, v8::Local<v8::Value> data, v8::Local<v8::Value> encoding) {
  bool succeeded = false;
  withBytes(turn, data, encoding, [&](kj::ArrayPtr<const kj::byte> bytes) {
    succeeded = EVP_DigestUpdate(context_.get(), bytes.begin(), bytes.size()) == 1;
  });
  return succeeded;
}

v8::Local<v8::Value> Digest::digest(js::Turn& turn, v8::Local<v8::Value> encoding) {
  KJ_IF_MAYBE(earlier, result_) {
    return present(turn, *earlier, encoding);
  }
  auto bytes = kj::heapArray<kj::byte>(sizeBytes_);
  bool succeeded =
      sizeBytes_ == 0 ||
      (isExtendable_ ? EVP_DigestFinalXOF(context_.get(), bytes.begin(), bytes.size())
                     : EVP_DigestFinal_ex(context_.get(), bytes.begin(), nullptr)) == 1;
  checkOpenSsl(turn, succeeded, "Digest failed");
  return present(turn, result_.emplace(kj::mv(bytes)), encoding);
}

Digest* Digest::copy(js::Turn& turn, kj::Maybe<double> outputLength) {
  const EVP_MD* digest = EVP_MD_CTX_get0_md(context_.get());
  size_t size = checkedSize(turn, ownSize(digest), isExtendable_, outputLength);
  OwnDigestContext context(EVP_MD_CTX_new());
  checkOpenSsl(turn, EVP_MD_CTX_copy_ex(context.get(), context_.get()) == 1, "Digest copy error");
  return turn.make<Digest>(kj::mv(context), size, isExtendable_);
}

Mac* Mac::create(js::Turn& turn, kj::String digest, v8::Local<v8::Value> key) {
  if (findDigest(digest) == nullptr) {
    throwCoded(turn, js::Error::plain("Invalid digest: ", digest), "ERR_CRYPTO_INVALID_DIGEST");
  }
  using OwnMac = OpenSslOwn<EVP_MAC, &EVP_MAC_free>;
  OwnMac mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  OwnMacContext context(EVP_MAC_CTX_new(mac.get()));
  auto* name = const_cast<char*>(EVP_MD_get0_name(findDigest(digest)));
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
      OSSL_PARAM_construct_end(),
  };
  auto bytes = toBytes(key);
  // Null would mean to keep the key of before.
  const auto* start = bytes.size() == 0 ? reinterpret_cast<const kj::byte*>("") : bytes.begin();
  checkOpenSsl(turn, EVP_MAC_init(context.get(), start, bytes.size(), parameters) == 1,
               "Invalid HMAC key");
  return turn.make<Mac>(kj::mv(context));
}

bool Mac::update(js::Turn& turn, v8::Local<v8::Value> data, v8::Local<v8::Value> encoding) {
  bool succeeded = false;
  withBytes(turn, data, encoding, [&](kj::ArrayPtr<const kj::byte> bytes) {
    succeeded = EVP_MAC_update(context_.get(), bytes.begin(), bytes.size()) == 1;
  });
  return succeeded;
}

v8::Local<v8::Value> Mac::digest(js::Turn& turn, v8::Local<v8::Value> encoding) {
  kj::byte bytes[EVP_MAX_MD_SIZE];
  size_t size = 0;
  checkOpenSsl(turn, EVP_MAC_final(context_.get(), bytes, &size, sizeof(bytes)) == 1,
               "HMAC failed");
  return present(turn, kj::arrayPtr(bytes, size), encoding);
}

v8::Local<v8::Value> digestOnce(js::Turn& turn, kj::String name, v8::Local<v8::Value> data,
                                v8::Local<v8::Value> encoding, kj::Maybe<double> outputLength) {
  if (findDigest(name) == nullptr) {
    throwCoded(turn, js::Error::plain("Invalid digest: ", name), "ERR_CRYPTO_INVALID_DIGEST");
  }
  auto* digest = Digest::create(turn, kj::mv(name), outputLength);
  digest->update(turn, data, turn.undefined());
  return digest->digest(turn, encoding);
}

namespace {

constexpr js::Member kDigestMembers[] = {
    js::method<&Digest::update>("update"),
    js::method<&Digest::digest>("digest"),
    js::method<&Digest::copy>("copy"),
};
constexpr js::Member kMacMembers[] = {
    js::method<&Mac::update>("update"),
    js::method<&Mac::digest>("digest"),
};

}  // namespace

constinit const js::Class Digest::kClass{
    .name = kClassName, .members = kDigestMembers, .exposed = false};
constinit const js::Class Mac::kClass{.name = kClassName, .members = kMacMembers, .exposed = false};

}  // namespace ocapd::api::node
