#include "problem.h"

#include <simdutf.h>

namespace ocapd::config {
namespace {

// The longest prefix of at most `bytesMax` bytes that does not end within a character.
size_t cutAt(kj::StringPtr text, size_t bytesMax) {
  if (text.size() <= bytesMax) return text.size();
  size_t end = bytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return end;
}

// Names and values in a message come from files that need not be text.
kj::String printable(kj::String message) {
  constexpr char kHex[] = "0123456789abcdef";
  size_t end = cutAt(message, kMessageBytesMax);
  bool utf8 = simdutf::validate_utf8(message.begin(), end);
  kj::Vector<char> result(end + 4);
  for (unsigned char c : message.slice(0, end)) {
    if (c < 0x20 || c == 0x7f || (c >= 0x80 && !utf8)) {
      result.addAll(kj::ArrayPtr<const char>({'\\', 'x', kHex[c >> 4], kHex[c & 15]}));
    } else {
      result.add(static_cast<char>(c));
    }
  }
  if (end < message.size()) result.addAll("..."_kj);
  result.add('\0');
  return kj::String(result.releaseAsArray());
}

}  // namespace

kj::String Problem::toString() const {
  KJ_IF_MAYBE(at, position) {
    if (at->line == 0) return kj::str(at->file, ": ", message);
    if (at->column == 0) return kj::str(at->file, ':', at->line, ": ", message);
    if (at->endColumn <= at->column) {
      return kj::str(at->file, ':', at->line, ':', at->column, ": ", message);
    }
    return kj::str(at->file, ':', at->line, ':', at->column, '-', at->endColumn, ": ", message);
  }
  return kj::str(message);
}

kj::Maybe<Position> Problems::positionOf(const Place& place) {
  KJ_IF_MAYBE(locator, locator_) return locator->locate(place);
  return nullptr;
}

void Problems::error(const Place& place, kj::String message) {
  if (errors_.size() > kProblemsMax) return;
  add(errors_, positionOf(place), kj::mv(message));
}

void Problems::warning(const Place& place, kj::String message) {
  if (warnings_.size() > kProblemsMax) return;
  add(warnings_, positionOf(place), kj::mv(message));
}

void Problems::error(kj::Maybe<Position> position, kj::String message) {
  add(errors_, kj::mv(position), kj::mv(message));
}

void Problems::add(kj::Vector<Problem>& list, kj::Maybe<Position> position, kj::String message) {
  if (list.size() < kProblemsMax) {
    list.add(Problem{kj::mv(position), printable(kj::mv(message))});
  } else if (list.size() == kProblemsMax) {
    list.add(Problem{nullptr, kj::str("There is more, but only the first ", kProblemsMax,
                                      " problems are shown.")});
  }
}

}  // namespace ocapd::config
