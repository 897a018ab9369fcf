#include "src/worker/entrypoint_target.h"

#include "src/worker/alarm_event.h"
#include "src/worker/connect_event.h"
#include "src/worker/fetch_event.h"
#include "src/worker/queue_event.h"
#include "src/worker/rpc_event.h"
#include "src/worker/scheduled_event.h"
#include "src/worker/tail_event.h"
#include "src/worker/test_event.h"

namespace ocapd::worker {

template <typename E>
E& EntrypointTarget::begin() {
  KJ_REQUIRE(event_.get() == nullptr, "a target takes one event");
  auto event = kj::heap<E>(worker_, entrypoint_, kj::mv(props_));
  auto& reference = *event;
  keep(kj::mv(event));
  return reference;
}

void EntrypointTarget::keep(kj::Own<Event> event) {
  KJ_IF_MAYBE(actor, actor_) {
    event->receiveBy(*actor);
  }
  event_ = kj::mv(event);
}

kj::Promise<void> EntrypointTarget::request(kj::HttpMethod method, kj::StringPtr url,
                                            const kj::HttpHeaders& headers,
                                            kj::AsyncInputStream& requestBody, Response& response) {
  KJ_REQUIRE(event_.get() == nullptr, "a target takes one event");
  auto event = kj::heap<FetchEvent>(worker_, entrypoint_, kj::mv(props_), kj::mv(metadata_));
  auto& reference = *event;
  keep(kj::mv(event));
  return reference.request(method, url, headers, requestBody, response);
}

kj::Promise<void> EntrypointTarget::connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                                            kj::AsyncIoStream& connection,
                                            ConnectResponse& response,
                                            kj::HttpConnectSettings settings) {
  if (worker_.flags().has(compat::CompatFlag::ConnectPassThrough)) {
    auto target = worker_.globalOutbound().startRequest(kj::mv(metadata_));
    auto done = target->connect(host, headers, connection, response, settings);
    return done.attach(kj::mv(target));
  }
  auto cfJson = kj::mv(metadata_.cfJson);
  return begin<ConnectEvent>().run(host, kj::mv(cfJson), connection, response);
}

kj::Promise<channel::ScheduledResult> EntrypointTarget::scheduled(channel::ScheduledEvent event) {
  return begin<ScheduledEvent>().run(kj::mv(event));
}

kj::Promise<channel::QueueResult> EntrypointTarget::queue(channel::QueueEvent event) {
  return begin<QueueEvent>().run(kj::mv(event));
}

kj::Promise<channel::AlarmResult> EntrypointTarget::alarm(channel::AlarmEvent event) {
  return begin<AlarmEvent>().run(kj::mv(event));
}

channel::RpcSession EntrypointTarget::rpcSession() {
  return begin<RpcEvent>().run();
}

kj::Promise<void> EntrypointTarget::tail(kj::Array<kj::String> reports) {
  return begin<TailEvent>().run(kj::mv(reports));
}

kj::Promise<void> EntrypointTarget::test() {
  return begin<TestEvent>().run();
}

}  // namespace ocapd::worker
