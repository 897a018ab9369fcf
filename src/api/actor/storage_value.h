// Stored values: V8's serialization, version 15 ("FF 0F …"), as the reference writes it.
//
// Errors    DataCloneError for what cannot be stored; what getters throw passes through.
// See       https://html.spec.whatwg.org/multipage/structured-data.html
#pragma once

#include <kj/array.h>

#include "src/js/turn.h"

namespace ocapd::api {

// Calls `use` with the bytes.
void serializeForStorage(js::Turn& turn, v8::Local<v8::Value> value,
                         kj::FunctionParam<void(kj::ArrayPtr<const kj::byte>)> use);

// Bytes without header are of version 13.
v8::Local<v8::Value> deserializeFromStorage(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes);

}  // namespace ocapd::api
