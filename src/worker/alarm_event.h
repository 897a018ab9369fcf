// AlarmEvent: the time that a Durable Object has asked to be woken at.
//
// Spec      https://developers.cloudflare.com/durable-objects/api/alarms/
#pragma once

#include "src/worker/event.h"

namespace ocapd::worker {

class AlarmEvent final : public Event {
 public:
  static constexpr kj::Duration kTimeMax = 15 * kj::MINUTES;

  using Event::Event;
  // A failing handler is an outcome, to be tried again; a missing one is told and is none.
  kj::Promise<channel::AlarmResult> run(channel::AlarmEvent event);
};

}  // namespace ocapd::worker
