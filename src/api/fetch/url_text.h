// Absolute URLs for requests, parsed by ada.
//
// Spec      https://url.spec.whatwg.org/
#pragma once

#include <kj/string.h>

namespace ocapd::api {

// The serialized URL, fragment included. Throws TypeError "Invalid URL: …" when it does not parse
// without a base.
kj::String parseUrl(kj::StringPtr text);

// Throws TypeError "Fetch API cannot load: …" unless it is an http, https or data URL.
void requireFetchable(kj::StringPtr url);

// `location` against `base`; none when it does not parse.
kj::Maybe<kj::String> resolveUrl(kj::StringPtr location, kj::StringPtr base);

// Whether two absolute URLs have the same scheme, host and port.
bool isSameOrigin(kj::StringPtr a, kj::StringPtr b);

// Without "#…".
kj::ArrayPtr<const char> withoutFragment(kj::StringPtr url);

}  // namespace ocapd::api
