// ActorControl: all namespaces of the process, as "workerd:unsafe" sees them.
//
// Lives     longer than the namespaces, which it does not own.
// Threads   its lane.
// See       src/api/actor/unsafe_module.h
#pragma once

#include "src/actor/actor_namespace.h"
#include "src/api/actor/unsafe_module.h"

namespace ocapd::actor {

// A channel to an actor that can be asked for it.
class ActorReference {
 public:
  // Null: it does not run.
  virtual kj::Own<Actor> findActor() = 0;
  virtual ActorNamespace& space() = 0;

 protected:
  ~ActorReference() = default;
};

class ActorControl final : public api::ActorControl {
 public:
  static constexpr kj::Duration kEvictTimeMax = 10 * kj::SECONDS;

  void add(ActorNamespace& space) { spaces_.insert(&space); }
  void remove(ActorNamespace& space) { spaces_.eraseMatch(&space); }

  void abortAll() override;
  void deleteAll() override;
  kj::Promise<void> evict(kj::Own<channel::ServiceChannel> stub, Sockets sockets) override;
  kj::Promise<void> evictAll(Sockets sockets) override;

 private:
  kj::HashSet<ActorNamespace*> spaces_;
};

}  // namespace ocapd::actor
