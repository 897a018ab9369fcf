// Jwk: a JSON Web Key, as a dictionary, as JavaScript's object and as JSON.
//
// Owns      its texts; those of secret parts are cleansed when it goes.
// Spec      https://w3c.github.io/webcrypto/#JsonWebKey-dictionary, RFC 7517, RFC 7518
#pragma once

#include <kj/string.h>
#include <kj/vector.h>

#include "src/api/crypto/openssl.h"
#include "src/api/crypto/usages.h"
#include "src/js/convert.h"

namespace ocapd::api::crypto {

struct Jwk {
  static constexpr const char* kDictionaryName = "JsonWebKey";

  Jwk() = default;
  Jwk(Jwk&&) = default;
  Jwk& operator=(Jwk&&) = default;
  ~Jwk() noexcept(false);

  kj::Maybe<kj::String> alg;
  kj::Maybe<kj::String> crv;
  kj::Maybe<kj::String> d;
  kj::Maybe<kj::String> dp;
  kj::Maybe<kj::String> dq;
  kj::Maybe<kj::String> e;
  kj::Maybe<bool> ext;
  kj::Maybe<kj::String> k;
  kj::Maybe<UsageNames> keyOperations;  // key_ops
  kj::Maybe<kj::String> kty;
  kj::Maybe<kj::String> n;
  bool hasOtherPrimes = false;  // oth
  kj::Maybe<kj::String> p;
  kj::Maybe<kj::String> q;
  kj::Maybe<kj::String> qi;
  kj::Maybe<kj::String> use;
  kj::Maybe<kj::String> x;
  kj::Maybe<kj::String> y;
};

Jwk readJwk(js::Turn& turn, v8::Local<v8::Object> object);
// What JSON text holds. DataError when it is none or holds no object.
Jwk parseJwk(js::Turn& turn, BytesPtr json);
v8::Local<v8::Object> toObject(js::Turn& turn, const Jwk& jwk);
kj::String toJson(const Jwk& jwk);

// A member for messages: "undefined" when there is none.
kj::StringPtr shown(const kj::Maybe<kj::String>& member);
// What a base64url member holds; none when it is absent or no base64.
kj::Maybe<Bytes> decoded(const kj::Maybe<kj::String>& member);
kj::String base64Url(BytesPtr bytes);

// A Jwk with what all exported keys have: kty, key_ops and ext.
Jwk newJwk(kj::StringPtr kty, Usages usages, bool extractable);

// The names in a usage list.
UsageNames readUsageNames(js::Turn& turn, v8::Local<v8::Value> value);

}  // namespace ocapd::api::crypto

namespace ocapd::js {

template <>
struct Convert<api::crypto::UsageNames> {
  static constexpr const char* kName = "Array";
  static api::crypto::UsageNames from(Turn& turn, v8::Local<v8::Value> value) {
    return api::crypto::readUsageNames(turn, value);
  }
};

}  // namespace ocapd::js
