// The functions and classes of this room, as tables.
#pragma once

#include <span>

#include "src/js/global_builder.h"

namespace ocapd::api::node {

// What lib/ocapd/crypto_binding.js gets.
std::span<const js::Member> cryptoFunctions();
// The classes behind them, which the snapshot has to know.
void installCrypto(js::GlobalBuilder& global);

}  // namespace ocapd::api::node
