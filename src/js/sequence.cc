#include "src/js/sequence.h"

#include <v8-container.h>

namespace ocapd::js {

v8::Local<v8::Value> iteratorMethod(Turn& turn, v8::Local<v8::Object> object) {
  return turn.check(object->Get(turn.context, v8::Symbol::GetIterator(turn.v8)));
}

void forEachElement(Turn& turn, v8::Local<v8::Object> iterable, v8::Local<v8::Value> method,
                    kj::FunctionParam<void(v8::Local<v8::Value>)> visit) {
  if (!method->IsFunction()) throw Error::type("[Symbol.iterator] is not a function.");
  auto made = turn.check(method.As<v8::Function>()->Call(turn.context, iterable, 0, nullptr));
  if (!made->IsObject()) throw Error::type("Result of [Symbol.iterator]() is not an object.");
  auto iterator = made.As<v8::Object>();
  auto next = turn.get(iterator, "next");
  if (!next->IsFunction()) throw Error::type("The iterator has no next() method.");
  while (true) {
    v8::HandleScope handles(turn.v8);
    auto step = turn.check(next.As<v8::Function>()->Call(turn.context, iterator, 0, nullptr));
    if (!step->IsObject()) throw Error::type("Result of next() is not an object.");
    if (turn.get(step.As<v8::Object>(), "done")->BooleanValue(turn.v8)) return;
    visit(turn.get(step.As<v8::Object>(), "value"));
  }
}

void forEachProperty(
    Turn& turn, v8::Local<v8::Object> record,
    kj::FunctionParam<void(v8::Local<v8::Value> key, v8::Local<v8::Value> value)> visit) {
  auto keys = turn.check(record->GetOwnPropertyNames(
      turn.context,
      v8::PropertyFilter(v8::PropertyFilter::ONLY_ENUMERABLE | v8::PropertyFilter::SKIP_SYMBOLS),
      v8::KeyConversionMode::kConvertToString));
  for (uint32_t i = 0; i < keys->Length(); ++i) {
    v8::HandleScope handles(turn.v8);
    auto key = turn.check(keys->Get(turn.context, i));
    visit(key, turn.check(record->Get(turn.context, key)));
  }
}

}  // namespace ocapd::js
