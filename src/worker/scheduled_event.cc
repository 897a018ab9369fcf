#include "src/worker/scheduled_event.h"

#include <cppgc/persistent.h>

#include "src/api/workers/scheduled_controller.h"

namespace ocapd::worker {

kj::Promise<channel::ScheduledResult> ScheduledEvent::run(channel::ScheduledEvent event) {
  auto milliseconds = (event.scheduledTime - kj::UNIX_EPOCH) / kj::MILLISECONDS;
  description_ = kj::str("\"cron\":", jsonText(event.cron), ",\"scheduledTime\":", milliseconds);
  cppgc::Persistent<api::ScheduledController> controller;
  auto done = runHandler("scheduled", "Handler does not export a scheduled() function",
                         [&](js::Turn& turn) {
                           controller = turn.make<api::ScheduledController>(kj::mv(event));
                           return turn.wrap(*controller);
                         });
  auto outcome = co_await finished(kj::mv(done));
  bool retry = controller && controller->mayRetry();
  co_return channel::ScheduledResult{outcome, outcome == channel::Outcome::Ok && retry};
}

}  // namespace ocapd::worker
