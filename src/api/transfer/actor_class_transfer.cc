// Durable Object classes as values: the receiver gets one of the same props.

#include "src/api/actor/durable_object_class.h"
#include "src/api/transfer/transfers.h"

namespace ocapd::api {

namespace {

bool matches(js::Turn& turn, v8::Local<v8::Object> object) {
  // Those of ctx.exports are to be called first.
  auto* native = turn.unwrapAny(object);
  return native != nullptr && &native->jsClass() == &DurableObjectClass::kClass;
}

void write(rpc::HostWriter& writer, v8::Local<v8::Object> object) {
  writer.addExternal(writer.turn().unwrap<DurableObjectClass>(object)->channel().addRef());
}

v8::Local<v8::Object> read(rpc::HostReader& reader) {
  auto external = reader.takeExternal();
  KJ_REQUIRE(external.is<kj::Own<channel::ActorClassChannel>>(),
             "external table slot type doesn't match serialization tag");
  auto& turn = reader.turn();
  auto& channel = external.get<kj::Own<channel::ActorClassChannel>>();
  return turn.wrap(*turn.make<DurableObjectClass>(kj::mv(channel)));
}

}  // namespace

constinit const rpc::HostType kActorClassTransfer{12, &matches, &write, &read};

}  // namespace ocapd::api
