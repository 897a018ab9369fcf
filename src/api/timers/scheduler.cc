#include "src/api/timers/scheduler.h"

#include "src/api/io/io_context.h"
#include "src/api/timers/scheduler_js.h"

namespace ocapd::api {

namespace {

// Runs `callback` after `milliseconds`; gives what stop() takes.
double start(js::Turn& turn, v8::Local<v8::Function> callback, double milliseconds) {
  v8::Global<v8::Function> function(turn.v8, callback);
  return IoContext::current(turn).timers().set(
      toTimerDelay(milliseconds), TimerQueue::Repeat::Once,
      [function = kj::mv(function)](js::Turn& inner) {
        inner.check(function.Get(inner.v8)->Call(inner.context, inner.undefined(), 0, nullptr));
      });
}

void stop(js::Turn& turn, double id) {
  IoContext::current(turn).timers().clear(TimerQueue::Id(id));
}

constexpr js::Member kNatives[] = {
    js::function<&start>("start"),
    js::function<&stop>("stop"),
};

}  // namespace

constinit const js::Builtin kScheduler{
    .name = "Scheduler", .source = kSchedulerJs, .natives = kNatives};

}  // namespace ocapd::api
