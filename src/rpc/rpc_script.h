// The built-in script of rpc/ (rpc.js), for C++.
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::rpc {

extern const js::Builtin kRpc;

v8::Local<v8::Value> objectPrototype(js::Turn& turn);
// By the language's own rules: the traps of a Proxy run.
v8::Local<v8::Value> prototypeOf(js::Turn& turn, v8::Local<v8::Object> object);

// A value of rpc.js, called with one or two arguments.
v8::Local<v8::Value> callScript(js::Turn& turn, kj::StringPtr function,
                                std::initializer_list<v8::Local<v8::Value>> arguments);

}  // namespace ocapd::rpc
