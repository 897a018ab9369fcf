// structuredClone(): a deep copy within one isolate.
//
// Errors    DataCloneError for what cannot be copied; what getters throw passes through.
// Spec https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializewithtransfer
#pragma once

#include <span>

#include <kj/array.h>
#include <v8-local-handle.h>

#include "src/js/turn.h"

namespace ocapd::js {

// A class whose instances are copied; subclasses are not.
struct Cloneable {
  const Class& cls;
  Object* (*copy)(Turn&, Object&);
};

// Says that objects with this prototype are instances of a class of a built-in script, which are
// not copied.
void markBuiltIn(Turn& turn, v8::Local<v8::Object> prototype, v8::Local<v8::String> name);

// ArrayBuffers in `transfer` move: they are detached here and their memory is the copy's.
v8::Local<v8::Value> structuredClone(Turn& turn, v8::Local<v8::Value> value,
                                     const v8::LocalVector<v8::Object>& transfer,
                                     std::span<const Cloneable> cloneables = {});

// The same as bytes that may be kept. Shared memory cannot be: DataCloneError.
kj::Array<kj::byte> serialize(Turn& turn, v8::Local<v8::Value> value);
v8::Local<v8::Value> deserialize(Turn& turn, kj::ArrayPtr<const kj::byte> bytes);

}  // namespace ocapd::js
