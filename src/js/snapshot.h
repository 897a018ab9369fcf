// The startup snapshot: one context with everything a GlobalBuilder lists, as bytes.
//
// Layout of its data, in order. Isolate: the template of each class. Context: the value of each
// built-in script. Isolate reads it back by the same GlobalBuilder.
//
// Threads   the main thread, once, in a process made for it (//src/api:snapshot).
// Errors    throws a kj::Exception naming the built-in script that does not compile or run.
#pragma once

#include <kj/array.h>

#include "src/js/engine.h"
#include "src/js/global_builder.h"

namespace ocapd::js {

kj::Array<kj::byte> makeSnapshot(Engine& engine, const GlobalBuilder& global);

}  // namespace ocapd::js
