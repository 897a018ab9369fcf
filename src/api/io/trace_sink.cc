#include "src/api/io/trace_sink.h"

#include "src/api/io/io_context.h"

namespace ocapd::api {

TraceSink* TraceSink::current(js::Turn& turn) {
  if (!IoContext::exists(turn)) return nullptr;
  auto* sink = dynamic_cast<TraceSink*>(&IoContext::current(turn));
  return sink != nullptr && sink->isTraced() ? sink : nullptr;
}

}  // namespace ocapd::api
