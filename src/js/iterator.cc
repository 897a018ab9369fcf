#include "src/js/iterator.h"

#include <v8-container.h>

namespace ocapd::js {

v8::Local<v8::Object> iterationResult(Turn& turn, v8::Local<v8::Value> value, bool done) {
  auto result = v8::Object::New(turn.v8);
  turn.set(result, "value", value);
  turn.set(result, "done", v8::Boolean::New(turn.v8, done));
  return result;
}

v8::Local<v8::Value> toArray(Turn& turn, const Pair& pair) {
  v8::Local<v8::Value> both[] = {pair.key, pair.value};
  return v8::Array::New(turn.v8, both, 2);
}

}  // namespace ocapd::js
