#include "src/js/native_function.h"

namespace ocapd::js {

void NativeFunction::call(const v8::FunctionCallbackInfo<v8::Value>& info) {
  Turn turn(info.GetIsolate());
  try {
    auto& self = Turn::receiver<NativeFunction>(turn.v8, info.Data().As<v8::Object>());
    info.GetReturnValue().Set(self.body_(turn, info[0]));
  } catch (...) {
    turn.rethrowToJs();
  }
}

constinit const Class NativeFunction::kClass{.name = kClassName, .exposed = false};

}  // namespace ocapd::js
