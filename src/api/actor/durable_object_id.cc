#include "src/api/actor/durable_object_id.h"

namespace ocapd::api {

v8::Local<v8::Object> DurableObjectId::make(js::Turn& turn, channel::ActorId id) {
  auto name = turn.undefined();
  KJ_IF_MAYBE(text, id.name) {
    name = turn.string(text->asArray());
  }
  auto object = turn.wrap(*turn.make<DurableObjectId>(kj::mv(id)));
  turn.check(object->DefineOwnProperty(turn.context, turn.name("jurisdiction"), turn.undefined(),
                                       v8::ReadOnly));
  turn.check(object->DefineOwnProperty(turn.context, turn.name("name"), name, v8::ReadOnly));
  return object;
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&DurableObjectId::toString>("toString"),
    js::method<&DurableObjectId::equals>("equals"),
};

}  // namespace

constinit const js::Class DurableObjectId::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/durable-objects/api/id/",
    .members = kMembers,
    .exposed = false,
};

}  // namespace ocapd::api
