// performance.now() and performance.timeOrigin.
//
// As in the reference, the origin is the epoch and the resolution a millisecond; at a script's top
// level time stands still at 0.
//
// Spec      https://w3c.github.io/hr-time/#sec-performance
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

extern const js::Builtin kPerformance;

enum class Timeline : uint8_t { OfTheWeb, OfNode };
// Adds mark(), measure() and the like, and the classes that go with them. Before any user code.
void installPerformanceTimeline(js::Turn& turn, Timeline timeline);

}  // namespace ocapd::api
