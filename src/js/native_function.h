// NativeFunction: a C++ closure as a JavaScript function, collected with it.
//
// Owns      the closure.
// Traps     the closure may hold kj objects and v8::Global of no cycle through itself; what it
//           destroys must not touch the heap.
#pragma once

#include "src/js/class.h"

namespace ocapd::js {

class NativeFunction final : public Object {
 public:
  static constexpr const char* kClassName = "Function";
  static const Class kClass;

  explicit NativeFunction(Turn::Native body) : body_(kj::mv(body)) {}

  static void call(const v8::FunctionCallbackInfo<v8::Value>& info);
  const Class& jsClass() const override { return kClass; }

 private:
  Turn::Native body_;
};

}  // namespace ocapd::js
