// UnsafeEval: the binding that compiles code from strings, for development tools.
//
// Traps     handlers otherwise cannot: `eval` and `new Function` throw EvalError.
#pragma once

#include "src/js/class.h"

namespace ocapd::api {

class UnsafeEval final : public js::Object {
 public:
  static constexpr const char* kClassName = "UnsafeEval";
  static const js::Class kClass;

  // Runs a classic script and gives its completion value.
  v8::Local<v8::Value> eval(js::Turn& turn, v8::Local<v8::String> script,
                            kj::Maybe<kj::String> name);
  // newFunction(body, name, ...parameterNames)
  v8::Local<v8::Value> newFunction(js::Turn& turn, v8::Local<v8::String> body,
                                   kj::Maybe<kj::String> name, js::Arguments arguments);
  v8::Local<v8::Value> newAsyncFunction(js::Turn& turn, v8::Local<v8::String> body,
                                        kj::Maybe<kj::String> name, js::Arguments arguments);
  v8::Local<v8::Value> newWasmModule(js::Turn& turn, js::BufferSource bytes);

  const js::Class& jsClass() const override { return kClass; }
};

}  // namespace ocapd::api
