#include "src/worker/queue_event.h"

#include <cppgc/persistent.h>

#include "src/api/workers/queue_controller.h"

namespace ocapd::worker {

kj::Promise<channel::QueueResult> QueueEvent::run(channel::QueueEvent event) {
  description_ =
      kj::str("\"batchSize\":", event.messages.size(), ",\"queue\":", jsonText(event.queueName));
  cppgc::Persistent<api::QueueController> controller;
  auto done =
      runHandler("queue", "Handler does not export a queue() function.", [&](js::Turn& turn) {
        controller = turn.make<api::QueueController>(turn, kj::mv(event));
        return turn.wrap(*controller);
      });
  auto outcome = co_await finished(kj::mv(done));
  channel::QueueResult result;
  if (controller && outcome == channel::Outcome::Ok) result = controller->result();
  result.outcome = outcome;
  co_return result;
}

}  // namespace ocapd::worker
