// ActorHost: what API objects need of the actor they belong to; actor/ implements it.
//
// Lives     as long as the actor's instance; JavaScript reaches it through IoOwn.
// Threads   its lane.
#pragma once

#include <kj/one-of.h>

#include "src/api/actor/actor_store.h"
#include "src/api/actor/hibernatable_sockets.h"
#include "src/api/io/io_context.h"
#include "src/channel/actor_channel.h"
#include "src/js/convert.h"

namespace ocapd::api {

class FacetStarter;

class ActorHost {
 public:
  virtual ~ActorHost() noexcept(false) = default;

  // None: ephemeral actors have no storage.
  virtual kj::Maybe<ActorStore&> store() = 0;
  virtual bool isSqlEnabled() const = 0;
  // An ephemeral actor is named by a string.
  virtual kj::OneOf<kj::String, channel::ActorId> id() const = 0;

  // Runs `body` while no event is let in but what it causes itself. Its promise settles as what
  // `body` returns, unless a failure is to reset the actor.
  enum class OnFailure : uint8_t { Reset, Reject };
  virtual js::Promise criticalSection(js::Turn& turn, js::Turn::Native body,
                                      OnFailure onFailure) = 0;

  // Ends the actor's instance: every event of it fails with `reason`. JavaScript does not go on.
  enum class AlarmRetry : uint8_t { Yes, No };
  virtual void abort(js::Turn& turn, kj::String reason, AlarmRetry retry) = 0;
  // Storage cannot go on.
  virtual void storeFailed(const sqlite::Error& error) = 0;

  virtual HibernatableSockets& webSockets() = 0;

  // ---- facets; see durable_object_facets.h ----
  virtual kj::Own<channel::ActorChannel> getFacet(kj::String name,
                                                  kj::Own<FacetStarter> starter) = 0;
  virtual void abortFacet(kj::StringPtr name, kj::Exception reason) = 0;
  virtual void deleteFacet(kj::StringPtr name) = 0;
  virtual void cloneFacet(kj::StringPtr source, kj::StringPtr destination) = 0;

  // Whether setAlarm() is of any use.
  virtual bool canReceiveAlarms() const = 0;
};

}  // namespace ocapd::api
