// Digest and Mac: a hash and an HMAC under way.
//
// Owns      OpenSSL's state.
// Spec      https://nodejs.org/api/crypto.html#class-hash
#pragma once

#include "src/api/node/crypto/openssl.h"
#include "src/js/class.h"

namespace ocapd::api::node {

class Digest final : public js::Object {
 public:
  static constexpr const char* kClassName = "Digest";
  static const js::Class kClass;

  Digest(OwnDigestContext context, size_t sizeBytes, bool isExtendable)
      : context_(kj::mv(context)), sizeBytes_(sizeBytes), isExtendable_(isExtendable) {}

  // `outputLength` undefined: the digest's own.
  static Digest* create(js::Turn& turn, kj::String name, kj::Maybe<double> outputLength);

  bool update(js::Turn& turn, v8::Local<v8::Value> data, v8::Local<v8::Value> encoding);
  v8::Local<v8::Value> digest(js::Turn& turn, v8::Local<v8::Value> encoding);
  Digest* copy(js::Turn& turn, kj::Maybe<double> outputLength);

  const js::Class& jsClass() const override { return kClass; }

 private:
  OwnDigestContext context_;
  size_t sizeBytes_;
  bool isExtendable_;
  // digest() may be called again, by a stream's end.
  kj::Maybe<kj::Array<kj::byte>> result_;
};

class Mac final : public js::Object {
 public:
  using OwnMacContext = OpenSslOwn<EVP_MAC_CTX, &EVP_MAC_CTX_free>;

  static constexpr const char* kClassName = "Mac";
  static const js::Class kClass;

  explicit Mac(OwnMacContext context) : context_(kj::mv(context)) {}

  static Mac* create(js::Turn& turn, kj::String digest, v8::Local<v8::Value> key);

  bool update(js::Turn& turn, v8::Local<v8::Value> data, v8::Local<v8::Value> encoding);
  v8::Local<v8::Value> digest(js::Turn& turn, v8::Local<v8::Value> encoding);

  const js::Class& jsClass() const override { return kClass; }

 private:
  OwnMacContext context_;
};

// A digest in one call: of `data`, as text in `encoding` or an ArrayBuffer.
v8::Local<v8::Value> digestOnce(js::Turn& turn, kj::String name, v8::Local<v8::Value> data,
                                v8::Local<v8::Value> encoding, kj::Maybe<double> outputLength);

}  // namespace ocapd::api::node
