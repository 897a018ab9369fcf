#include "src/cli/test_filter.h"

#include <fnmatch.h>

#include <kj/vector.h>

namespace ocapd::cli {

kj::Maybe<TestFilter> parseTestFilter(kj::StringPtr text) {
  kj::Vector<kj::String> parts;
  kj::StringPtr rest = text;
  while (true) {
    KJ_IF_MAYBE(colon, rest.findFirst(':')) {
      parts.add(kj::heapString(rest.begin(), *colon));
      rest = rest.slice(*colon + 1);
    } else {
      parts.add(kj::str(rest));
      break;
    }
  }
  TestFilter filter;
  switch (parts.size()) {
    case 1: filter.service = kj::mv(parts[0]); return kj::mv(filter);
    case 2:
      filter.service = kj::mv(parts[0]);
      filter.entrypoint = kj::mv(parts[1]);
      return kj::mv(filter);
    case 3:
      filter.constName = kj::mv(parts[0]);
      filter.service = kj::mv(parts[1]);
      filter.entrypoint = kj::mv(parts[2]);
      return kj::mv(filter);
    default: return nullptr;
  }
}

bool matchesGlob(kj::StringPtr glob, kj::StringPtr text) {
  return ::fnmatch(glob.cStr(), text.cStr(), 0) == 0;
}

}  // namespace ocapd::cli
