#include "src/worker/startup_error.h"

#include <kj/vector.h>
#include <v8-debug.h>

namespace ocapd::worker {

namespace {

kj::String textOf(js::Turn& turn, v8::Local<v8::Value> value) {
  v8::TryCatch ignored(turn.v8);
  v8::Local<v8::String> text;
  if (!value->ToString(turn.context).ToLocal(&text)) return kj::str("Error");
  return turn.utf8(text);
}

kj::String place(js::Turn& turn, v8::Local<v8::String> script, int line, int column) {
  auto name = script.IsEmpty() ? kj::String() : turn.utf8(script);
  return kj::str("\n  at ", name, ":", line, ":", column);
}

}  // namespace

kj::String describeStartupError(js::Turn& turn, v8::Local<v8::Value> reason,
                                v8::Local<v8::Message> message) {
  auto text = textOf(turn, reason);
  if (!reason->IsNativeError()) text = kj::str("Error: ", text);
  kj::Vector<kj::String> frames;
  auto trace = v8::Exception::GetStackTrace(reason);
  if (!trace.IsEmpty() && trace->GetFrameCount() > 0) {
    for (int i = 0; i < trace->GetFrameCount(); ++i) {
      auto frame = trace->GetFrame(turn.v8, i);
      frames.add(place(turn, frame->GetScriptName(), frame->GetLineNumber(), frame->GetColumn()));
    }
  } else if (!message.IsEmpty()) {
    auto script = message->GetScriptResourceName();
    int line = message->GetLineNumber(turn.context).FromMaybe(0);
    if (line > 0) {
      frames.add(place(turn, script->IsString() ? script.As<v8::String>() : v8::Local<v8::String>(),
                       line, message->GetStartColumn() + 1));
    }
  }
  return kj::str("Uncaught ", text, kj::strArray(frames, ""));
}

}  // namespace ocapd::worker
