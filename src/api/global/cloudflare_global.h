// The global `Cloudflare`, and what else of the global object depends on compatibility flags.
#pragma once

#include "src/compat/compat_flags.h"
#include "src/js/turn.h"

namespace ocapd::api {

// To be called once for each isolate, before any code of the worker. `flags` outlive the isolate.
void installFlags(js::Turn& turn, const compat::CompatFlags& flags);

}  // namespace ocapd::api
