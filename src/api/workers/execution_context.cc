#include "src/api/workers/execution_context.h"

#include "src/api/io/worker_host.h"
#include "src/rpc/props.h"

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
    KJ_IF_MAYBE(source, propsSource_) {
      value = rpc::readProps(turn, IoContext::current(turn), **source);
    }
    props_.Reset(turn.v8, value);
  }
  return props_.Get(turn.v8);
}

v8::Local<v8::Value> ExecutionContext::exports(js::Turn& turn) {
  return WorkerHost::of(turn).exports(turn);
}

void ExecutionContext::abort(js::Turn& turn, v8::Local<v8::Value> reason) {
  auto& context = IoContext::current(turn);
  auto why = reason->IsUndefined()
                 ? KJ_EXCEPTION(FAILED,
                                "jsg.Error: Worker execution was aborted due to call to "
                                "ctx.abort().")
                 : js::toKj(turn, reason);
  context.abortNow(turn, kj::mv(why));
}

void ExecutionContext::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(props_);
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&ExecutionContext::waitUntil>("waitUntil"),
    js::method<&ExecutionContext::passThroughOnException>("passThroughOnException"),
    js::method<&ExecutionContext::abort>("abort"),
    js::getter<&ExecutionContext::props>("props"),
    js::getter<&ExecutionContext::exports>("exports"),
};

}  // namespace

constinit const js::Class ExecutionContext::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/workers/runtime-apis/context/",
    .members = kMembers,
};

}  // namespace ocapd::api
