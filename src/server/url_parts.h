// The parts of an absolute URL that forwarding needs, byte for byte as they stand in it.
#pragma once

#include <kj/string.h>

namespace ocapd::server {

struct UrlParts {
  kj::ArrayPtr<const char> scheme;  // `https`
  kj::ArrayPtr<const char> host;    // `example.com:8080`, without user and password
  kj::ArrayPtr<const char> target;  // path and query, without the fragment; may lack its slash
};

// None if `url` is not of the form `scheme://host…`.
kj::Maybe<UrlParts> findUrlParts(kj::StringPtr url);

// The target as it belongs in a request line: never empty.
kj::String requestTarget(const UrlParts& parts);

}  // namespace ocapd::server
