// ScheduledEvent: a cron trigger.
//
// Spec      https://developers.cloudflare.com/workers/runtime-apis/handlers/scheduled/
#pragma once

#include "src/worker/event.h"

namespace ocapd::worker {

class ScheduledEvent final : public Event {
 public:
  using Event::Event;
  // A failing handler is an outcome; it is logged.
  kj::Promise<channel::ScheduledResult> run(channel::ScheduledEvent event);

 private:
  kj::String describeForTrace() override { return kj::mv(description_); }

  kj::String description_;
};

}  // namespace ocapd::worker
