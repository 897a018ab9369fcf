#include "src/api/io/report_error.h"

#include "src/api/io/worker_host.h"

namespace ocapd::api {

void reportError(js::Turn& turn, AnyValue error) {
  v8::TryCatch ignored(turn.v8);  // what cannot be shown is not shown
  v8::Local<v8::Value> shown = error.value;
  if (shown->IsObject()) {
    v8::Local<v8::Value> stack;
    if (shown.As<v8::Object>()->Get(turn.context, turn.name("stack")).ToLocal(&stack) &&
        stack->IsString()) {
      shown = stack;
    }
  }
  v8::Local<v8::String> text;
  if (!shown->ToDetailString(turn.context).ToLocal(&text)) return;
  WorkerHost::of(turn).writeConsole(WorkerHost::LogLevel::Error,
                                    kj::str("Uncaught ", turn.utf8(text)));
}

}  // namespace ocapd::api
