#include "src/channel/service_channel.h"

namespace ocapd::channel {

namespace {

kj::Exception unsupported() {
  return KJ_EXCEPTION(UNIMPLEMENTED, "jsg.Error: This service does not support this event type.");
}

}  // namespace

kj::Promise<ScheduledResult> RequestTarget::scheduled(ScheduledEvent) {
  return unsupported();
}

kj::Promise<QueueResult> RequestTarget::queue(QueueEvent) {
  return unsupported();
}

kj::Promise<AlarmResult> RequestTarget::alarm(AlarmEvent) {
  return unsupported();
}

RpcSession RequestTarget::rpcSession() {
  // What the reference's services say that are no workers.
  class Refusal final : public Capability {
   public:
    kj::Promise<Result> call(Call) override {
      return KJ_EXCEPTION(DISCONNECTED, "this service has no methods to call");
    }
  };
  return {kj::refcounted<Refusal>(), kj::READY_NOW};
}

kj::Promise<void> RequestTarget::test() {
  return unsupported();
}

}  // namespace ocapd::channel
