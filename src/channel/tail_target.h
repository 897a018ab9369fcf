// TailTarget: a RequestTarget that takes reports of what other events have done.
//
// Threads   its lane.
// See       https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/
#pragma once

#include <kj/array.h>
#include <kj/async.h>
#include <kj/string.h>

namespace ocapd::channel {

class TailTarget {
 public:
  // Each report is the JSON of a TraceItem. As with other events: once, and the target is kept
  // until the promise resolves.
  virtual kj::Promise<void> tail(kj::Array<kj::String> reports) = 0;

 protected:
  ~TailTarget() = default;
};

}  // namespace ocapd::channel
