// Actor: one Durable Object, awake or not: what its channels lead to.
//
// An event wakes it: a LiveActor is made, which sleeps again after kIdleTime without anything to
// do. When that one breaks, this one is broken with it, for good, so that whoever holds a channel
// hears of it; the namespace forgets it and makes another one for the next channel.
//
// Owns      the live actor; its WebSockets that outlive that; in memory, the data as well.
// Lives     reference-counted: its namespace, channels and events hold it.
// Threads   its lane.
// See       src/channel/actor_channel.h
#pragma once

#include "src/actor/facets.h"
#include "src/actor/live_actor.h"
#include "src/api/actor/hibernatable_sockets.h"

namespace ocapd::actor {

class ActorNamespace;

class Actor final : public kj::Refcounted, private api::HibernatableSockets::Receiver {
 public:
  static constexpr kj::Duration kIdleTime = 10 * kj::SECONDS;

  // An event under way keeps it awake, and what others hold of it. Holding ends with the actor's
  // breaking, an event goes on until it has heard of it.
  class Busy {
   public:
    enum class Why : uint8_t { Event, Held };
    explicit Busy(kj::Own<Actor> actor, Why why = Why::Event);
    ~Busy() noexcept(false);
    Busy(Busy&&) = default;

   private:
    uint32_t& count() { return why_ == Why::Event ? actor_->eventCount_ : actor_->holdCount_; }
    kj::Own<Actor> actor_;
    Why why_;
  };

  // `name` is the id in hexadecimal digits, or the name of an ephemeral actor, which has no id.
  Actor(ActorNamespace& space, kj::String name, kj::Maybe<channel::ActorId> id);
  // A facet.
  Actor(Actor& parent, kj::String name);
  ~Actor() noexcept(false);

  // Wakes it. Not in a turn. Throws why it is broken.
  LiveActor& live();
  bool isAwake() const { return live_.get() != nullptr; }
  bool isBroken() const { return broken_ != nullptr; }
  // Awake, starting, or about to be told why it did not start.
  bool isInUse() const;

  // ---- facets ----
  Facets& facets() { return facets_; }
  uint32_t depth() const;
  // Of a facet: what to wait for before it can be woken, if anything.
  kj::Maybe<kj::Promise<void>> whenStarted(api::FacetStarter& starter);
  // Its parent has gone.
  void orphan();
  // The root's; none: nothing is kept on disk.
  kj::Maybe<FacetIndex&> facetIndex();
  uint32_t facetNumber();
  kj::String facetPath(uint32_t number);
  kj::String databasePath();
  bool isFacet() const { return facet_ != nullptr; }
  // Everyone who uses it fails with this, and whoever comes later finds another.
  void breakWith(kj::Exception reason);
  void commitNow();
  // What it has in memory, its facets' too.
  void copyMemory(Actor& other);
  // Of one that is broken: all it has stored is gone.
  void wipe();
  // Nothing of it uses its files any more.
  void closeStore();
  // Puts it to sleep once nothing uses it.
  kj::Promise<void> evict(bool closesSockets);
  // What it calls its id: a facet may be told another one.
  kj::OneOf<kj::String, channel::ActorId> ownId() const;

  // Lets go of one where it must not end.
  static void release(kj::Own<Actor> actor);

  ActorNamespace& space() const { return *KJ_REQUIRE_NONNULL(space_, "the worker has ended"); }
  kj::StringPtr name() const { return name_; }
  kj::Maybe<const channel::ActorId&> id() const {
    return id_.map([](const channel::ActorId& id) -> const channel::ActorId& { return id; });
  }
  sqlite::Database& memory();
  api::HibernatableSockets& webSockets() { return webSockets_; }
  // Called by the live actor, perhaps in one of its turns.
  void instanceBroke(kj::Exception reason);
  void sleepIfUnused();
  // The worker ends.
  void end();

 private:
  kj::Promise<void> sleepWhenIdle();
  Actor& root();
  kj::Own<LiveActor> makeLive();
  kj::Promise<void> startFacet(kj::Own<api::FacetStarter> starter);

  // ---- api::HibernatableSockets::Receiver ----
  kj::Promise<void> receive(api::HibernatableSocket& socket, api::SocketEvent event) override;

  kj::Maybe<ActorNamespace*> space_;
  const kj::String name_;
  kj::Maybe<channel::ActorId> id_;
  kj::Own<sqlite::Database> memory_;
  kj::Maybe<kj::Exception> broken_;
  kj::Vector<kj::Own<kj::PromiseFulfiller<void>>> evictions_;  // they wait for it to be unused
  uint32_t eventCount_ = 0;
  uint32_t holdCount_ = 0;
  bool isSleepy_ = false;  // has been idle for long enough
  kj::Own<LiveActor> live_;
  kj::Promise<void> sleeping_ = nullptr;
  kj::Maybe<FacetState> facet_;
  Facets facets_;
  kj::Maybe<FacetIndex> facetIndex_;     // of a root, once it has been asked for
  api::HibernatableSockets webSockets_;  // first to go: it uses all of the above
};

}  // namespace ocapd::actor
