// ActorTarget: one event of an actor, on its way through the input gate to the object.
//
// Whatever an EntrypointTarget can receive an actor can: each method waits to be let in, and hands
// the event on.
//
// Owns      the event, and the actor's wakefulness while it is under way.
// Lives     kept by the caller until the event's promise settles.
// Threads   its lane.
// Errors    "remote." in front of what the object failed with; a broken actor's reason as it is.
#pragma once

#include "src/actor/actor.h"
#include "src/worker/entrypoint_target.h"

namespace ocapd::actor {

class ActorTarget final : public channel::RequestTarget {
 public:
  // Of a facet, with what to ask for its class should it have to start.
  ActorTarget(kj::Own<Actor> actor, channel::RequestMetadata metadata,
              kj::Own<api::FacetStarter> starter = {});
  ~ActorTarget() noexcept(false);

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override;
  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override;
  kj::Promise<channel::AlarmResult> alarm(channel::AlarmEvent event) override;
  channel::RpcSession rpcSession() override;

 private:
  class TopLevel;
  class Answer;
  // `begin()` once the actor can be woken; what has broken it already is told as it is.
  template <typename Begin>
  auto whenReady(Begin begin) -> decltype(begin());
  // Wakes the actor, waits to be let in, and calls `begin(target)`, whose first turn runs at once.
  template <typename Begin>
  auto enter(Begin begin) -> decltype(begin(kj::instance<worker::EntrypointTarget&>()));

  kj::Promise<channel::Capability::Result> call(channel::Capability::Call call);
  kj::Promise<channel::Capability::Result> invoke(channel::Capability::Call call);

  kj::Own<Actor> actor_;
  channel::RequestMetadata metadata_;
  kj::Own<api::FacetStarter> starter_;
  kj::Maybe<Actor::Busy> busy_;
  kj::Own<Answer> answer_;
  kj::Own<worker::EntrypointTarget> target_;
  kj::Own<kj::PromiseFulfiller<void>> sessionOver_;
};

}  // namespace ocapd::actor
