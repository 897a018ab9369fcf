// CompressionStream and DecompressionStream: a built-in script over zlib.
//
// Spec      https://compression.spec.whatwg.org/
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

// After the streams.
void installCompression(js::GlobalBuilder& global);

}  // namespace ocapd::api
