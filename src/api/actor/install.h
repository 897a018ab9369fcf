// The classes of this room, for the list of what every isolate is born with.
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

// After Fetcher, which stubs extend.
void installActors(js::GlobalBuilder& global);

}  // namespace ocapd::api
