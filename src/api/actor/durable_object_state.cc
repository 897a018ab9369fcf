#include "src/api/actor/durable_object_state.h"

#include <v8-container.h>

#include "src/api/actor/durable_object_facets.h"
#include "src/api/actor/durable_object_id.h"
#include "src/api/actor/durable_object_storage.h"
#include "src/api/io/worker_host.h"
#include "src/rpc/props.h"

namespace ocapd::api {

namespace {

IoOwn<ActorHost> handleOf(js::Turn& turn, ActorHost& host) {
  return IoContext::current(turn).own(kj::Own<ActorHost>(&host, kj::NullDisposer::instance));
}

v8::Local<v8::Value> idOf(js::Turn& turn, const ActorHost& host) {
  auto id = host.id();
  KJ_SWITCH_ONEOF(id) {
    KJ_CASE_ONEOF(name, kj::String) {
      return turn.string(name.asArray());
    }
    KJ_CASE_ONEOF(durable, channel::ActorId) {
      return DurableObjectId::make(turn, kj::mv(durable));
    }
  }
  KJ_UNREACHABLE;
}

}  // namespace

v8::Local<v8::Object> DurableObjectState::make(js::Turn& turn, ActorHost& host,
                                               kj::Maybe<kj::Own<channel::Props>> props) {
  auto object = turn.wrap(*turn.make<DurableObjectState>(handleOf(turn, host)));
  v8::Local<v8::Value> storage = turn.undefined();
  if (host.store() != nullptr) storage = DurableObjectStorage::make(turn, handleOf(turn, host));
  turn.set(object, "facets", turn.wrap(*turn.make<DurableObjectFacets>(handleOf(turn, host))));
  turn.set(object, "container", turn.undefined());
  turn.set(object, "storage", storage);
  turn.set(object, "id", idOf(turn, host));
  v8::Local<v8::Value> given = v8::Object::New(turn.v8);
  KJ_IF_MAYBE(source, props) {
    given = rpc::readProps(turn, IoContext::current(turn), **source);
  }
  turn.set(object, "props", given);
  auto& worker = WorkerHost::of(turn);
  if (worker.has(compat::CompatFlag::EnableCtxExports)) {
    turn.set(object, "exports", worker.exports(turn));
  }
  return object;
}

void DurableObjectState::waitUntil(js::Turn& turn, v8::Local<v8::Value> promise) {
  IoContext::current(turn).waitUntil(turn, promise);
}

js::Promise DurableObjectState::blockConcurrencyWhile(js::Turn& turn,
                                                      v8::Local<v8::Function> callback) {
  v8::Global<v8::Function> kept(turn.v8, callback);
  return host_.get(IoContext::current(turn))
      .criticalSection(
          turn,
          [kept = kj::mv(kept)](js::Turn& inner, v8::Local<v8::Value>) {
            return inner.check(
                kept.Get(inner.v8)->Call(inner.context, inner.undefined(), 0, nullptr));
          },
          ActorHost::OnFailure::Reset);
}

void DurableObjectState::abort(js::Turn& turn, v8::Local<v8::Value> reason,
                               v8::Local<v8::Value> options) {
  auto retry = ActorHost::AlarmRetry::Yes;
  if (options->IsObject()) {
    auto given = turn.get(options.As<v8::Object>(), "retryAlarm");
    if (!given->IsUndefined() && !given->BooleanValue(turn.v8)) retry = ActorHost::AlarmRetry::No;
  }
  auto text = reason->IsUndefined() ? kj::str("Application called abort() to reset Durable Object.")
                                    : turn.utf8(turn.check(reason->ToString(turn.context)));
  host_.get(IoContext::current(turn)).abort(turn, kj::mv(text), retry);
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&DurableObjectState::waitUntil>("waitUntil"),
    js::method<&DurableObjectState::blockConcurrencyWhile>("blockConcurrencyWhile"),
    js::method<&DurableObjectState::acceptWebSocket>("acceptWebSocket"),
    js::method<&DurableObjectState::getWebSockets>("getWebSockets"),
    js::method<&DurableObjectState::setWebSocketAutoResponse>("setWebSocketAutoResponse"),
    js::method<&DurableObjectState::getWebSocketAutoResponse>("getWebSocketAutoResponse"),
    js::method<&DurableObjectState::getWebSocketAutoResponseTimestamp>(
        "getWebSocketAutoResponseTimestamp"),
    js::method<&DurableObjectState::setHibernatableWebSocketEventTimeout>(
        "setHibernatableWebSocketEventTimeout"),
    js::method<&DurableObjectState::getHibernatableWebSocketEventTimeout>(
        "getHibernatableWebSocketEventTimeout"),
    js::method<&DurableObjectState::getTags>("getTags"),
    js::method<&DurableObjectState::abort>("abort"),
};

}  // namespace

constinit const js::Class DurableObjectState::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/durable-objects/api/state/",
    .members = kMembers,
    .exposed = false,
};

}  // namespace ocapd::api
