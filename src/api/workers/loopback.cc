#include "src/api/workers/loopback.h"

#include "src/api/io/worker_host.h"
#include "src/rpc/props.h"

namespace ocapd::api {

namespace {

void call(const v8::FunctionCallbackInfo<v8::Value>& info) {
  js::Turn turn(info.GetIsolate());
  try {
    auto* stub = turn.unwrap<LoopbackServiceStub>(info.This());
    KJ_ASSERT(stub != nullptr);
    info.GetReturnValue().Set(turn.wrap(*stub->specialize(turn, info[0])));
  } catch (...) {
    turn.rethrowToJs();
  }
}

}  // namespace

Fetcher* LoopbackServiceStub::specialize(js::Turn& turn, v8::Local<v8::Value> options) {
  auto props = rpc::propsOption(turn, options, kClassName);
  return turn.make<Fetcher>(WorkerHost::of(turn).loopback(entrypoint_, kj::mv(props)));
}

constinit const js::Class LoopbackServiceStub::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/workers/runtime-apis/context/#exports",
    .parent = &Fetcher::kClass,
    .exposed = false,
    .wildcard = &rpc::remoteMember,
    .call = &call,
};

}  // namespace ocapd::api
