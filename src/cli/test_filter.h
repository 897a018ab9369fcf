// TestFilter: which tests `ocapd test` is to run: "service", "service:entrypoint", with globs.
#pragma once

#include <kj/string.h>

namespace ocapd::cli {

struct TestFilter {
  kj::Maybe<kj::String> constName;
  kj::String service = kj::str("*");
  kj::String entrypoint = kj::str("*");
};

// None: too many colons.
kj::Maybe<TestFilter> parseTestFilter(kj::StringPtr text);

// Globs: `*`, `?`, `[ab]`, `[a-z]`, `[!a]`; everything else is itself.
bool matchesGlob(kj::StringPtr glob, kj::StringPtr text);

}  // namespace ocapd::cli
