#include "src/js/convert.h"

#include <v8-array-buffer.h>
#include <v8-typed-array.h>

namespace ocapd::js {

BufferSource Convert<BufferSource>::from(Turn&, v8::Local<v8::Value> value) {
  if (value->IsArrayBufferView()) {
    auto view = value.As<v8::ArrayBufferView>();
    auto* start = static_cast<kj::byte*>(view->Buffer()->Data());
    return {kj::arrayPtr(start + view->ByteOffset(), view->ByteLength())};
  }
  if (value->IsArrayBuffer()) {
    auto buffer = value.As<v8::ArrayBuffer>();
    return {kj::arrayPtr(static_cast<kj::byte*>(buffer->Data()), buffer->ByteLength())};
  }
  throw TypeMismatch{kName};
}

kj::ArrayPtr<kj::byte> SharedBufferSource::bytes() const {
  auto view = [](void* start, size_t offset, size_t length) {
    return kj::arrayPtr(static_cast<kj::byte*>(start) + offset, length);
  };
  if (value_->IsArrayBufferView()) {
    auto given = value_.As<v8::ArrayBufferView>();
    return view(given->Buffer()->Data(), given->ByteOffset(), given->ByteLength());
  }
  if (value_->IsSharedArrayBuffer()) {
    auto given = value_.As<v8::SharedArrayBuffer>();
    return view(given->Data(), 0, given->ByteLength());
  }
  auto given = value_.As<v8::ArrayBuffer>();
  return view(given->Data(), 0, given->ByteLength());
}

}  // namespace ocapd::js
