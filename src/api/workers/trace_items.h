// What tail() handlers are given: an array of TraceItems.
//
// Spec      https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/#traceitems
#pragma once

#include "src/js/global_builder.h"
#include "src/js/isolate.h"

namespace ocapd::api {

extern const js::Builtin kTraceItems;

// From reports, JSON each.
v8::Local<v8::Value> newTraceItems(js::Turn& turn, kj::ArrayPtr<const kj::String> reports);

}  // namespace ocapd::api
