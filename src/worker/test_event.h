// TestEvent: one test() handler, as `ocapd test` calls it.
#pragma once

#include "src/worker/event.h"

namespace ocapd::worker {

class TestEvent final : public Event {
 public:
  TestEvent(Worker& worker, kj::Maybe<Entrypoint&> entrypoint,
            kj::Maybe<kj::Own<channel::Props>> props)
      : Event(worker, entrypoint, kj::mv(props)) {
    logSeverity_ = kj::LogSeverity::ERROR;  // what fails is told, however quiet the run
  }
  // Fails with what the handler threw, which the log has been told with its stack.
  kj::Promise<void> run();
};

}  // namespace ocapd::worker
