// Bounds on what the constants of a config add up to, checked before the real parser, which copies
// a constant wherever it is named and recurses from one to the next.
#pragma once

#include "source_tree.h"

namespace ocapd::config {

// Bracket and name levels on the deepest way through constants, aliases and types, each of which
// counts kReferenceLevels besides.
inline constexpr size_t kLevelsMax = 1000;
inline constexpr size_t kReferenceLevels = 8;
// Estimated bytes of a constant with all that it refers to.
inline constexpr uint64_t kExpandedBytesMax = 1u << 30;

// False if something is beyond them; it is then among the problems.
bool checkReferences(const SourceTrees& trees, Problems& problems);

}  // namespace ocapd::config
