// CryptoKey: key material and what may be done with it.
//
// Owns      its KeyData, which never changes.
// Spec      https://w3c.github.io/webcrypto/#cryptokey-interface
#pragma once

#include "src/api/crypto/digest.h"
#include "src/api/crypto/openssl.h"
#include "src/api/crypto/usages.h"
#include "src/js/class.h"

namespace ocapd::api::crypto {

struct Algorithm;

enum class KeyType : uint8_t { Secret, Public, Private };
kj::StringPtr nameOf(KeyType type);

// What CryptoKey.algorithm shows besides the algorithm's name; absent parts are not shown.
struct KeyAlgorithm {
  kj::Maybe<uint32_t> modulusLength = nullptr;
  Bytes publicExponent = nullptr;  // with modulusLength
  kj::Maybe<Hash> hash = nullptr;
  kj::Maybe<uint32_t> length = nullptr;
  kj::StringPtr namedCurve = ""_kj;  // a literal; empty: none
};

struct KeyData {
  explicit KeyData(const Algorithm& algorithm, KeyType type) : algorithm(algorithm), type(type) {}

  const Algorithm& algorithm;
  const KeyType type;
  bool extractable = false;
  Usages usages;
  KeyAlgorithm details;
  // One of them.
  Secret secret;
  Pkey pkey;
};

class CryptoKey final : public js::Object {
 public:
  static constexpr const char* kClassName = "CryptoKey";
  static const js::Class kClass;

  explicit CryptoKey(kj::Own<KeyData> data) : data_(kj::mv(data)) {}

  // ---- JavaScript ----
  kj::StringPtr type() const { return nameOf(data_->type); }
  bool extractable() const { return data_->extractable; }
  v8::Local<v8::Object> algorithm(js::Turn& turn);
  v8::Local<v8::Object> usages(js::Turn& turn);

  // ---- native ----
  const KeyData& data() const { return *data_; }

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  kj::Own<KeyData> data_;
  // Made when first asked for.
  v8::TracedReference<v8::Object> algorithm_;
  v8::TracedReference<v8::Object> usages_;
};

}  // namespace ocapd::api::crypto
