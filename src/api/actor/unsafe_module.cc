#include "src/api/actor/unsafe_module.h"

#include "src/api/fetch/fetcher.h"
#include "src/api/io/io_context.h"
#include "src/api/io/worker_host.h"

namespace ocapd::js {

inline constexpr Field<api::EvictOptions> kEvictOptions[] = {
    field<&api::EvictOptions::webSockets>("webSockets"),
};
template <>
struct Convert<api::EvictOptions> : DictionaryConvert<api::EvictOptions, kEvictOptions> {};

}  // namespace ocapd::js

namespace ocapd::api {

namespace {

ActorControl& control(js::Turn& turn) {
  auto* host = dynamic_cast<ActorControlHost*>(&WorkerHost::of(turn));
  KJ_REQUIRE(host != nullptr, "a worker's host without control of Durable Objects");
  return KJ_REQUIRE_NONNULL(host->actorControl(), "nobody controls Durable Objects here");
}

// Pinned by the reference.
ActorControl::Sockets socketsOf(kj::Maybe<EvictOptions>& options) {
  KJ_IF_MAYBE(given, options) {
    KJ_IF_MAYBE(text, given->webSockets) {
      if (*text == "close") return ActorControl::Sockets::Close;
      if (*text != "hibernate") {
        throw js::Error::type("options.webSockets must be \"hibernate\" or \"close\".");
      }
    }
  }
  return ActorControl::Sockets::Hibernate;
}

v8::Local<v8::Value> nothing(js::Turn& turn) {
  return turn.undefined();
}

}  // namespace

js::Promise UnsafeModule::abortAllDurableObjects(js::Turn& turn) {
  control(turn).abortAll();
  return turn.resolved(turn.undefined());
}

js::Promise UnsafeModule::deleteAllDurableObjects(js::Turn& turn) {
  control(turn).deleteAll();
  return turn.resolved(turn.undefined());
}

js::Promise UnsafeModule::evict(js::Turn& turn, Fetcher* stub, kj::Maybe<EvictOptions> options) {
  auto sockets = socketsOf(options);
  auto evicted = control(turn).evict(stub->channel().addRef(), sockets);
  return IoContext::current(turn).awaitIo(turn, kj::mv(evicted), &nothing);
}

js::Promise UnsafeModule::evictAllDurableObjects(js::Turn& turn, kj::Maybe<EvictOptions> options) {
  auto evicted = control(turn).evictAll(socketsOf(options));
  return IoContext::current(turn).awaitIo(turn, kj::mv(evicted), &nothing);
}

v8::Local<v8::Object> unsafeModule(js::Turn& turn) {
  auto exports = v8::Object::New(turn.v8);
  turn.set(exports, "default", turn.wrap(*turn.make<UnsafeModule>()));
  return exports;
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&UnsafeModule::abortAllDurableObjects>("abortAllDurableObjects"),
    js::method<&UnsafeModule::deleteAllDurableObjects>("deleteAllDurableObjects"),
    js::method<&UnsafeModule::evict>("evict"),
    js::method<&UnsafeModule::evictAllDurableObjects>("evictAllDurableObjects"),
    js::method<&UnsafeModule::isTestAutogateEnabled>("isTestAutogateEnabled"),
};

}  // namespace

constinit const js::Class UnsafeModule::kClass{
    .name = kClassName, .members = kMembers, .exposed = false};

}  // namespace ocapd::api
