#include "src/api/crypto/crypto_key.h"

#include <string.h>

#include <v8-container.h>
#include <v8-typed-array.h>

#include "src/api/crypto/algorithm.h"

namespace ocapd::api::crypto {

kj::StringPtr nameOf(KeyType type) {
  switch (type) {
    case KeyType::Secret: return "secret"_kj;
    case KeyType::Public: return "public"_kj;
    case KeyType::Private: return "private"_kj;
  }
  KJ_UNREACHABLE;
}

namespace {

// An own property, whatever is on Object.prototype.
void define(js::Turn& turn, v8::Local<v8::Object> object, kj::StringPtr name,
            v8::Local<v8::Value> value) {
  turn.check(object->CreateDataProperty(turn.context, turn.name(name), value));
}

v8::Local<v8::Value> toUint8Array(js::Turn& turn, BytesPtr bytes) {
  auto buffer = v8::ArrayBuffer::New(turn.v8, bytes.size());
  memcpy(buffer->Data(), startOf(bytes), bytes.size());
  return v8::Uint8Array::New(buffer, 0, bytes.size());
}

v8::Local<v8::Object> describe(js::Turn& turn, kj::StringPtr name, const KeyAlgorithm& details) {
  auto result = v8::Object::New(turn.v8);
  auto number = [&](uint32_t value) { return v8::Integer::NewFromUnsigned(turn.v8, value); };
  define(turn, result, "name", turn.name(name));
  KJ_IF_MAYBE(length, details.modulusLength) {
    define(turn, result, "modulusLength", number(*length));
    define(turn, result, "publicExponent", toUint8Array(turn, details.publicExponent));
  }
  KJ_IF_MAYBE(hash, details.hash) {
    auto inner = v8::Object::New(turn.v8);
    define(turn, inner, "name", turn.name(rowOf(*hash).name));
    define(turn, result, "hash", inner);
  }
  KJ_IF_MAYBE(length, details.length) {
    define(turn, result, "length", number(*length));
  }
  if (details.namedCurve.size() > 0) {
    define(turn, result, "namedCurve", turn.name(details.namedCurve));
  }
  return result;
}

}  // namespace

// https://w3c.github.io/webcrypto/#dom-cryptokey-algorithm
v8::Local<v8::Object> CryptoKey::algorithm(js::Turn& turn) {
  if (algorithm_.IsEmpty()) {
    algorithm_.Reset(turn.v8, describe(turn, data_->algorithm.name, data_->details));
  }
  return algorithm_.Get(turn.v8);
}

// https://w3c.github.io/webcrypto/#dom-cryptokey-usages
v8::Local<v8::Object> CryptoKey::usages(js::Turn& turn) {
  if (usages_.IsEmpty()) {
    v8::LocalVector<v8::Value> names(turn.v8);
    data_->usages.forEach([&](Usage usage) { names.push_back(turn.name(nameOf(usage))); });
    usages_.Reset(turn.v8, v8::Array::New(turn.v8, names.data(), names.size()));
  }
  return usages_.Get(turn.v8);
}

void CryptoKey::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(algorithm_);
  visitor->Trace(usages_);
}

namespace {

constexpr js::Member kMembers[] = {
    js::getter<&CryptoKey::type>("type"),
    js::getter<&CryptoKey::extractable>("extractable"),
    js::getter<&CryptoKey::algorithm>("algorithm"),
    js::getter<&CryptoKey::usages>("usages"),
};

}  // namespace

constinit const js::Class CryptoKey::kClass{
    .name = kClassName,
    .spec = "https://w3c.github.io/webcrypto/#cryptokey-interface",
    .members = kMembers,
};

}  // namespace ocapd::api::crypto
