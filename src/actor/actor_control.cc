#include "src/actor/actor_control.h"

#include <kj/debug.h>

namespace ocapd::actor {

namespace {

// The texts here are pinned by the reference.
kj::Exception visible(kj::StringPtr text) {
  return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                       kj::str("jsg.Error: ", text));
}

kj::Promise<void> evictInTime(kj::Own<Actor> actor, ActorControl::Sockets sockets) {
  auto& timer = actor->space().timer();
  auto late = timer.afterDelay(ActorControl::kEvictTimeMax).then([]() -> kj::Promise<void> {
    return visible("Timed out waiting to evict Durable Object: it still has active references.");
  });
  bool closes = sockets == ActorControl::Sockets::Close;
  auto& reference = *actor;
  return reference.evict(closes).exclusiveJoin(kj::mv(late)).attach(kj::mv(actor));
}

}  // namespace

void ActorControl::abortAll() {
  for (auto* space : spaces_) {
    if (space->options().preventEviction) continue;
    space->breakAll(visible("Application called abortAllDurableObjects()."));
  }
}

void ActorControl::deleteAll() {
  for (auto* space : spaces_) {
    if (space->options().preventEviction) continue;
    space->deleteAll(visible("Application called deleteAllDurableObjects()."));
  }
}

kj::Promise<void> ActorControl::evict(kj::Own<channel::ServiceChannel> stub, Sockets sockets) {
  auto* reference = dynamic_cast<ActorReference*>(stub.get());
  if (reference == nullptr) return visible("evict() can only be used on a Durable Object stub.");
  if (reference->space().options().preventEviction) {
    return visible("Cannot evict Durable Object: its namespace has preventEviction set.");
  }
  auto actor = reference->findActor();
  if (actor.get() == nullptr || !actor->isAwake() || actor->isBroken()) {
    return visible("Cannot evict Durable Object: it is not currently running.");
  }
  // Not in the caller's turn, which may be one of the same isolate.
  return kj::evalLater(
      [actor = kj::mv(actor), sockets]() mutable { return evictInTime(kj::mv(actor), sockets); });
}

kj::Promise<void> ActorControl::evictAll(Sockets sockets) {
  kj::Vector<kj::Own<Actor>> actors;
  for (auto* space : spaces_) {
    if (space->options().preventEviction) continue;
    for (auto& each : space->awake()) actors.add(kj::mv(each));
  }
  return kj::evalLater([actors = kj::mv(actors), sockets]() mutable {
    auto evicted = kj::heapArrayBuilder<kj::Promise<void>>(actors.size());
    for (auto& each : actors) evicted.add(evictInTime(kj::mv(each), sockets));
    return kj::joinPromises(evicted.finish());
  });
}

}  // namespace ocapd::actor
