// Syntax checks of what KJ's network code would refuse only when the server is already starting.
// Each returns what is wrong with the text, in words that fit behind it, or nothing.
#pragma once

#include <kj/string.h>

namespace ocapd::config {

// `*:80`, `1.2.3.4[:port]`, `host[:port]`, a bare IPv6 address, `[v6]:port`, `unix:/path`,
// `unix-abstract:name`. Whether a host exists is not looked up.
kj::Maybe<kj::String> whatIsWrongWithAddress(kj::StringPtr address);

// An entry of Network.allow or Network.deny.
enum class FilterList { Allow, Deny };
kj::Maybe<kj::String> whatIsWrongWithFilter(kj::StringPtr entry, FilterList list);

// RFC 9110 field names and values.
bool isHeaderName(kj::StringPtr name);
bool isHeaderValue(kj::StringPtr value);

}  // namespace ocapd::config
