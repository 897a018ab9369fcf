// The functions, pragmas and modules that a worker's SQL may use: the reference's lists.
#pragma once

#include <kj/string.h>

namespace ocapd::sqlite {

bool isAllowedFunction(kj::StringPtr name);
bool isAllowedPragma(kj::StringPtr name, kj::StringPtr argument);
bool isAllowedModule(kj::StringPtr name);
// Tables that show the file's pages or the connection's statements.
bool isHiddenTable(kj::StringPtr name);

}  // namespace ocapd::sqlite
