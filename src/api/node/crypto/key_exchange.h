// Diffie-Hellman over numbers and over curves.
//
// On OpenSSL's EC_KEY and DH: old, but the only functions that take points and numbers apart.
//
// Spec      https://nodejs.org/api/crypto.html#class-diffiehellman
#pragma once

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#include <openssl/dh.h>
#include <openssl/ec.h>

#include "src/api/node/crypto/key.h"

namespace ocapd::api::node {

// Classic Diffie-Hellman: a group, and this side's two numbers once they are there.
class DiffieHellman final : public js::Object {
 public:
  static constexpr const char* kClassName = "DiffieHellman";
  static const js::Class kClass;

  DiffieHellman(OwnBignum prime, OwnBignum generator)
      : prime_(kj::mv(prime)), generator_(kj::mv(generator)) {}

  // `sizeOrPrime` a number of bits or bytes; `generator` a number or bytes.
  static DiffieHellman* create(js::Turn& turn, v8::Local<v8::Value> sizeOrPrime,
                               v8::Local<v8::Value> generator);
  // Of a group by its name ("modp14").
  static DiffieHellman* createGroup(js::Turn& turn, kj::String name);

  int32_t verifyError(js::Turn& turn);
  v8::Local<v8::Value> generateKeys(js::Turn& turn);
  // Text when the other's number is no good.
  v8::Local<v8::Value> computeSecret(js::Turn& turn, v8::Local<v8::Value> other);
  v8::Local<v8::Value> getPrime(js::Turn& turn) { return present(turn, prime_, nullptr); }
  v8::Local<v8::Value> getGenerator(js::Turn& turn) { return present(turn, generator_, nullptr); }
  v8::Local<v8::Value> getPublicKey(js::Turn& turn);
  v8::Local<v8::Value> getPrivateKey(js::Turn& turn);
  void setPublicKey(v8::Local<v8::Value> key) { public_ = toBignum(toBytes(key)); }
  void setPrivateKey(v8::Local<v8::Value> key) { private_ = toBignum(toBytes(key)); }

  const js::Class& jsClass() const override { return kClass; }

 private:
  v8::Local<v8::Value> present(js::Turn& turn, const OwnBignum& number, const char* missing);

  OwnBignum prime_;
  OwnBignum generator_;
  OwnBignum public_;
  OwnBignum private_;
};

class Ecdh final : public js::Object {
 public:
  using OwnCurveKey = OpenSslOwn<EC_KEY, &EC_KEY_free>;

  static constexpr const char* kClassName = "ECDH";
  static const js::Class kClass;

  explicit Ecdh(OwnCurveKey key) : key_(kj::mv(key)) {}

  static Ecdh* create(js::Turn& turn, kj::String curve);
  // A point of `curve` in another form.
  static v8::Local<v8::Value> convertKey(js::Turn& turn, v8::Local<v8::Value> key, kj::String curve,
                                         uint32_t form);

  void generateKeys(js::Turn& turn);
  v8::Local<v8::Value> computeSecret(js::Turn& turn, v8::Local<v8::Value> other);
  v8::Local<v8::Value> getPublicKey(js::Turn& turn, uint32_t form);
  v8::Local<v8::Value> getPrivateKey(js::Turn& turn);
  void setPublicKey(js::Turn& turn, v8::Local<v8::Value> key);
  void setPrivateKey(js::Turn& turn, v8::Local<v8::Value> key);

  const js::Class& jsClass() const override { return kClass; }

 private:
  OwnCurveKey key_;
};

// The secret that two KeyObjects share.
v8::Local<v8::Value> sharedSecret(js::Turn& turn, Key* publicKey, Key* privateKey);

}  // namespace ocapd::api::node

#pragma GCC diagnostic pop
