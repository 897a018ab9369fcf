#include "src/api/node/sources.h"

#include <string.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include <kj/vector.h>

#include "src/api/node/code_cache.h"

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
// Null in the program that makes it.
extern "C" const kj::byte ocapdNodeCodeCacheStart[] __attribute__((weak));

namespace ocapd::api::node {

namespace {

constexpr size_t kCodeAlignment = 8;

struct CodeRow {
  uint32_t start;
  uint32_t size;
};

const SourceRow* findRow(kj::StringPtr id) {
  std::string_view wanted(id.begin(), id.size());
  const auto* found = std::ranges::lower_bound(kSourceRows, wanted, {}, &SourceRow::id);
  return found == std::end(kSourceRows) || found->id != wanted ? nullptr : found;
}

}  // namespace

kj::Maybe<kj::ArrayPtr<const char>> findSource(kj::StringPtr id) {
  const SourceRow* found = findRow(id);
  if (found == nullptr) return nullptr;
  return kj::arrayPtr(ocapdNodeSourcesStart + found->start, found->size);
}

kj::Maybe<kj::ArrayPtr<const kj::byte>> findCodeCache(kj::StringPtr id) {
  if (ocapdNodeCodeCacheStart == nullptr) return nullptr;
  const SourceRow* found = findRow(id);
  if (found == nullptr) return nullptr;
  CodeRow row;
  memcpy(&row, ocapdNodeCodeCacheStart + size_t(found - kSourceRows) * sizeof(row), sizeof(row));
  if (row.size == 0) return nullptr;
  return kj::arrayPtr(ocapdNodeCodeCacheStart + row.start, row.size);
}

kj::Array<kj::byte> CodeCache::serialize() const {
  auto aligned = [](size_t size) {
    return (size + kCodeAlignment - 1) / kCodeAlignment * kCodeAlignment;
  };
  auto rows = kj::heapArray<CodeRow>(std::size(kSourceRows));
  kj::Vector<kj::byte> code;
  size_t start = aligned(rows.asBytes().size());
  for (size_t i : kj::indices(rows)) {
    rows[i] = {0, 0};
    auto found = codes_.find(kj::heapString(kSourceRows[i].id.data(), kSourceRows[i].id.size()));
    KJ_IF_MAYBE(bytes, found) {
      rows[i] = {uint32_t(start + code.size()), uint32_t(bytes->size())};
      code.addAll(*bytes);
      code.resize(aligned(code.size()));
    }
  }
  auto result = kj::heapArray<kj::byte>(start + code.size());
  memset(result.begin(), 0, start);
  memcpy(result.begin(), rows.begin(), rows.asBytes().size());
  memcpy(result.begin() + start, code.begin(), code.size());
  return result;
}

}  // namespace ocapd::api::node
