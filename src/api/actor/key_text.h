// Names and keys as bytes: UTF-8, with lone surrogates kept as three bytes each, as the reference
// derives ids and orders keys.
#pragma once

#include "src/js/convert.h"

namespace ocapd::api {

struct KeyText {
  kj::String bytes;  // may contain NUL
};

kj::String keyText(js::Turn& turn, v8::Local<v8::Value> value);

}  // namespace ocapd::api

namespace ocapd::js {

template <>
struct Convert<api::KeyText> {
  static constexpr const char* kName = "string";
  static api::KeyText from(Turn& turn, v8::Local<v8::Value> value) {
    return {api::keyText(turn, value)};
  }
};

}  // namespace ocapd::js
