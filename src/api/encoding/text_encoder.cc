#include "src/api/encoding/text_encoder.h"

#include <simdutf.h>
#include <v8-array-buffer.h>

namespace ocapd::api {

namespace {

// V8's own functions, several times as fast.

size_t utf8Length(js::Turn& turn, v8::Local<v8::String> text) {
  {
    v8::String::ValueView view(turn.v8, text);
    auto size = size_t(view.length());
    if (view.is_one_byte()) {
      return simdutf::utf8_length_from_latin1(reinterpret_cast<const char*>(view.data8()), size);
    }
    auto* units = reinterpret_cast<const char16_t*>(view.data16());
    if (simdutf::validate_utf16le(units, size))
      return simdutf::utf8_length_from_utf16le(units, size);
  }
  return text->Utf8LengthV2(turn.v8);
}

// `into` has room for exactly that.
void writeUtf8(js::Turn& turn, v8::Local<v8::String> text, kj::ArrayPtr<char> into) {
  {
    v8::String::ValueView view(turn.v8, text);
    auto size = size_t(view.length());
    if (view.is_one_byte()) {
      (void)simdutf::convert_latin1_to_utf8(reinterpret_cast<const char*>(view.data8()), size,
                                            into.begin());
      return;
    }
    auto* units = reinterpret_cast<const char16_t*>(view.data16());
    if (simdutf::convert_utf16le_to_utf8(units, size, into.begin()) == into.size() || size == 0)
      return;
  }
  // Lone surrogates
  text->WriteUtf8V2(turn.v8, into.begin(), into.size(),
                    v8::String::WriteFlags::kReplaceInvalidUtf8);
}

}  // namespace

// https://encoding.spec.whatwg.org/#dom-textencoder-encode
v8::Local<v8::Value> TextEncoder::encode(js::Turn& turn, kj::Maybe<v8::Local<v8::String>> input) {
  auto text = input.orDefault(v8::String::Empty(turn.v8));
  size_t length = utf8Length(turn, text);
  std::shared_ptr<v8::BackingStore> store = v8::ArrayBuffer::NewBackingStore(
      turn.v8, length, v8::BackingStoreInitializationMode::kUninitialized,
      v8::BackingStoreOnFailureMode::kReturnNull);
  if (store == nullptr) throw js::Error::range("Cannot allocate ", length, " bytes.");
  writeUtf8(turn, text, kj::arrayPtr(static_cast<char*>(store->Data()), length));
  return v8::Uint8Array::New(v8::ArrayBuffer::New(turn.v8, kj::mv(store)), 0, length);
}

// https://encoding.spec.whatwg.org/#dom-textencoder-encodeinto
v8::Local<v8::Value> TextEncoder::encodeInto(js::Turn& turn, v8::Local<v8::String> source,
                                             v8::Local<v8::Uint8Array> destination) {
  auto* start = static_cast<char*>(destination->Buffer()->Data()) + destination->ByteOffset();
  size_t read = 0;
  size_t written = source->WriteUtf8V2(turn.v8, start, destination->ByteLength(),
                                       v8::String::WriteFlags::kReplaceInvalidUtf8, &read);
  auto result = v8::Object::New(turn.v8);
  turn.set(result, "read", v8::Number::New(turn.v8, double(read)));
  turn.set(result, "written", v8::Number::New(turn.v8, double(written)));
  return result;
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&TextEncoder::create>(),
    js::getter<&TextEncoder::encoding>("encoding"),
    js::method<&TextEncoder::encode>("encode"),
    js::method<&TextEncoder::encodeInto>("encodeInto"),
};

}  // namespace

constinit const js::Class TextEncoder::kClass{
    .name = kClassName,
    .spec = "https://encoding.spec.whatwg.org/#interface-textencoder",
    .members = kMembers,
};

}  // namespace ocapd::api
