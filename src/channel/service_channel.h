// ServiceChannel: a stateless entrypoint of a service, ready to receive events.
//
// Owns      what it needs to reach the service; props are fixed when the channel is made.
// Lives     reference-counted on its lane; services live as long as the server, channels come and
//           go. Holding a channel never keeps a request running.
// Threads   its lane only.
// Errors    startRequest() itself does not fail: what is wrong is told by the target's methods.
// See       docs/ARCHITECTURE.md
#pragma once

#include <kj/compat/http.h>
#include <kj/refcount.h>

#include "src/channel/capability.h"
#include "src/channel/events.h"

namespace ocapd::channel {

// What comes with an event beside its HTTP form.
struct RequestMetadata {
  // JSON text of `request.cf`; none reads as undefined in the receiver.
  kj::Maybe<kj::String> cfJson;
};

// One event's worth of a service. Exactly one of the methods is called, once. The target is kept by
// the caller until the returned promise settles; dropping the promise cancels the event.
//
// kj::HttpService gives the first two events: request() is `fetch`, connect() is `connect`. The url
// handed to request() is absolute and is what `request.url` shows, byte for byte.
class RequestTarget : public kj::HttpService {
 public:
  // Targets that know none of these fail with a text that says so.
  virtual kj::Promise<ScheduledResult> scheduled(ScheduledEvent event);
  virtual kj::Promise<QueueResult> queue(QueueEvent event);
  virtual kj::Promise<AlarmResult> alarm(AlarmEvent event);
  // Methods of the entrypoint. The target is kept until `done` resolves; dropping it ends all.
  virtual RpcSession rpcSession();
  // The test() handler of `ocapd test`; fails with what it threw.
  virtual kj::Promise<void> test();
};

class ServiceChannel : public kj::Refcounted {
 public:
  // Begins one event. The returned target may outlive this channel.
  virtual kj::Own<RequestTarget> startRequest(RequestMetadata metadata) = 0;

  // Throws, as a JavaScript error tunnelled, when this may not be handed to other workers.
  virtual void requireTransferable() {}

  kj::Own<ServiceChannel> addRef() { return kj::addRef(*this); }
};

}  // namespace ocapd::channel
