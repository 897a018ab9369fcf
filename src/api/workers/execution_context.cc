#include "src/api/workers/execution_context.h"

#include <v8-json.h>

namespace ocapd::api {

void ExecutionContext::waitUntil(js::Turn& turn, v8::Local<v8::Value> promise) {
  IoContext::current(turn).waitUntil(turn, promise);
}

void ExecutionContext::passThroughOnException(js::Turn& turn) {
  IoContext::current(turn).passThroughOnException();
}

v8::Local<v8::Value> ExecutionContext::props(js::Turn& turn) {
  if (props_.IsEmpty()) {
    v8::Local<v8::Value> value = v8::Object::New(turn.v8);
    KJ_IF_MAYBE(json, propsJson_) {
      value = turn.check(v8::JSON::Parse(turn.context, turn.string(*json)));
    }
    props_.Reset(turn.v8, value);
  }
  return props_.Get(turn.v8);
}

void ExecutionContext::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(props_);
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&ExecutionContext::waitUntil>("waitUntil"),
    js::method<&ExecutionContext::passThroughOnException>("passThroughOnException"),
    js::getter<&ExecutionContext::props>("props"),
};

}  // namespace

constinit const js::Class ExecutionContext::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/workers/runtime-apis/context/",
    .members = kMembers,
};

}  // namespace ocapd::api
