// TraceSink: an event whose doings are reported to tail workers; IoContexts of workers are one.
//
// Threads   its lane.
#pragma once

#include <kj/string.h>

#include "src/api/io/worker_host.h"

namespace ocapd::api {

class TraceSink {
 public:
  // The one of the current event; null at a script's top level, and when nobody listens.
  static TraceSink* current(js::Turn& turn);

  virtual bool isTraced() = 0;
  // A console call: JSON of its arguments.
  virtual void traceLog(WorkerHost::LogLevel level, kj::StringPtr argumentsJson) = 0;

 protected:
  ~TraceSink() = default;
};

}  // namespace ocapd::api
