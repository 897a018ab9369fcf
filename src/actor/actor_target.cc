#include "src/actor/actor_target.h"

#include <kj/debug.h>

#include "src/actor/actor_namespace.h"
#include "src/rpc/invocation.h"

namespace ocapd::actor {

namespace {

// Pinned by the reference.
constexpr kj::StringPtr kNoRpc =
    "The receiving Durable Object does not support RPC, because its class was not declared with "
    "`extends DurableObject`. In order to enable RPC, make sure your class extends the special "
    "class `DurableObject`, which can be imported from the module \"cloudflare:workers\"."_kj;

kj::Exception fromAfar(kj::Exception exception) {
  if (!exception.getDescription().startsWith("remote.")) {
    exception.setDescription(kj::str("remote.", exception.getDescription()));
  }
  return exception;
}

template <typename T>
kj::Promise<T> tellingFromAfar(kj::Promise<T> done) {
  return done.catch_(
      [](kj::Exception&& exception) -> kj::Promise<T> { return fromAfar(kj::mv(exception)); });
}

}  // namespace

// An event whose answer is a WebSocket is over with that: what the connection says is for its end,
// which keeps the actor awake unless it hibernates.
class ActorTarget::Answer final : public kj::HttpService::Response {
 public:
  Answer(ActorTarget& target, Response& inner) : target_(target), inner_(inner) {}

  kj::Own<kj::AsyncOutputStream> send(kj::uint statusCode, kj::StringPtr statusText,
                                      const kj::HttpHeaders& headers,
                                      kj::Maybe<uint64_t> expectedBodySize) override {
    return inner_.send(statusCode, statusText, headers, expectedBodySize);
  }
  kj::Own<kj::WebSocket> acceptWebSocket(const kj::HttpHeaders& headers) override {
    target_.busy_ = nullptr;
    return inner_.acceptWebSocket(headers);
  }

 private:
  ActorTarget& target_;
  Response& inner_;
};

ActorTarget::ActorTarget(kj::Own<Actor> actor, channel::RequestMetadata metadata,
                         kj::Own<api::FacetStarter> starter)
    : actor_(kj::mv(actor)), metadata_(kj::mv(metadata)), starter_(kj::mv(starter)) {}

ActorTarget::~ActorTarget() noexcept(false) = default;

template <typename Begin>
auto ActorTarget::whenReady(Begin begin) -> decltype(begin()) {
  if (starter_.get() != nullptr) {
    KJ_IF_MAYBE(started, actor_->whenStarted(*starter_)) {
      return started->then([this, begin = kj::mv(begin)]() mutable {
        actor_->live();
        return begin();
      });
    }
  }
  return kj::evalNow([&]() {
    actor_->live();
    return begin();
  });
}

template <typename Begin>
auto ActorTarget::enter(Begin begin) -> decltype(begin(kj::instance<worker::EntrypointTarget&>())) {
  KJ_REQUIRE(busy_ == nullptr, "a target takes one event");
  auto& live = actor_->live();
  busy_.emplace(kj::addRef(*actor_));
  return live.gate().current().enter().then(
      [this, &live, begin = kj::mv(begin)](kj::Own<api::TurnGate::Pass> pass) mutable {
        target_ = kj::heap<worker::EntrypointTarget>(
            live.worker(), live.entrypoint(), kj::Maybe<kj::Own<channel::Props>>(),
            kj::mv(metadata_), kj::Maybe<worker::ActorInstance&>(live));
        pass->use();
        auto done = begin(*target_);
        pass = nullptr;  // what comes later enters by itself
        return done;
      });
}

kj::Promise<void> ActorTarget::request(kj::HttpMethod method, kj::StringPtr url,
                                       const kj::HttpHeaders& headers,
                                       kj::AsyncInputStream& requestBody, Response& response) {
  // The head is the caller's, and lives for this call only.
  auto ownUrl = kj::str(url);
  auto ownHeaders = kj::heap<kj::HttpHeaders>(headers.clone());
  kj::HttpService::Response* answer = &response;
  if (headers.isWebSocket()) {
    answer_ = kj::heap<Answer>(*this, response);
    answer = answer_.get();
  }
  return whenReady([this, method, url = kj::mv(ownUrl), headers = kj::mv(ownHeaders), &requestBody,
                    answer]() mutable {
    return tellingFromAfar(enter([method, url = kj::mv(url), headers = kj::mv(headers),
                                  &requestBody, answer](worker::EntrypointTarget& target) {
      return target.request(method, url, *headers, requestBody, *answer);
    }));
  });
}

kj::Promise<void> ActorTarget::connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                                       kj::AsyncIoStream& connection, ConnectResponse& response,
                                       kj::HttpConnectSettings settings) {
  // The caller's do not outlive this call, and the gate may be shut.
  auto ownHost = kj::str(host);
  auto ownHeaders = kj::heap(headers.clone());
  return whenReady([this, host = kj::mv(ownHost), headers = kj::mv(ownHeaders), &connection,
                    &response, settings = kj::mv(settings)]() mutable {
    return tellingFromAfar(
        enter([host = kj::mv(host), headers = kj::mv(headers), &connection, &response,
               settings = kj::mv(settings)](worker::EntrypointTarget& target) mutable {
          return target.connect(host, *headers, connection, response, kj::mv(settings));
        }));
  });
}

