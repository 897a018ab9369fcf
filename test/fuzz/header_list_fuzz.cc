// Builds header lists from whatever lines: nothing may crash, and what is sorted and combined has
// what the list has.

#include <stddef.h>
#include <stdint.h>

#include <kj/debug.h>

#include "src/api/fetch/header_list.h"
#include "src/js/error.h"

namespace ocapd::api {
namespace {

// Lines "+name: value", "=name: value", "-name"; what is no header is skipped.
void apply(HeaderList& list, kj::ArrayPtr<const char> line) {
  if (line.size() < 2) return;
  char what = line[0];
  auto rest = kj::heapString(line.slice(1, line.size()));
  auto colon = rest.findFirst(':').orDefault(rest.size());
  auto name = kj::heapString(rest.slice(0, colon));
  auto value = kj::heapString(rest.slice(kj::min(colon + 1, rest.size())));
  if (!isToken(name) || !isFieldValue(value)) return;
  if (what == '-') return list.remove(name);
  if (what == '=') return list.set(name, value);
  list.append(name, value);
  KJ_ASSERT(list.has(name));
  KJ_ASSERT(list.get(name) != nullptr);
}

void build(kj::ArrayPtr<const char> input) {
  auto list = kj::refcounted<HeaderList>();
  while (input.size() > 0) {
    size_t end = 0;
    while (end < input.size() && input[end] != '\n') ++end;
    apply(*list, input.slice(0, end));
    input = input.slice(kj::min(end + 1, input.size()), input.size());
  }
  auto copied = list->copy();
  KJ_ASSERT(copied->entries().size() == list->entries().size());
  auto combined = list->sortAndCombine();
  KJ_ASSERT(combined.size() <= list->entries().size());
  for (size_t i = 1; i < combined.size(); ++i) {
    KJ_ASSERT(combined[i - 1].name <= combined[i].name);
  }
}

}  // namespace
}  // namespace ocapd::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    ocapd::api::build(kj::arrayPtr(reinterpret_cast<const char*>(data), size));
  } catch (ocapd::js::Error&) {
    // Too many headers.
  }
  return 0;
}
