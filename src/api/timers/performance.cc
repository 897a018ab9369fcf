#include "src/api/timers/performance.h"

#include <kj/time.h>

#include "src/api/io/io_context.h"
#include "src/api/timers/performance_js.h"

namespace ocapd::api {

namespace {

double now(js::Turn& turn) {
  if (!IoContext::exists(turn)) return 0;
  return double((kj::systemPreciseCalendarClock().now() - kj::UNIX_EPOCH) / kj::MILLISECONDS);
}

constexpr js::Member kNatives[] = {js::function<&now>("now")};

}  // namespace

constinit const js::Builtin kPerformance{
    .name = "Performance", .source = kPerformanceJs, .natives = kNatives};

void installPerformanceTimeline(js::Turn& turn, Timeline timeline) {
  auto builtin = turn.isolate().builtin(turn, kPerformance);
  v8::Local<v8::Value> isNode = v8::Boolean::New(turn.v8, timeline == Timeline::OfNode);
  turn.check(turn.get(builtin, "install")
                 .As<v8::Function>()
                 ->Call(turn.context, turn.undefined(), 1, &isNode));
}

}  // namespace ocapd::api
