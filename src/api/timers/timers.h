// setTimeout(), setInterval(), what clears them, and queueMicrotask().
//
// Timers belong to the event that sets them and end with it.
//
// Errors    at a script's top level the documented global-scope error.
// Spec      https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

// Adds the functions above.
void installTimers(js::GlobalBuilder& global);

}  // namespace ocapd::api
