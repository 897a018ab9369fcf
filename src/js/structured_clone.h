// structuredClone(): a deep copy within one isolate.
//
// Errors    DataCloneError for what cannot be copied; what getters throw passes through.
// Spec https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializewithtransfer
#pragma once

#include <kj/array.h>
#include <v8-local-handle.h>

#include "src/js/turn.h"

namespace ocapd::js {

// ArrayBuffers in `transfer` move: they are detached here and their memory is the copy's.
v8::Local<v8::Value> structuredClone(Turn& turn, v8::Local<v8::Value> value,
                                     const v8::LocalVector<v8::Object>& transfer);

// The same as bytes that may be kept. Shared memory cannot be: DataCloneError.
kj::Array<kj::byte> serialize(Turn& turn, v8::Local<v8::Value> value);
v8::Local<v8::Value> deserialize(Turn& turn, kj::ArrayPtr<const kj::byte> bytes);

}  // namespace ocapd::js
