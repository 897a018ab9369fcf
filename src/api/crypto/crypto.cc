#include "src/api/crypto/crypto.h"

#include <string.h>

#include <kj/debug.h>
#include <openssl/rand.h>
#include <v8-typed-array.h>

#include "src/api/crypto/crypto_js.h"
#include "src/api/crypto/subtle_crypto.h"
#include "src/api/io/io_context.h"

namespace ocapd::js {

template <>
struct Convert<v8::Local<v8::ArrayBufferView>> {
  static constexpr const char* kName = "ArrayBufferView";
  static v8::Local<v8::ArrayBufferView> from(Turn&, v8::Local<v8::Value> value) {
    if (!value->IsArrayBufferView()) throw TypeMismatch{kName};
    return value.As<v8::ArrayBufferView>();
  }
};

}  // namespace ocapd::js

namespace ocapd::api {

namespace {

constexpr size_t kRandomBytesMax = 65536;

void draw(kj::ArrayPtr<kj::byte> bytes) {
  KJ_REQUIRE(RAND_bytes(bytes.begin(), int(bytes.size())) == 1, "no random numbers to be had");
}

// The lane's stock of random bytes: a draw costs a microsecond, whether it is of 16 bytes or 2,000.
class RandomStock {
 public:
  static constexpr size_t kBytesMax = 64;  // that are taken at once

  void take(kj::ArrayPtr<kj::byte> into) {
    if (sizeof(bytes_) - used_ < into.size()) {
      draw(bytes_);
      used_ = 0;
    }
    memcpy(into.begin(), bytes_ + used_, into.size());
    // Nobody is to find out later what somebody got.
    OPENSSL_cleanse(bytes_ + used_, into.size());
    used_ += into.size();
  }

 private:
  kj::byte bytes_[2048];
  size_t used_ = sizeof(bytes_);
};

void fillRandom(kj::ArrayPtr<kj::byte> bytes) {
  static thread_local RandomStock stock;
  if (bytes.size() > RandomStock::kBytesMax) return draw(bytes);
  stock.take(bytes);
}

bool isInteger(v8::Local<v8::Value> view) {
  return view->IsInt8Array() || view->IsUint8Array() || view->IsUint8ClampedArray() ||
         view->IsInt16Array() || view->IsUint16Array() || view->IsInt32Array() ||
         view->IsUint32Array() || view->IsBigInt64Array() || view->IsBigUint64Array();
}

// https://w3c.github.io/webcrypto/#Crypto-method-getRandomValues. Texts pinned by the reference.
v8::Local<v8::Value> getRandomValues(js::Turn& turn, v8::Local<v8::ArrayBufferView> array) {
  IoContext::current(turn);
  if (!isInteger(array)) {
    throw js::Error::dom("TypeMismatchError",
                         "ArrayBufferView argument to getRandomValues() must "
                         "be an integer-typed view.");
  }
  size_t size = array->ByteLength();
  if (size > kRandomBytesMax) {
    throw js::Error::dom("QuotaExceededError",
                         "getRandomValues() only accepts buffers of size <= "
                         "64K but provided ",
                         size, " bytes.");
  }
  if (size > 0) {
    auto* start = static_cast<kj::byte*>(array->Buffer()->Data()) + array->ByteOffset();
    fillRandom(kj::arrayPtr(start, size));
  }
  return array;
}

// https://w3c.github.io/webcrypto/#Crypto-method-randomUUID
v8::Local<v8::Value> randomUuid(js::Turn& turn) {
  IoContext::current(turn);
  kj::byte bytes[16];
  fillRandom(bytes);
  bytes[6] = (bytes[6] & 0x0F) | 0x40;  // version 4
  bytes[8] = (bytes[8] & 0x3F) | 0x80;  // variant 1
  constexpr char kDigits[] = "0123456789abcdef";
  char text[36];
  char* at = text;
  for (size_t i : kj::indices(bytes)) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *at++ = '-';
    *at++ = kDigits[bytes[i] >> 4];
    *at++ = kDigits[bytes[i] & 15];
  }
  return turn.string(kj::ArrayPtr<const char>(text, sizeof(text)));
}

// No native object may be in the snapshot: crypto.js asks for it when it is first needed.
v8::Local<v8::Value> newSubtle(js::Turn& turn) {
  return turn.wrap(*crypto::newSubtleCrypto(turn));
}

constexpr js::Member kNatives[] = {
    js::function<&getRandomValues>("getRandomValues"),
    js::function<&randomUuid>("randomUUID"),
    js::function<&newSubtle>("newSubtle"),
};

constinit const js::Builtin kCrypto{.name = "Crypto", .source = kCryptoJs, .natives = kNatives};

}  // namespace

void installCrypto(js::GlobalBuilder& builder) {
  builder.add(crypto::CryptoKey::kClass).add(crypto::SubtleCrypto::kClass).add(kCrypto);
}

}  // namespace ocapd::api
