// SubtleCrypto: crypto.subtle. Checks what it is given, and asks the table of algorithms.
//
// Operations run at once, in the turn that asks for them; their promises are settled when they are
// returned. Data is therefore never copied, but read after all that could change it.
//
// Owns      nothing.
// Errors    members that give promises reject.
// Spec      https://w3c.github.io/webcrypto/#subtlecrypto-interface
#pragma once

#include "src/api/crypto/algorithm.h"

namespace ocapd::api::crypto {

// AlgorithmIdentifier parameters. They differ in the name that messages give them, which is the
// reference's name of the type.
struct Identifier {
  v8::Local<v8::Value> value;  // tidy: local: a parameter, never kept beyond the call
};
struct HashAlgorithm : public Identifier {
  static constexpr const char* kName = "string or HashAlgorithm";
};
struct EncryptAlgorithm : public Identifier {
  static constexpr const char* kName = "string or EncryptAlgorithm";
  static constexpr const char* kDictionary = "EncryptAlgorithm";
};
struct SignAlgorithm : public Identifier {
  static constexpr const char* kName = "string or SignAlgorithm";
  static constexpr const char* kDictionary = "SignAlgorithm";
};
struct GenerateKeyAlgorithm : public Identifier {
  static constexpr const char* kName = "string or GenerateKeyAlgorithm";
  static constexpr const char* kDictionary = "GenerateKeyAlgorithm";
};
struct DeriveKeyAlgorithm : public Identifier {
  static constexpr const char* kName = "string or DeriveKeyAlgorithm";
  static constexpr const char* kDictionary = "DeriveKeyAlgorithm";
};
struct ImportKeyAlgorithm : public Identifier {
  static constexpr const char* kName = "string or ImportKeyAlgorithm";
  static constexpr const char* kDictionary = "ImportKeyAlgorithm";
};

// What importKey() is to import.
using KeyDataArgument = kj::OneOf<Data, Jwk>;

class SubtleCrypto final : public js::Object {
 public:
  static constexpr const char* kClassName = "SubtleCrypto";
  static const js::Class kClass;

  // ---- JavaScript ----
  js::Promise encrypt(js::Turn& turn, EncryptAlgorithm algorithm, CryptoKey* key, Data data);
  js::Promise decrypt(js::Turn& turn, EncryptAlgorithm algorithm, CryptoKey* key, Data data);
  js::Promise sign(js::Turn& turn, SignAlgorithm algorithm, CryptoKey* key, Data data);
  js::Promise verify(js::Turn& turn, SignAlgorithm algorithm, CryptoKey* key, Data signature,
                     Data data);
  js::Promise digest(js::Turn& turn, HashAlgorithm algorithm, Data data);
  js::Promise generateKey(js::Turn& turn, GenerateKeyAlgorithm algorithm, bool extractable,
                          UsageNames usages);
  js::Promise deriveKey(js::Turn& turn, DeriveKeyAlgorithm algorithm, CryptoKey* base,
                        ImportKeyAlgorithm derivedType, bool extractable, UsageNames usages);
  js::Promise deriveBits(js::Turn& turn, DeriveKeyAlgorithm algorithm, CryptoKey* base,
                         v8::Local<v8::Value> length);
  js::Promise importKey(js::Turn& turn, kj::String format, KeyDataArgument keyData,
                        ImportKeyAlgorithm algorithm, bool extractable, UsageNames usages);
  js::Promise exportKey(js::Turn& turn, kj::String format, CryptoKey* key);
  js::Promise wrapKey(js::Turn& turn, kj::String format, CryptoKey* key, CryptoKey* wrappingKey,
                      EncryptAlgorithm algorithm);
  js::Promise unwrapKey(js::Turn& turn, kj::String format, Data wrapped, CryptoKey* unwrappingKey,
                        EncryptAlgorithm unwrapAlgorithm, ImportKeyAlgorithm importAlgorithm,
                        bool extractable, UsageNames usages);
  bool timingSafeEqual(Data left, Data right);

  const js::Class& jsClass() const override { return kClass; }
};

// The object that `crypto` shows as its subtle.
js::Object* newSubtleCrypto(js::Turn& turn);

}  // namespace ocapd::api::crypto

namespace ocapd::js {

template <std::derived_from<api::crypto::Identifier> T>
struct Convert<T> {
  static constexpr const char* kName = T::kName;
  static T from(Turn&, v8::Local<v8::Value> value) { return {{value}}; }
};

template <>
struct Convert<api::crypto::KeyDataArgument> {
  static constexpr const char* kName = "BufferSource or JsonWebKey";
  static api::crypto::KeyDataArgument from(Turn& turn, v8::Local<v8::Value> value) {
    if (value->IsArrayBufferView() || value->IsArrayBuffer()) return api::crypto::Data(value);
    if (value->IsObject()) return api::crypto::readJwk(turn, value.As<v8::Object>());
    throw TypeMismatch{kName};
  }
};

}  // namespace ocapd::js
