// Source code as a V8 string, without a copy where it is ASCII.
#pragma once

#include "src/js/turn.h"

namespace ocapd::js {

// `content` is UTF-8 and outlives the isolate.
v8::Local<v8::String> sourceText(Turn& turn, kj::ArrayPtr<const kj::byte> content);

}  // namespace ocapd::js
