// What the program calls itself.
#pragma once

#include <kj/string.h>

namespace ocapd::cli {

inline constexpr kj::StringPtr kVersion = "0.1.0"_kj;
// Tools that drive workerd ask for its version and take this line apart.
inline constexpr kj::StringPtr kWorkerdVersion = "workerd 2026-11-17"_kj;

}  // namespace ocapd::cli
