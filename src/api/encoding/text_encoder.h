// TextEncoder: strings to UTF-8.
//
// Spec      https://encoding.spec.whatwg.org/#interface-textencoder
#pragma once

#include <v8-typed-array.h>

#include "src/js/class.h"

namespace ocapd::api {

class TextEncoder final : public js::Object {
 public:
  static constexpr const char* kClassName = "TextEncoder";
  static const js::Class kClass;

  static TextEncoder* create(js::Turn& turn) { return turn.make<TextEncoder>(); }
  kj::StringPtr encoding() const { return "utf-8"_kj; }
  v8::Local<v8::Value> encode(js::Turn& turn, kj::Maybe<v8::Local<v8::String>> input);
  v8::Local<v8::Value> encodeInto(js::Turn& turn, v8::Local<v8::String> source,
                                  v8::Local<v8::Uint8Array> destination);

  const js::Class& jsClass() const override { return kClass; }
};

}  // namespace ocapd::api
