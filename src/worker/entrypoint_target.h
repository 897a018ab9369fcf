// EntrypointTarget: the waist's view of one event at a worker: whichever kind it turns out to be.
//
// Owns      the event, once it has begun.
// Lives     kept by the caller until the event's promise settles; dropping it cancels.
// Threads   its lane.
// See       src/channel/service_channel.h
#pragma once

#include "src/worker/event.h"

#include "src/channel/tail_target.h"

namespace ocapd::worker {

class EntrypointTarget final : public channel::RequestTarget, public channel::TailTarget {
 public:
  EntrypointTarget(Worker& worker, kj::Maybe<Entrypoint&> entrypoint,
                   kj::Maybe<kj::Own<channel::Props>> props, channel::RequestMetadata metadata,
                   kj::Maybe<ActorInstance&> actor = nullptr)
      : use_(worker),
        worker_(worker),
        entrypoint_(entrypoint),
        props_(kj::mv(props)),
        metadata_(kj::mv(metadata)),
        actor_(actor) {}

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override;
  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override;
  kj::Promise<channel::ScheduledResult> scheduled(channel::ScheduledEvent event) override;
  kj::Promise<channel::QueueResult> queue(channel::QueueEvent event) override;
  kj::Promise<channel::AlarmResult> alarm(channel::AlarmEvent event) override;
  channel::RpcSession rpcSession() override;
  kj::Promise<void> test() override;
  kj::Promise<void> tail(kj::Array<kj::String> reports) override;

 private:
  template <typename E>
  E& begin();
  void keep(kj::Own<Event> event);

  Worker::Use use_;
  Worker& worker_;
  kj::Maybe<Entrypoint&> entrypoint_;
  kj::Maybe<kj::Own<channel::Props>> props_;
  channel::RequestMetadata metadata_;
  kj::Maybe<ActorInstance&> actor_;
  kj::Own<Event> event_;
};

}  // namespace ocapd::worker
