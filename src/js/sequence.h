// Sequences and records: unions of collections whose elements the caller converts one by one.
//
// Both run user code between visits; `visit` may throw.
//
// See       https://webidl.spec.whatwg.org/#js-sequence, https://webidl.spec.whatwg.org/#js-record
#pragma once

#include "src/js/turn.h"

namespace ocapd::js {

// The value's [Symbol.iterator]; undefined or null when it is no sequence.
v8::Local<v8::Value> iteratorMethod(Turn& turn, v8::Local<v8::Object> object);

// Visits every element. `method` is what iteratorMethod() gave. TypeError when it does not follow
// the iterator protocol.
void forEachElement(Turn& turn, v8::Local<v8::Object> iterable, v8::Local<v8::Value> method,
                    kj::FunctionParam<void(v8::Local<v8::Value>)> visit);

// Visits the own enumerable properties with string keys, in order.
void forEachProperty(
    Turn& turn, v8::Local<v8::Object> record,
    kj::FunctionParam<void(v8::Local<v8::Value> key, v8::Local<v8::Value> value)> visit);

}  // namespace ocapd::js
