// The global `crypto` and the classes Crypto, SubtleCrypto and CryptoKey.
//
// Errors    random numbers at a script's top level are the documented global-scope error.
// Spec      https://w3c.github.io/webcrypto/#Crypto-interface
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

void installCrypto(js::GlobalBuilder& builder);

}  // namespace ocapd::api
