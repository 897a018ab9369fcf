#include "src/api/workers/trace_items.h"

#include <v8-container.h>

#include "src/api/workers/trace_items_js.h"

namespace ocapd::api {

constinit const js::Builtin kTraceItems{.name = "traceItems", .source = kTraceItemsJs};

v8::Local<v8::Value> newTraceItems(js::Turn& turn, kj::ArrayPtr<const kj::String> reports) {
  v8::LocalVector<v8::Value> texts(turn.v8);
  for (auto& each : reports) texts.push_back(turn.string(each));
  auto exports = turn.isolate().builtin(turn, kTraceItems);
  v8::Local<v8::Value> arguments[] = {v8::Array::New(turn.v8, texts.data(), texts.size())};
  return turn.check(turn.get(exports, "toItems")
                        .As<v8::Function>()
                        ->Call(turn.context, turn.undefined(), 1, arguments));
}

}  // namespace ocapd::api
