// ByteRange: what a `Range` header asks for, cut to what a body of known size has.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2
#pragma once

#include <stdint.h>

#include <kj/one-of.h>
#include <kj/string.h>

namespace ocapd::server {

struct ByteRange {
  uint64_t first;
  uint64_t last;  // inclusive

  uint64_t size() const { return last - first + 1; }
};

struct WholeBody {};
struct UnsatisfiableRange {};

// Several ranges are answered by the whole body, and so is a suffix longer than it. A header that
// cannot be understood counts as unsatisfiable, as in the reference.
kj::OneOf<ByteRange, WholeBody, UnsatisfiableRange> parseRange(kj::StringPtr header,
                                                               uint64_t bodyBytes);

}  // namespace ocapd::server
