// EventSource: a class of a built-in script over fetch() and streams.
//
// Limits    an event of 16 Mi characters.
// Spec      https://html.spec.whatwg.org/multipage/server-sent-events.html
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

// After fetch, the streams and the timers.
extern const js::Builtin kEventSource;

}  // namespace ocapd::api
