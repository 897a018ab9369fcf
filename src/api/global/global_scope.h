// The global scope's own members: self, origin, navigator, structuredClone(), reportError().
//
// Spec https://html.spec.whatwg.org/multipage/workers.html#the-workerglobalscope-common-interface
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

// Adds all of them. After kEvents.
void installGlobalScope(js::GlobalBuilder& global);

}  // namespace ocapd::api
