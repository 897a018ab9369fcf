#include "src/api/actor/key_text.h"

namespace ocapd::api {

kj::String keyText(js::Turn& turn, v8::Local<v8::Value> value) {
  auto text = turn.check(value->ToString(turn.context));
  auto result = kj::heapString(text->Utf8LengthV2(turn.v8));
  text->WriteUtf8V2(turn.v8, result.begin(), result.size(), v8::String::WriteFlags::kNone);
  return result;
}

}  // namespace ocapd::api
