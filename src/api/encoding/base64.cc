#include "src/api/encoding/base64.h"

#include <simdutf.h>

namespace ocapd::api {

namespace {

kj::Array<char> latin1(js::Turn& turn, v8::Local<v8::String> text) {
  auto bytes = kj::heapArray<char>(size_t(text->Length()));
  text->WriteOneByteV2(turn.v8, 0, uint32_t(bytes.size()),
                       reinterpret_cast<uint8_t*>(bytes.begin()));
  return bytes;
}

v8::Local<v8::String> fromLatin1(js::Turn& turn, kj::ArrayPtr<const char> bytes) {
  return turn.check(v8::String::NewFromOneByte(turn.v8,
                                               reinterpret_cast<const uint8_t*>(bytes.begin()),
                                               v8::NewStringType::kNormal, int(bytes.size())));
}

}  // namespace

v8::Local<v8::Value> atob(js::Turn& turn, v8::Local<v8::String> data) {
  if (data->ContainsOnlyOneByte()) {
    auto text = latin1(turn, data);
    auto bytes =
        kj::heapArray<char>(simdutf::maximal_binary_length_from_base64(text.begin(), text.size()));
    auto result = simdutf::base64_to_binary(text.begin(), text.size(), bytes.begin());
    if (result.error == simdutf::SUCCESS) {
      return fromLatin1(turn, bytes.slice(0, result.count));
    }
  }
  // Pinned by the reference.
  throw js::Error::dom("InvalidCharacterError",
                       "atob() called with invalid base64-encoded data. (Only whitespace, '+', "
                       "'/', alphanumeric ASCII, and up to two terminal '=' signs when the input "
                       "data length is divisible by 4 are allowed.)");
}

v8::Local<v8::Value> btoa(js::Turn& turn, v8::Local<v8::String> data) {
  if (!data->ContainsOnlyOneByte()) {
    // Pinned by the reference.
    throw js::Error::dom("InvalidCharacterError",
                         "btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) "
                         "range.");
  }
  auto bytes = latin1(turn, data);
  size_t length = simdutf::base64_length_from_binary(bytes.size());
  if (length > size_t(v8::String::kMaxLength)) {
    throw js::Error::range("btoa() cannot make a string of ", length, " characters.");
  }
  auto text = kj::heapArray<char>(length);
  simdutf::binary_to_base64(bytes.begin(), bytes.size(), text.begin());
  return fromLatin1(turn, text);
}

constinit const js::Member kAtob = js::function<&atob>("atob");
constinit const js::Member kBtoa = js::function<&btoa>("btoa");

}  // namespace ocapd::api
