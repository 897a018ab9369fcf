#include "src/api/actor/durable_object_class.h"

#include "src/rpc/props.h"

namespace ocapd::api {

namespace {

void call(const v8::FunctionCallbackInfo<v8::Value>& info) {
  js::Turn turn(info.GetIsolate());
  try {
    auto* native = turn.unwrapAny(info.This());
    KJ_ASSERT(native != nullptr);
    auto props = rpc::propsOption(turn, info[0], native->jsClass().name);
    auto channel = dynamic_cast<LoopbackActorClass&>(*native).newChannel(kj::mv(props));
    info.GetReturnValue().Set(turn.wrap(*turn.make<DurableObjectClass>(kj::mv(channel))));
  } catch (...) {
    turn.rethrowToJs();
  }
}

constexpr const char* kSpec =
    "https://developers.cloudflare.com/workers/runtime-apis/context/#exports";

}  // namespace

kj::Own<channel::ActorClassChannel> actorClassOf(js::Turn& turn, v8::Local<v8::Value> value) {
  auto* native = turn.unwrapAny(value);
  if (native == nullptr) return {};
  if (auto* loopback = dynamic_cast<LoopbackActorClass*>(native)) {
    return loopback->newChannel(nullptr);
  }
  if (auto* plain = turn.unwrap<DurableObjectClass>(value)) return plain->channel().addRef();
  return {};
}

constinit const js::Class DurableObjectClass::kClass{
    .name = kClassName, .spec = kSpec, .exposed = false};
constinit const js::Class LoopbackDurableObjectClass::kClass{
    .name = kClassName,
    .spec = kSpec,
    .parent = &DurableObjectClass::kClass,
    .exposed = false,
    .call = &call,
};
constinit const js::Class LoopbackDurableObjectNamespace::kClass{
    .name = kClassName,
    .spec = kSpec,
    .parent = &DurableObjectNamespace::kClass,
    .exposed = false,
    .call = &call,
};
constinit const js::Class LoopbackColoLocalActorNamespace::kClass{
    .name = kClassName,
    .spec = kSpec,
    .parent = &ColoLocalActorNamespace::kClass,
    .exposed = false,
    .call = &call,
};

}  // namespace ocapd::api
