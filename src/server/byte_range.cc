#include "src/server/byte_range.h"

#include <strings.h>

namespace ocapd::server {
namespace {

using Text = kj::ArrayPtr<const char>;

Text trim(Text text) {
  while (text.size() > 0 && (text[0] == ' ' || text[0] == '\t')) text = text.slice(1, text.size());
  while (text.size() > 0 && (text.back() == ' ' || text.back() == '\t')) {
    text = text.slice(0, text.size() - 1);
  }
  return text;
}

// Digits only; what does not fit is as good as the largest number.
kj::Maybe<uint64_t> parseNumber(Text text) {
  if (text.size() == 0) return nullptr;
  uint64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return nullptr;
    uint64_t digit = c - '0';
    if (value > (UINT64_MAX - digit) / 10) return UINT64_MAX;
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace

kj::OneOf<ByteRange, WholeBody, UnsatisfiableRange> parseRange(kj::StringPtr header,
                                                               uint64_t bodyBytes) {
  constexpr auto kUnit = "bytes="_kj;
  if (header.size() < kUnit.size() ||
      strncasecmp(header.begin(), kUnit.begin(), kUnit.size()) != 0) {
    return UnsatisfiableRange{};
  }
  Text spec = trim(header.slice(kUnit.size()).asArray());
  for (char c : spec) {
    if (c == ',') return WholeBody{};
  }
  size_t dash = 0;
  while (dash < spec.size() && spec[dash] != '-') dash++;
  if (dash == spec.size()) return UnsatisfiableRange{};
  Text before = trim(spec.slice(0, dash));
  Text after = trim(spec.slice(dash + 1, spec.size()));

  if (before.size() == 0) {
    uint64_t suffix = parseNumber(after).orDefault(0);
    if (suffix == 0 || bodyBytes == 0) return UnsatisfiableRange{};
    if (suffix >= bodyBytes) return WholeBody{};
    return ByteRange{bodyBytes - suffix, bodyBytes - 1};
  }
  KJ_IF_MAYBE(first, parseNumber(before)) {
    if (*first >= bodyBytes) return UnsatisfiableRange{};
    uint64_t last = bodyBytes - 1;
    if (after.size() > 0) {
      KJ_IF_MAYBE(number, parseNumber(after)) {
        if (*number < *first) return UnsatisfiableRange{};
        last = kj::min(last, *number);
      } else {
        return UnsatisfiableRange{};
      }
    }
    return ByteRange{*first, last};
  }
  return UnsatisfiableRange{};
}

}  // namespace ocapd::server
