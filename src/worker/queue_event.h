// QueueEvent: a batch of messages of a queue.
//
// Spec      https://developers.cloudflare.com/queues/configuration/javascript-apis/#consumer
#pragma once

#include "src/worker/event.h"

namespace ocapd::worker {

class QueueEvent final : public Event {
 public:
  using Event::Event;
  // A failing handler is an outcome; it is logged.
  kj::Promise<channel::QueueResult> run(channel::QueueEvent event);

 private:
  kj::String describeForTrace() override { return kj::mv(description_); }

  kj::String description_;
};

}  // namespace ocapd::worker
