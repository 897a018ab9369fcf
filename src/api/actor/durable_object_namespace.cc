#include "src/api/actor/durable_object_namespace.h"

#include <kj/encoding.h>

namespace ocapd::api {

namespace {

// The texts here are pinned by the reference.

void refuseJurisdiction(v8::Local<v8::Value> jurisdiction) {
  if (jurisdiction->IsNullOrUndefined()) return;
  throw js::Error::plain("Jurisdiction restrictions are not implemented in workerd.");
}

v8::Local<v8::Value> member(js::Turn& turn, v8::Local<v8::Value> options, kj::StringPtr name) {
  if (!options->IsObject()) return turn.undefined();
  return turn.get(options.As<v8::Object>(), name);
}

// A whole number within the limits, or undefined.
void checkNumber(js::Turn& turn, v8::Local<v8::Value> retry, kj::StringPtr name, double least,
                 double most) {
  auto value = member(turn, retry, name);
  if (value->IsUndefined()) return;
  double number = turn.check(value->NumberValue(turn.context));
  if (number >= least && number <= most && number == double(int64_t(number))) return;
  throw js::Error::range("retry.", name, " must be an integer between ", least, " and ", most);
}

// Where an object runs is decided already: on this machine.
void checkGetOptions(js::Turn& turn, v8::Local<v8::Value> options) {
  if (options->IsNullOrUndefined()) return;
  if (!options->IsObject()) {
    throw js::Error::type("The value is not of type 'GetDurableObjectOptions'.");
  }
  auto mode = member(turn, options, "routingMode");
  if (!mode->IsUndefined()) {
    auto text = turn.utf8(turn.check(mode->ToString(turn.context)));
    if (text != "primary-only") throw js::Error::range("unknown routingMode: ", text);
  }
  auto retry = member(turn, options, "retry");
  checkNumber(turn, retry, "maxRetries", 0, 10);
  checkNumber(turn, retry, "timeoutMs", 500, 60'000);
}

}  // namespace

v8::Local<v8::Value> DurableObjectNamespace::newUniqueId(js::Turn& turn,
                                                         v8::Local<v8::Value> options) {
  if (!options->IsNullOrUndefined() && !options->IsObject()) {
    throw js::Error::type(
        "Failed to execute 'newUniqueId' on 'DurableObjectNamespace': parameter "
        "1 is not of type 'NewUniqueIdOptions'.");
  }
  refuseJurisdiction(member(turn, options, "jurisdiction"));
  return DurableObjectId::make(turn, target_.newUniqueId());
}

v8::Local<v8::Value> DurableObjectNamespace::idFromName(js::Turn& turn, KeyText name) {
  return DurableObjectId::make(turn, target_.idFromName(name.bytes));
}

v8::Local<v8::Value> DurableObjectNamespace::idFromString(js::Turn& turn, KeyText text) {
  auto decoded = kj::decodeHex(text.bytes.asArray());
  if (text.bytes.size() != 2 * channel::ActorId::kBytes || decoded.hadErrors) {
    throw js::Error::type("Invalid Durable Object ID: must be 64 hex digits");
  }
  KJ_IF_MAYBE(id, target_.idFromBytes(decoded)) {
    return DurableObjectId::make(turn, kj::mv(*id));
  }
  throw js::Error::type("Durable Object ID is not valid for this namespace.");
}

v8::Local<v8::Value> DurableObjectNamespace::stub(js::Turn& turn, v8::Local<v8::Object> id,
                                                  channel::ActorId which,
                                                  v8::Local<v8::Value> options) {
  checkGetOptions(turn, options);
  v8::Local<v8::Value> name;
  KJ_IF_MAYBE(text, which.name) {
    name = turn.string(text->asArray());
  }
  auto stub = turn.wrap(*turn.make<DurableObjectStub>(target_.getActor(kj::mv(which))));
  if (name.IsEmpty()) name = turn.undefined();
  turn.check(stub->DefineOwnProperty(turn.context, turn.name("name"), name, v8::ReadOnly));
  turn.check(stub->DefineOwnProperty(turn.context, turn.name("id"), id, v8::ReadOnly));
  return stub;
}

v8::Local<v8::Value> DurableObjectNamespace::get(js::Turn& turn, DurableObjectId* id,
                                                 v8::Local<v8::Value> options) {
  return stub(turn, turn.wrap(*id), id->id().clone(), options);
}

v8::Local<v8::Value> DurableObjectNamespace::getByName(js::Turn& turn, KeyText name,
                                                       v8::Local<v8::Value> options) {
  auto id = target_.idFromName(name.bytes);
  auto which = id.clone();
  return stub(turn, DurableObjectId::make(turn, kj::mv(id)), kj::mv(which), options);
}

DurableObjectNamespace* DurableObjectNamespace::jurisdiction(js::Turn& turn,
                                                             v8::Local<v8::Value> jurisdiction) {
  refuseJurisdiction(jurisdiction);
  return turn.make<DurableObjectNamespace>(target_);
}

Fetcher* ColoLocalActorNamespace::get(js::Turn& turn, KeyText name) {
  if (name.bytes.size() < 1 || name.bytes.size() > kNameBytesMax) {
    throw js::Error::type("Actor ID length must be in the range [1, ", kNameBytesMax, "].");
  }
  return turn.make<Fetcher>(target_.getEphemeralActor(kj::mv(name.bytes)));
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&DurableObjectNamespace::newUniqueId>("newUniqueId"),
    js::method<&DurableObjectNamespace::idFromName>("idFromName"),
    js::method<&DurableObjectNamespace::idFromString>("idFromString"),
    js::method<&DurableObjectNamespace::get>("get"),
    js::method<&DurableObjectNamespace::getByName>("getByName"),
    js::method<&DurableObjectNamespace::jurisdiction>("jurisdiction"),
};
constexpr js::Member kColoLocalMembers[] = {
    js::method<&ColoLocalActorNamespace::get>("get"),
};
constexpr const char* kSpec = "https://developers.cloudflare.com/durable-objects/api/namespace/";

}  // namespace

constinit const js::Class DurableObjectStub::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/durable-objects/api/stub/",
    .parent = &Fetcher::kClass,
    .exposed = false,
    .wildcard = &rpc::remoteMember,
};
constinit const js::Class DurableObjectNamespace::kClass{
    .name = kClassName, .spec = kSpec, .members = kMembers, .exposed = false};
constinit const js::Class ColoLocalActorNamespace::kClass{
    .name = kClassName, .spec = kSpec, .members = kColoLocalMembers, .exposed = false};

}  // namespace ocapd::api
