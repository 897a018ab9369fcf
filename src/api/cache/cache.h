// The global `caches`: a built-in script over requests to the config's cacheApiOutbound.
//
// Spec      https://developers.cloudflare.com/workers/runtime-apis/cache/
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

// After fetch and the streams.
extern const js::Builtin kCache;

}  // namespace ocapd::api
