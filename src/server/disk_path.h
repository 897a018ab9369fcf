// DiskPath: the path of a URL as names below a directory, or the knowledge that it is none.
//
// Dot segments collapse, in their percent-encoded spellings too, before anything is decoded; a
// segment that decodes to something no file can be called is refused, so no encoding leads out of
// the directory. What symbolic links in the directory point at is its owner's decision.
#pragma once

#include <kj/array.h>
#include <kj/string.h>

namespace ocapd::server {

enum class Dotfiles { Refuse, Allow };

// The names from the directory down, joined by `/`; empty for the directory itself. None if the
// url names nothing that may exist: an empty or a forbidden segment. `url` is absolute; its query
// and fragment do not count.
kj::Maybe<kj::String> findDiskPath(kj::StringPtr url, Dotfiles dotfiles);

}  // namespace ocapd::server
