// Bytes that JavaScript gives and takes.
#pragma once

#include <v8-array-buffer.h>

#include "src/api/crypto/openssl.h"
#include "src/js/convert.h"

namespace ocapd::api::crypto {

// A BufferSource parameter. Its bytes are asked for when they are used, as the standards copy them:
// reading other parameters may run code that changes or detaches the buffer.
class Data {
 public:
  explicit Data(v8::Local<v8::Value> value) : value_(value) {}

  // Invalid after anything that takes a Turn. Once for each object: small arrays lie in it.
  BytesPtr bytes();

 private:
  static constexpr size_t kOnHeapBytesMax = 64;  // V8's typed_array_max_size_in_heap

  v8::Local<v8::Value> value_;  // tidy: local: a parameter, never kept beyond the call
  kj::byte onHeap_[kOnHeapBytesMax];
};

// The bytes of a BufferSource as they were when it was converted.
struct DataCopy {
  Bytes bytes;
};

// A new ArrayBuffer that takes over the bytes.
v8::Local<v8::Value> toArrayBuffer(js::Turn& turn, Bytes bytes);

}  // namespace ocapd::api::crypto

namespace ocapd::js {

template <>
struct Convert<api::crypto::Data> {
  static constexpr const char* kName = "BufferSource";
  static api::crypto::Data from(Turn&, v8::Local<v8::Value> value) {
    if (!value->IsArrayBufferView() && !value->IsArrayBuffer()) throw TypeMismatch{kName};
    return api::crypto::Data(value);
  }
};

template <>
struct Convert<api::crypto::DataCopy> {
  static constexpr const char* kName = "BufferSource";
  static api::crypto::DataCopy from(Turn& turn, v8::Local<v8::Value> value) {
    return {kj::heapArray(Convert<api::crypto::Data>::from(turn, value).bytes())};
  }
};

}  // namespace ocapd::js
