// console.*: formatting in JavaScript (console.js), writing through the worker's host.
//
// Spec      https://console.spec.whatwg.org/
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

extern const js::Builtin kConsole;

}  // namespace ocapd::api
