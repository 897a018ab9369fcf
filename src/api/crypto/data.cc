#include "src/api/crypto/data.h"

#include <string.h>

namespace ocapd::api::crypto {

namespace {

// Up to here a copy costs less than a buffer of its own.
constexpr size_t kCopiedBytesMax = 1024;

}  // namespace

BytesPtr Data::bytes() {
  if (value_->IsArrayBufferView()) {
    auto span = value_.As<v8::ArrayBufferView>()->GetContents({onHeap_, sizeof(onHeap_)});
    return kj::arrayPtr(span.data(), span.size());
  }
  auto buffer = value_.As<v8::ArrayBuffer>();
  return kj::arrayPtr(static_cast<const kj::byte*>(buffer->Data()), buffer->ByteLength());
}

v8::Local<v8::Value> toArrayBuffer(js::Turn& turn, Bytes bytes) {
  if (bytes.size() <= kCopiedBytesMax) {
    auto result = v8::ArrayBuffer::New(turn.v8, bytes.size(),
                                       v8::BackingStoreInitializationMode::kUninitialized);
    if (bytes.size() > 0) memcpy(result->Data(), bytes.begin(), bytes.size());
    OPENSSL_cleanse(bytes.begin(), bytes.size());
    return result;
  }
  auto* owned = new Bytes(kj::mv(bytes));
  auto store = v8::ArrayBuffer::NewBackingStore(
      owned->begin(), owned->size(),
      [](void*, size_t, void* self) { delete static_cast<Bytes*>(self); }, owned);
  return v8::ArrayBuffer::New(turn.v8, kj::mv(store));
}

}  // namespace ocapd::api::crypto
