// Whether a text is JSON (RFC 8259), without keeping what it says.
#pragma once

#include <kj/string.h>

namespace ocapd::config {

// Where the text stops being JSON, as an offset in bytes; none: it is JSON. Takes no stack however
// deeply arrays and objects nest. The text is taken to be UTF-8.
kj::Maybe<size_t> findJsonError(kj::StringPtr text);

}  // namespace ocapd::config
