// What must hold of every LoadResult, whatever was loaded.
#pragma once

#include "src/config/load.h"

namespace ocapd::fuzz {

// Ends the process if it does not.
void checkLoadResult(const config::LoadResult& result);

}  // namespace ocapd::fuzz
