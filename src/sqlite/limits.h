// How each connection is set up: limits and safety switches.
//
// See       https://www.sqlite.org/limits.html
#pragma once

struct sqlite3;

namespace ocapd::sqlite {

void applyLimits(sqlite3* connection);

}  // namespace ocapd::sqlite
