#include "src/worker/rpc_event.h"

namespace ocapd::worker {

// What the caller holds until its one call is made.
class RpcEvent::TopLevel final : public channel::Capability {
 public:
  TopLevel(RpcEvent& event, kj::Own<void> hold) : event_(event), hold_(kj::mv(hold)) {}
  kj::Promise<Result> call(Call call) override { return event_.call(kj::mv(call)); }

 private:
  RpcEvent& event_;  // outlives the session's top level: see channel::RpcSession
  kj::Own<void> hold_;
};

RpcEvent::~RpcEvent() noexcept(false) {}

channel::RpcSession RpcEvent::run() {
  context_ = kj::heap<RequestContext>(worker_);
  session_ = kj::refcounted<SessionCount>();
  context_->setSession(kj::addRef(*session_));
  auto topLevel = kj::refcounted<TopLevel>(*this, session_->hold());
  return {kj::mv(topLevel), session_->whenOver()};
}

kj::Promise<channel::Capability::Result> RpcEvent::call(channel::Capability::Call call) {
  KJ_REQUIRE(!called_, "entrypoint handler has already been set");
  called_ = true;
  auto pair = kj::newPromiseAndFulfiller<channel::Capability::Result>();
  auto answer = context_->own(kj::heap<rpc::Answer>(kj::mv(pair.fulfiller)));
  context_->enter([this, call = kj::mv(call), answer = kj::mv(answer)](js::Turn& turn) mutable {
    begin(turn, kj::mv(call), kj::mv(answer));
  });
  auto hung = context_->idle().then(
      []() -> kj::Promise<channel::Capability::Result> { return hungException(); });
  auto aborted = context_->aborted().then([]() -> channel::Capability::Result { KJ_UNREACHABLE; });
  // The session goes on until the answer has left.
  return pair.promise.exclusiveJoin(kj::mv(hung))
      .exclusiveJoin(kj::mv(aborted))
      .attach(session_->hold());
}

void RpcEvent::begin(js::Turn& turn, channel::Capability::Call call,
                     api::IoOwn<rpc::Answer> answer) {
  rpc::Receiver target;
  auto failure = turn.catching([&] {
    auto& entrypoint = KJ_UNWRAP_OR(
        entrypoint_, { KJ_FAIL_REQUIRE("a worker without default export received an RPC call"); });
    KJ_REQUIRE(entrypoint.kind != Entrypoint::Kind::Script,
               "a service-worker script received an RPC call");
    auto executionContext = makeExecutionContext(turn);
    target.object = receiver(turn, entrypoint, executionContext);
    target.root = rpc::Root::Entrypoint;
    target.isHandlers = entrypoint.kind == Entrypoint::Kind::Handlers;
    target.mode = target.isHandlers ? rpc::Mode::Instance : rpc::Mode::Class;
    target.env = worker_.env(turn);
    target.ctx = executionContext;
  });
  KJ_IF_MAYBE(reason, failure) {
    return answer.get(*context_).threw(turn, *context_, *reason);
  }
  rpc::invoke(turn, *context_, target, kj::mv(call), kj::mv(answer));
}

}  // namespace ocapd::worker
