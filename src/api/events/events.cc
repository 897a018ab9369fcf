#include "src/api/events/events.h"

#include "src/api/events/events_js.h"
#include "src/api/io/io_context.h"
#include "src/api/io/report_error.h"
#include "src/js/structured_clone.h"

namespace ocapd::api {

namespace {

// AbortSignal.timeout(): the timer is the event's.
// https://webidl.spec.whatwg.org/#EnforceRange of an unsigned long long
void startTimer(js::Turn& turn, v8::Local<v8::Function> callback, double milliseconds) {
  constexpr double kSafeIntegerMax = 9007199254740991.0;
  if (!(milliseconds > -1 && milliseconds <= kSafeIntegerMax)) {
    throw js::Error::type("AbortSignal.timeout(): ", milliseconds,
                          " is not a number of "
                          "milliseconds; it must be from 0 to 2^53 - 1.");
  }
  v8::Global<v8::Function> function(turn.v8, callback);
  IoContext::current(turn).timers().set(
      toTimerDelay(milliseconds), TimerQueue::Repeat::Once,
      [function = kj::mv(function)](js::Turn& inner) {
        inner.check(function.Get(inner.v8)->Call(inner.context, inner.undefined(), 0, nullptr));
      });
}

void waitUntil(js::Turn& turn, v8::Local<v8::Value> promise) {
  IoContext::current(turn).waitUntil(turn, promise);
}

void passThroughOnException(js::Turn& turn) {
  IoContext::current(turn).passThroughOnException();
}

v8::Local<v8::Value> clone(js::Turn& turn, v8::Local<v8::Value> value) {
  v8::LocalVector<v8::Object> nothing(turn.v8);
  return js::structuredClone(turn, value, nothing);
}

constexpr js::Member kNatives[] = {
    js::function<&clone>("clone"),
    js::function<&js::markBuiltIn>("markBuiltIn"),
    js::function<&waitUntil>("waitUntil"),
    js::function<&passThroughOnException>("passThroughOnException"),
    js::function<&startTimer>("startTimer"),
    js::function<&reportError>("reportError"),
};

}  // namespace

constinit const js::Builtin kEvents{.name = "events", .source = kEventsJs, .natives = kNatives};

}  // namespace ocapd::api
