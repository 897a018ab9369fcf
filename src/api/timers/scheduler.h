// scheduler.wait(): a promise that resolves after a while.
//
// Spec      https://wicg.github.io/scheduling-apis/#scheduler, as far as the reference has it
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

// After kEvents.
extern const js::Builtin kScheduler;

}  // namespace ocapd::api
