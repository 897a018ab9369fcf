// The streams of the standard: a built-in script made of this folder's .js files, its natives, and
// the native classes behind it.
//
// Spec      https://streams.spec.whatwg.org/
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

// After the encoding classes and kEvents.
void installStreams(js::GlobalBuilder& global);

extern const js::Builtin kStreams;

// Calls a function of the script's value.
v8::Local<v8::Value> callStreams(js::Turn& turn, kj::StringPtr function,
                                 std::initializer_list<v8::Local<v8::Value>> arguments);

}  // namespace ocapd::api
