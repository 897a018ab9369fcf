// The native classes behind Node's modules, for the startup snapshot. None is a global.
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

void installNodeClasses(js::GlobalBuilder& global);

}  // namespace ocapd::api
