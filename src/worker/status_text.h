// Reason phrases for status codes without one.
// See       RFC 9110 §15 and the IANA registry of HTTP status codes
#pragma once

#include <kj/string.h>

namespace ocapd::worker {

// "" for codes that have no registered phrase.
kj::StringPtr defaultStatusText(unsigned status);

}  // namespace ocapd::worker
