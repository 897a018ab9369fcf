// FacetIndex: the numbers of a Durable Object's facets, which name their files. The root is 0.
//
// On disk it is a file that only grows: a magic number, then an entry for each facet with its
// parent's number and its name; the n-th entry is number n. What follows an entry that cannot be is
// cut off.
//
// Owns      the file's descriptor, from the first entry on.
// Lives     as long as its root actor.
// Threads   its lane.
// Limits    kNumberMax facets; names of kNameBytesMax.
// Errors    kj::Exception when the file cannot be read or written, or is no such file.
#pragma once

#include <kj/common.h>
#include <kj/io.h>
#include <kj/map.h>
#include <kj/string.h>
#include <kj/vector.h>

namespace ocapd::actor {

class FacetIndex {
 public:
  static constexpr uint32_t kRoot = 0;
  static constexpr uint32_t kNumberMax = 65535;
  static constexpr size_t kNameBytesMax = 256;

  // None: in memory.
  explicit FacetIndex(kj::Maybe<kj::String> path);
  ~FacetIndex() noexcept(false);

  kj::Maybe<uint32_t> find(uint32_t parent, kj::StringPtr name) const;
  // Gives a number, which is on disk when this returns, to a facet that has none.
  uint32_t findOrAdd(uint32_t parent, kj::StringPtr name);
  struct Child {
    uint32_t number;
    kj::String name;
  };
  kj::Vector<Child> childrenOf(uint32_t parent) const;
  uint32_t count() const { return uint32_t(entries_.size()); }

 private:
  struct Entry {
    uint32_t parent;
    kj::String name;
  };

  void load(kj::StringPtr path);
  // How many bytes of `bytes` are whole, valid entries.
  size_t parse(kj::ArrayPtr<const kj::byte> bytes);
  void append(const Entry& entry);

  kj::Maybe<kj::String> path_;
  kj::AutoCloseFd file_;
  kj::Vector<Entry> entries_;
};

}  // namespace ocapd::actor
