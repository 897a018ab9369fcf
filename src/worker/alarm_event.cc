#include "src/worker/alarm_event.h"

namespace ocapd::worker {

namespace {

v8::Local<v8::Value> invocationInfo(js::Turn& turn, const channel::AlarmEvent& event) {
  auto info = v8::Object::New(turn.v8);
  double time = double((event.scheduledTime - kj::UNIX_EPOCH) / kj::MILLISECONDS);
  turn.set(info, "scheduledTime", v8::Number::New(turn.v8, time));
  turn.set(info, "retryCount", v8::Integer::NewFromUnsigned(turn.v8, event.retryCount));
  turn.set(info, "isRetry", v8::Boolean::New(turn.v8, event.retryCount > 0));
  return info;
}

}  // namespace

kj::Promise<channel::AlarmResult> AlarmEvent::run(channel::AlarmEvent event) {
  channel::AlarmResult result;
  auto& entrypoint = KJ_REQUIRE_NONNULL(entrypoint_);
  bool hasHandler = false;
  auto context = takeContext();
  context->runTurn([&](js::Turn& turn) { hasHandler = entrypoint.hasHandler(turn, "alarm"); });
  if (!hasHandler) {
    KJ_LOG(WARNING,
           "Attempted to run a scheduled alarm without a handler, did you remember to "
           "export an alarm() function?");
    result.outcome = channel::Outcome::ScriptNotFound;
    co_return result;
  }
  auto late = worker_.timer().afterDelay(kTimeMax).then([]() -> kj::Promise<void> {
    return KJ_EXCEPTION(FAILED, "jsg.Error: Alarm exceeded its allowed execution time");
  });
  auto handled =
      runHandler("alarm", "", [&](js::Turn& turn) { return invocationInfo(turn, event); });
  try {
    co_await handled.exclusiveJoin(kj::mv(late));
    result.outcome = channel::Outcome::Ok;
  } catch (kj::Exception& exception) {
    result.outcome = channel::Outcome::Exception;
    result.retry = true;
    result.retryCountsAgainstLimit = js::tunnelled(exception.getDescription()) != nullptr;
    result.errorDescription = kj::str(exception.getDescription());
  }
  co_return result;
}

}  // namespace ocapd::worker
