// crypto.getRandomValues() and crypto.randomUUID(). SubtleCrypto is not here yet.
//
// Errors    at a script's top level the documented global-scope error.
// Spec      https://w3c.github.io/webcrypto/#Crypto-interface
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

extern const js::Builtin kCrypto;

}  // namespace ocapd::api
