#include "src/actor/actor.h"

#include <kj/debug.h>

#include "src/actor/actor_namespace.h"

namespace ocapd::actor {

Actor::Busy::Busy(kj::Own<Actor> actor, Why why) : actor_(kj::mv(actor)), why_(why) {
  ++count();
  actor_->isSleepy_ = false;
  actor_->sleeping_ = nullptr;
}

Actor::Busy::~Busy() noexcept(false) {
  if (actor_.get() == nullptr) return;
  --count();
  if (actor_->eventCount_ > 0 || !actor_->isAwake() || actor_->space_ == nullptr) return;
  if (actor_->isBroken()) {
    release(kj::mv(actor_));
    return;
  }
  if (actor_->holdCount_ > 0) return;
  if (actor_->space().options().preventEviction) return;
  actor_->sleeping_ = actor_->sleepWhenIdle().eagerlyEvaluate([](kj::Exception&& exception) {
    KJ_LOG(ERROR, "a Durable Object could not be put to sleep", exception);
  });
}

Actor::Actor(ActorNamespace& space, kj::String name, kj::Maybe<channel::ActorId> id)
    : space_(&space), name_(kj::mv(name)), id_(kj::mv(id)), webSockets_(*this) {
  space.made(*this);
}

Actor::~Actor() noexcept(false) {
  sleeping_ = nullptr;
  webSockets_.clear();
  KJ_IF_MAYBE(space, space_) {
    (*space)->ended(*this);
  }
}

void Actor::release(kj::Own<Actor> actor) {
  KJ_IF_MAYBE(space, actor->space_) {
    auto* namespaceOfIt = *space;
    namespaceOfIt->later(kj::mv(actor));
  }
}

LiveActor& Actor::live() {
  KJ_IF_MAYBE(reason, broken_) {
    kj::throwFatalException(kj::cp(*reason));
  }
  if (live_.get() == nullptr) {
    auto& entrypoint = space().actorClass();
    try {
      live_ = kj::heap<LiveActor>(*this, space().worker(), entrypoint);
    } catch (sqlite::Error& error) {
      auto reason = KJ_EXCEPTION(FAILED, "broken.ignored; cannot open a Durable Object's storage",
                                 name_, error.text());
      instanceBroke(kj::cp(reason));
      kj::throwFatalException(kj::mv(reason));
    }
    KJ_IF_MAYBE(reason, broken_) {
      kj::throwFatalException(kj::cp(*reason));
    }
  }
  return *live_;
}

sqlite::Database& Actor::memory() {
  if (memory_.get() == nullptr) memory_ = sqlite::Database::inMemory();
  return *memory_;
}

void Actor::instanceBroke(kj::Exception reason) {
  if (broken_ != nullptr) return;
  broken_ = kj::mv(reason);
  sleeping_ = nullptr;
  space().forget(*this);
}

void Actor::sleepIfUnused() {
  if (eventCount_ > 0 || !isAwake()) return;
  if (!isBroken() && (!isSleepy_ || holdCount_ > 0)) return;
  isSleepy_ = false;
  sleeping_ = nullptr;
  auto ending = kj::mv(live_);
  // What breaks an actor breaks its connections.
  if (isBroken()) webSockets_.clear();
  webSockets_.forgetFaces();
}

kj::Promise<void> Actor::receive(api::HibernatableSocket& socket, api::SocketEvent event) {
  Busy busy(kj::addRef(*this));
  co_await live().receive(socket, kj::mv(event), kj::heap<Busy>(kj::mv(busy)));
}

void Actor::end() {
  space_ = nullptr;
  sleeping_ = nullptr;
  webSockets_.clear();
  live_ = nullptr;
}

kj::Promise<void> Actor::sleepWhenIdle() {
  co_await live_->whenQuiet();
  co_await space().timer().afterDelay(kIdleTime);
  isSleepy_ = true;
  space().fellAsleep(*this);  // ends this promise later
}

}  // namespace ocapd::actor
