#include "src/api/node/sources.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace ocapd::api::node {

namespace {

struct SourceRow {
  std::string_view id;
  size_t start;
  size_t size;
};

}  // namespace

}  // namespace ocapd::api::node

#include "src/api/node/source_table.h"

extern "C" const char ocapdNodeSourcesStart[];

namespace ocapd::api::node {

kj::Maybe<kj::ArrayPtr<const char>> findSource(kj::StringPtr id) {
  std::string_view wanted(id.begin(), id.size());
  const auto* found = std::ranges::lower_bound(kSourceRows, wanted, {}, &SourceRow::id);
  if (found == std::end(kSourceRows) || found->id != wanted) return nullptr;
  return kj::arrayPtr(ocapdNodeSourcesStart + found->start, found->size);
}

}  // namespace ocapd::api::node
