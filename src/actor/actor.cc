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
  for (auto& each : actor_->evictions_) each->fulfill();
  actor_->evictions_.clear();
  if (actor_->space().options().preventEviction) return;
  actor_->sleeping_ = actor_->sleepWhenIdle().eagerlyEvaluate([](kj::Exception&& exception) {
    KJ_LOG(ERROR, "a Durable Object could not be put to sleep", exception);
  });
}

Actor::Actor(ActorNamespace& space, kj::String name, kj::Maybe<channel::ActorId> id)
    : space_(&space), name_(kj::mv(name)), id_(kj::mv(id)), facets_(*this), webSockets_(*this) {
  space.made(*this);
}

Actor::Actor(Actor& parent, kj::String name)
    : space_(&parent.space()), name_(kj::mv(name)), facets_(*this), webSockets_(*this) {
  facet_.emplace(FacetState{&parent, parent.depth() + 1, nullptr, {}, kj::String()});
  space().made(*this);
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
    try {
      live_ = makeLive();
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

kj::Own<LiveActor> Actor::makeLive() {
  KJ_IF_MAYBE(facet, facet_) {
    KJ_REQUIRE(facet->actorClass.get() != nullptr, "a facet was used before it was started");
    auto& actorClass = *facet->actorClass;
    auto& worker = actorClass.worker();
    auto& entrypoint = KJ_REQUIRE_NONNULL(worker.findActorClass(actorClass.name()),
                                          "broken.ignored; no such actor class", actorClass.name());
    return kj::heap<LiveActor>(*this, worker, entrypoint, actorClass.props());
  }
  return kj::heap<LiveActor>(*this, space().worker(), space().actorClass(), nullptr);
}

sqlite::Database& Actor::memory() {
  if (memory_.get() == nullptr) memory_ = sqlite::Database::inMemory();
  return *memory_;
}

void Actor::instanceBroke(kj::Exception reason) {
  if (broken_ != nullptr) return;
  broken_ = kj::mv(reason);
  sleeping_ = nullptr;
  facets_.abortAll(KJ_ASSERT_NONNULL(broken_));
  KJ_IF_MAYBE(facet, facet_) {
    if (facet->parent != nullptr) facet->parent->facets().forget(*this);
  } else {
    space().forget(*this);
  }
}

void Actor::breakWith(kj::Exception reason) {
  if (broken_ != nullptr) return;
  if (live_.get() == nullptr && !isInUse()) return;
  if (live_.get() == nullptr) return instanceBroke(kj::mv(reason));
  live_->breakWith(kj::mv(reason));
}

void Actor::closeStore() {
  if (live_.get() != nullptr) live_->closeStore();
}

void Actor::wipe() {
  if (live_.get() != nullptr) live_->wipeStore();
}

kj::Promise<void> Actor::evict(bool closesSockets) {
  while (isAwake() && !isBroken()) {
    if (eventCount_ > 0 || holdCount_ > 0) {
      auto pair = kj::newPromiseAndFulfiller<void>();
      evictions_.add(kj::mv(pair.fulfiller));
      co_await pair.promise;
      co_await kj::evalLast([]() {});  // what became unused may be the caller's of this
      continue;
    }
    co_await live_->whenQuiet();
    if (eventCount_ > 0 || holdCount_ > 0) continue;
    isSleepy_ = true;
    sleepIfUnused();
  }
  if (closesSockets) webSockets_.clear();
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

// ---- facets ----

bool Actor::isInUse() const {
  if (isAwake() || eventCount_ > 0 || facets_.anyAwake()) return true;
  KJ_IF_MAYBE(facet, facet_) {
    return facet->starting != nullptr && facet->actorClass.get() == nullptr;
  }
  return false;
}

uint32_t Actor::depth() const {
  KJ_IF_MAYBE(facet, facet_) {
    return facet->depth;
  }
  return 1;
}

Actor& Actor::root() {
  KJ_IF_MAYBE(facet, facet_) {
    KJ_REQUIRE(facet->parent != nullptr, "a facet outlived its parent");
    return facet->parent->root();
  }
  return *this;
}

void Actor::orphan() {
  KJ_ASSERT_NONNULL(facet_).parent = nullptr;
}

kj::Maybe<kj::Promise<void>> Actor::whenStarted(api::FacetStarter& starter) {
  if (isBroken() || isAwake()) return nullptr;
  auto& facet = KJ_ASSERT_NONNULL(facet_);
  if (facet.actorClass.get() != nullptr) return nullptr;
  // A failure stays until the facet is aborted.
  if (facet.starting == nullptr) facet.starting = startFacet(kj::addRef(starter)).fork();
  return KJ_ASSERT_NONNULL(facet.starting).addBranch();
}

kj::Promise<void> Actor::startFacet(kj::Own<api::FacetStarter> starter) {
  co_await kj::evalLater([]() {});  // the caller is in a turn, as a rule
  auto options = co_await starter->start();
  auto& facet = KJ_ASSERT_NONNULL(facet_);
  facet.actorClass = kj::addRef(worker::ActorClass::of(*options.actorClass));
  KJ_IF_MAYBE(given, options.id) {
    facet.id = kj::mv(*given);
  } else {
    KJ_REQUIRE(facet.parent != nullptr, "a facet outlived its parent");
    facet.id = facet.parent->ownId();
  }
}

kj::OneOf<kj::String, channel::ActorId> Actor::ownId() const {
  KJ_IF_MAYBE(facet, facet_) {
    KJ_IF_MAYBE(text, facet->id.tryGet<kj::String>()) {
      return kj::str(*text);
    }
    return facet->id.get<channel::ActorId>().clone();
  }
  KJ_IF_MAYBE(durable, id_) {
    return durable->clone();
  }
  return kj::str(name_);
}

kj::Maybe<FacetIndex&> Actor::facetIndex() {
  if (space().options().storage != StorageKind::LocalDisk) return nullptr;
  auto& top = root();
  KJ_IF_MAYBE(known, top.facetIndex_) {
    return *known;
  }
  return top.facetIndex_.emplace(kj::str(space().pathOf(top.name_, ".facets")));
}

uint32_t Actor::facetNumber() {
  KJ_IF_MAYBE(facet, facet_) {
    KJ_REQUIRE(facet->parent != nullptr, "a facet outlived its parent");
    return KJ_ASSERT_NONNULL(facetIndex()).findOrAdd(facet->parent->facetNumber(), name_);
  }
  return FacetIndex::kRoot;
}

kj::String Actor::facetPath(uint32_t number) {
  return space().pathOf(root().name_, kj::str('.', number, ".sqlite"));
}

kj::String Actor::databasePath() {
  if (isFacet()) return facetPath(facetNumber());
  return space().pathOf(name_, ".sqlite");
}

void Actor::commitNow() {
  if (live_.get() != nullptr) live_->commitNow();
}

void Actor::copyMemory(Actor& other) {
  memory().copyTo(other.memory());
  facets_.copyMemory(other.facets_);
}

}  // namespace ocapd::actor