kj::Promise<channel::AlarmResult> ActorTarget::alarm(channel::AlarmEvent event) {
  channel::AlarmResult result;
  result.outcome = channel::Outcome::Canceled;
  auto keep = kj::addRef(*actor_);
  auto& live = actor_->live();
  auto stored = live.alarmStore().storedAlarm();
  auto now = kj::systemPreciseCalendarClock().now();
  auto due = KJ_UNWRAP_OR(stored, {
    actor_->space().scheduleAlarm(*actor_, nullptr);
    co_return result;
  });
  if (due > now && due != event.scheduledTime) {
    actor_->space().scheduleAlarm(*actor_, due);
    co_return result;
  }
  event.scheduledTime = due;
  live.alarmStore().beginAlarm();
  try {
    result = co_await enter(
        [&](worker::EntrypointTarget& target) { return target.alarm(kj::mv(event)); });
    KJ_IF_MAYBE(held, live.context().outputHeld()) {
      co_await *held;
    }
  } catch (kj::Exception& exception) {
    result.outcome = channel::Outcome::Exception;
    result.retry = true;
    result.retryCountsAgainstLimit = js::tunnelled(exception.getDescription()) != nullptr;
    result.errorDescription = kj::str(exception.getDescription());
  }
  if (!live.mayRetryAlarm()) {
    result.retry = false;
    result.outcome = channel::Outcome::Exception;
    co_return result;
  }
  bool untouched = live.alarmStore().endAlarm(result.retry ? SqliteStore::AlarmEnd::ToBeRetried
                                                           : SqliteStore::AlarmEnd::Done);
  if (!untouched) result.retry = false;
  if (!actor_->isBroken()) co_await live.alarmStore().whenDurable();
  co_return result;
}

// ---- RPC ----

// What the caller holds until its one call is made. The session ends with the call: what the call
// hands out belongs to the actor, which it keeps awake by itself.
class ActorTarget::TopLevel final : public channel::Capability {
 public:
  explicit TopLevel(ActorTarget& target) : target_(target) {}
  kj::Promise<Result> call(Call call) override { return target_.call(kj::mv(call)); }

 private:
  ActorTarget& target_;  // outlives the session's top level: see channel::RpcSession
};

channel::RpcSession ActorTarget::rpcSession() {
  auto over = kj::newPromiseAndFulfiller<void>();
  sessionOver_ = kj::mv(over.fulfiller);
  return {kj::refcounted<TopLevel>(*this), kj::mv(over.promise)};
}

kj::Promise<channel::Capability::Result> ActorTarget::call(channel::Capability::Call call) {
  // Not within the caller's turn, which may be one of the same isolate; in the order of calls.
  co_await kj::evalLater([]() {});
  KJ_DEFER({
    busy_ = nullptr;
    sessionOver_->fulfill();
  });
  if (starter_.get() != nullptr) {
    KJ_IF_MAYBE(started, actor_->whenStarted(*starter_)) {
      co_await *started;
    }
  }
  co_return co_await invoke(kj::mv(call));
}

kj::Promise<channel::Capability::Result> ActorTarget::invoke(channel::Capability::Call call) {
  KJ_REQUIRE(busy_ == nullptr, "a session's top level takes one call");
  auto& live = actor_->live();
  busy_.emplace(kj::addRef(*actor_));
  auto pass = co_await live.gate().current().enter();
  auto& context = live.context();
  auto pair = kj::newPromiseAndFulfiller<channel::Capability::Result>();
  auto answer = context.own(kj::heap<rpc::Answer>(kj::mv(pair.fulfiller)));
  pass->use();
  context.runTurn([&](js::Turn& turn) {
    auto& entrypoint = live.entrypoint();
    if (!entrypoint.supportsRpc) {
      auto refusal = js::Error::type(kNoRpc).toValue(turn);
      return answer.get(context).threw(turn, context, refusal);
    }
    rpc::Receiver receiver;
    receiver.object = live.object(turn);
    receiver.root = rpc::Root::Entrypoint;
    receiver.mode = rpc::Mode::Class;
    rpc::invoke(turn, context, receiver, kj::mv(call), kj::mv(answer));
  });
  pass = nullptr;
  auto aborted = context.aborted().then([]() -> channel::Capability::Result { KJ_UNREACHABLE; });
  co_return co_await pair.promise.exclusiveJoin(kj::mv(aborted));
}

}  // namespace ocapd::actor
