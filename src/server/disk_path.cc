#include "src/server/disk_path.h"

#include <kj/vector.h>

namespace ocapd::server {
namespace {

using Segment = kj::ArrayPtr<const char>;

// The path of an absolute url, without the leading slash.
Segment pathOf(kj::StringPtr url) {
  const char* begin = url.begin();
  for (const char* p = url.begin(); p + 2 < url.end(); p++) {
    if (p[0] == ':' && p[1] == '/' && p[2] == '/') {
      begin = p + 3;
      break;
    }
  }
  auto isEnd = [](char c) { return c == '?' || c == '#'; };
  while (begin < url.end() && *begin != '/' && *begin != '\\' && !isEnd(*begin)) begin++;
  if (begin < url.end() && !isEnd(*begin)) begin++;
  const char* end = begin;
  while (end < url.end() && !isEnd(*end)) end++;
  return kj::arrayPtr(begin, end);
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Stray percent signs stay what they are, as in the URL standard.
kj::Vector<char> percentDecode(Segment segment) {
  kj::Vector<char> result(segment.size());
  for (size_t i = 0; i < segment.size(); i++) {
    if (segment[i] == '%' && i + 2 < segment.size() && hexDigit(segment[i + 1]) >= 0 &&
        hexDigit(segment[i + 2]) >= 0) {
      result.add(static_cast<char>(hexDigit(segment[i + 1]) * 16 + hexDigit(segment[i + 2])));
      i += 2;
    } else {
      result.add(segment[i]);
    }
  }
  return result;
}

// How many dots a segment consists of, counting `%2e` as one; 0 if there is anything else.
int countDots(Segment segment) {
  int dots = 0;
  for (size_t i = 0; i < segment.size(); i++) {
    if (segment[i] == '%' && i + 2 < segment.size() && segment[i + 1] == '2' &&
        (segment[i + 2] | 0x20) == 'e') {
      i += 2;
    } else if (segment[i] != '.') {
      return 0;
    }
    dots++;
  }
  return dots;
}

bool canBeFileName(kj::ArrayPtr<const char> name, Dotfiles dotfiles) {
  if (name.size() == 0) return false;
  for (char c : name) {
    if (c == '/' || c == '\0') return false;
  }
  if (name[0] != '.') return true;
  if (dotfiles == Dotfiles::Refuse) return false;
  bool isDirectoryLink = name.size() == 1 || (name.size() == 2 && name[1] == '.');
  return !isDirectoryLink;
}

}  // namespace

kj::Maybe<kj::String> findDiskPath(kj::StringPtr url, Dotfiles dotfiles) {
  auto path = pathOf(url);
  kj::Vector<Segment> segments;
  const char* begin = path.begin();
  for (;;) {
    const char* end = begin;
    while (end < path.end() && *end != '/' && *end != '\\') end++;
    auto segment = kj::arrayPtr(begin, end);
    bool last = end == path.end();
    int dots = countDots(segment);
    if (dots == 1 || dots == 2) {
      if (dots == 2 && !segments.empty()) segments.removeLast();
    } else if (!last || segment.size() > 0) {
      // An empty last segment is a trailing slash, which changes nothing.
      segments.add(segment);
    }
    if (last) break;
    begin = end + 1;
  }

  kj::Vector<char> joined(path.size() + 1);
  for (auto& segment : segments) {
    auto name = percentDecode(segment);
    if (!canBeFileName(name, dotfiles)) return nullptr;
    if (!joined.empty()) joined.add('/');
    joined.addAll(name);
  }
  joined.add('\0');
  return kj::String(joined.releaseAsArray());
}

}  // namespace ocapd::server
