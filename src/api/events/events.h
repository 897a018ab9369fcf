// Event, CustomEvent, EventTarget, AbortController and AbortSignal: a built-in script made of
// event.js, event_target.js and abort.js.
//
// Differs: listeners that throw are reported to the worker's console.
//
// Spec      https://dom.spec.whatwg.org/#events
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

// Its value is for abort_signal.h and for scripts after it.
extern const js::Builtin kEvents;

}  // namespace ocapd::api
