// TailEvent: reports of what other events have done.
//
// Spec      https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/
#pragma once

#include "src/worker/event.h"

namespace ocapd::worker {

class TailEvent final : public Event {
 public:
  using Event::Event;
  // Resolves also when the handler has failed: nobody could be told but the log.
  kj::Promise<void> run(kj::Array<kj::String> reports);
};

}  // namespace ocapd::worker
