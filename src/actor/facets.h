// Facets: the facets of one actor, which may have facets in turn.
//
// A facet is an Actor too: it wakes and sleeps by itself. What it lacks is a class until somebody
// uses it, who brings a way to ask for one; when that fails, it is broken until it is aborted.
//
// Owns      the facets that are known.
// Lives     as long as its actor.
// Threads   its lane.
// Limits    kDepthMax actors within each other, the root among them.
// See       https://developers.cloudflare.com/dynamic-workers/usage/durable-object-facets/
#pragma once

#include "src/actor/facet_index.h"
#include "src/api/actor/durable_object_facets.h"
#include "src/worker/actor_class.h"

namespace ocapd::actor {

class Actor;

// What an actor that is a facet has beside.
struct FacetState {
  Actor* parent;  // null once that has gone
  const uint32_t depth;
  // Since it has been asked to start, until it sleeps.
  kj::Maybe<kj::ForkedPromise<void>> starting;
  kj::Own<worker::ActorClass> actorClass;
  kj::OneOf<kj::String, channel::ActorId> id;
};

class Facets {
 public:
  static constexpr uint32_t kDepthMax = 4;

  explicit Facets(Actor& owner) : owner_(owner) {}
  ~Facets() noexcept(false);

  kj::Own<channel::ActorChannel> get(kj::String name, kj::Own<api::FacetStarter> starter);
  kj::Own<Actor> findOrMake(kj::StringPtr name);
  void abort(kj::StringPtr name, kj::Exception reason);
  void abortAll(const kj::Exception& reason);
  // With its data and its own facets.
  void remove(kj::StringPtr name);
  void removeAll();
  void clone(kj::StringPtr source, kj::StringPtr destination);

  bool anyAwake() const;
  void copyMemory(Facets& other);
  // It broke.
  void forget(Actor& facet);

 private:
  void removeData(uint32_t number);
  void copyData(uint32_t source, uint32_t destination);

  Actor& owner_;
  kj::HashMap<kj::StringPtr, kj::Own<Actor>> facets_;
};

}  // namespace ocapd::actor
