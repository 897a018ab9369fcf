#include "src/worker/tail_event.h"

#include "src/api/workers/trace_items.h"

namespace ocapd::worker {

kj::Promise<void> TailEvent::run(kj::Array<kj::String> reports) {
  auto done = runHandler("tail", "Handler does not export a tail() function.",
                         [&](js::Turn& turn) { return api::newTraceItems(turn, reports); });
  return finished(kj::mv(done)).ignoreResult();
}

}  // namespace ocapd::worker
