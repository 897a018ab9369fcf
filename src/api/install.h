// The global object every worker starts with, and the snapshot that holds it ready-made.
//
// Threads   immutable; any.
#pragma once

#include <kj/array.h>

#include "src/js/global_builder.h"

namespace ocapd::api {

// The rooms' install lists, in one order.
const js::GlobalBuilder& global();

// Made at build time by snapshot_tool.cc from global(); part of the program.
kj::ArrayPtr<const kj::byte> snapshot();

}  // namespace ocapd::api
