// The JavaScript files of this room, Node's and ours, as they lie in the program.
//
// Lives     as long as the process: constants.
#pragma once

#include <kj/array.h>
#include <kj/common.h>
#include <kj/string.h>

namespace ocapd::api::node {

// The text of a file by its id ("internal/util", "binding/util"), ASCII only.
kj::Maybe<kj::ArrayPtr<const char>> findSource(kj::StringPtr id);

}  // namespace ocapd::api::node
