// Cipher: a symmetric cipher under way.
//
// Owns      OpenSSL's state.
// Spec      https://nodejs.org/api/crypto.html#class-cipheriv
#pragma once

#include "src/api/node/crypto/openssl.h"
#include "src/js/class.h"

namespace ocapd::api::node {

class Cipher final : public js::Object {
 public:
  static constexpr const char* kClassName = "Cipher";
  static const js::Class kClass;

  enum class Direction : uint8_t { Encrypt, Decrypt };

  Cipher(OwnCipherContext context, Direction direction, int mode, kj::Maybe<size_t> tagBytes)
      : context_(kj::mv(context)), direction_(direction), mode_(mode), tagBytes_(tagBytes) {}

  // `iv` null: none; `authTagLength` -1: the mode's own.
  static Cipher* create(js::Turn& turn, bool encrypts, kj::String name, v8::Local<v8::Value> key,
                        v8::Local<v8::Value> iv, double authTagLength);

  v8::Local<v8::Value> update(js::Turn& turn, v8::Local<v8::Value> data,
                              v8::Local<v8::Value> encoding);
  v8::Local<v8::Value> final(js::Turn& turn);
  bool setAutoPadding(bool on);
  // Undefined when there is none, or not yet.
  v8::Local<v8::Value> getAuthTag(js::Turn& turn);
  bool setAuthTag(js::Turn& turn, v8::Local<v8::Value> tag);
  bool setAad(js::Turn& turn, v8::Local<v8::Value> data, double plaintextLength);

  const js::Class& jsClass() const override { return kClass; }

 private:
  bool isAuthenticated() const;
  bool passTag();

  OwnCipherContext context_;  // empty once final() was called
  Direction direction_;
  int mode_;
  kj::Maybe<size_t> tagBytes_;
  kj::Array<kj::byte> tag_;
  bool wasTagPassed_ = false;
  bool ccmFailed_ = false;
};

// What OpenSSL says of a cipher: name, nid, blockSize, ivLength, keyLength, mode; undefined when
// there is none with these lengths.
v8::Local<v8::Value> getCipherInfo(js::Turn& turn, v8::Local<v8::Value> nameOrNid,
                                   kj::Maybe<double> keyLength, kj::Maybe<double> ivLength);

}  // namespace ocapd::api::node
