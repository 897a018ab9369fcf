// Key: a secret, public or private key behind a KeyObject.
//
// Owns      the secret's bytes, or a reference to OpenSSL's key.
// Spec      https://nodejs.org/api/crypto.html#class-keyobject
#pragma once

#include "src/api/node/crypto/openssl.h"
#include "src/js/class.h"

namespace ocapd::api::node {

class Key final : public js::Object {
 public:
  static constexpr const char* kClassName = "Key";
  static const js::Class kClass;

  // The numbers of lib/ocapd/crypto_binding.js.
  enum class Type : uint8_t { Secret, Public, Private };
  enum class Format : uint8_t { Pem, Der, Jwk, RawPublic, RawPrivate, RawSeed };
  enum class Encoding : uint8_t { Pkcs1, Pkcs8, Spki, Sec1 };

  explicit Key(kj::Array<kj::byte> secret) : type_(Type::Secret), secret_(kj::mv(secret)) {}
  Key(Type type, OwnKey key) : type_(type), key_(kj::mv(key)) {}
  ~Key();

  uint32_t type() { return uint32_t(type_); }
  EVP_PKEY* pkey() { return key_.get(); }
  kj::ArrayPtr<const kj::byte> secret() const { return secret_; }

  // A public key for a private one; the same for others.
  Key* toPublic(js::Turn& turn);
  bool equals(Key* other);
  double size() { return double(secret_.size()); }
  // "rsa", "ec", "ed25519", …
  kj::String algorithm();
  // Fills in what asymmetricKeyDetails tells.
  v8::Local<v8::Value> details(js::Turn& turn);

  // ArrayBuffer of a secret's bytes.
  v8::Local<v8::Value> exportSecret(js::Turn& turn) { return toArrayBuffer(turn, secret_); }
  // PEM as a string, DER as an ArrayBuffer; `cipher` and `passphrase` may be undefined.
  v8::Local<v8::Value> exportEncoded(js::Turn& turn, uint32_t format, uint32_t encoding,
                                     v8::Local<v8::Value> cipher, v8::Local<v8::Value> passphrase);
  // The numbers of a JWK, as ArrayBuffers by their names; `kty` and `crv` as strings.
  v8::Local<v8::Value> exportJwkParts(js::Turn& turn);
  v8::Local<v8::Value> rawPublic(js::Turn& turn);
  v8::Local<v8::Value> rawPrivate(js::Turn& turn);
  // An EC key's point, `form` one of OpenSSL's POINT_CONVERSION_….
  v8::Local<v8::Value> ecPublic(js::Turn& turn, uint32_t form);
  v8::Local<v8::Value> ecPrivate(js::Turn& turn);

  const js::Class& jsClass() const override { return kClass; }

 private:
  Type type_;
  kj::Array<kj::byte> secret_;
  OwnKey key_;
};

Key* makeSecretKey(js::Turn& turn, v8::Local<v8::Value> bytes);
// A key of PEM or DER text. `type` Public takes private keys and certificates too.
Key* parseKey(js::Turn& turn, uint32_t type, v8::Local<v8::Value> bytes, uint32_t format,
              v8::Local<v8::Value> passphrase);
// Keys of numbers and raw bytes; `parts` as exportJwkParts() makes them.
Key* importJwkParts(js::Turn& turn, v8::Local<v8::Object> parts);
Key* importRaw(js::Turn& turn, uint32_t type, kj::String algorithm, v8::Local<v8::Value> bytes,
               kj::Maybe<kj::String> curve);

// A new pair as its private key. `parameters` hold what the type needs: bits, exponent, digests,
// curve, group, prime, generator.
Key* generateKey(js::Turn& turn, kj::String algorithm, v8::Local<v8::Object> parameters);

}  // namespace ocapd::api::node
