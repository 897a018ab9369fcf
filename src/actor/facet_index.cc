#include "src/actor/facet_index.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kj/debug.h>

namespace ocapd::actor {

namespace {

// As it lies in the file.
constexpr kj::byte kMagic[] = {0x57, 0xEF, 0xB0, 0xC5, 0x5B, 0xCE, 0xCD, 0xC4};
constexpr size_t kHeadBytes = 4;

uint32_t readUint16(const kj::byte* at) {
  return at[0] | uint32_t(at[1]) << 8;
}

void writeAll(int file, kj::ArrayPtr<const kj::byte> bytes) {
  kj::FdOutputStream(file).write(bytes.begin(), bytes.size());
  KJ_SYSCALL(fdatasync(file));
}

}  // namespace

FacetIndex::FacetIndex(kj::Maybe<kj::String> path) : path_(kj::mv(path)) {
  KJ_IF_MAYBE(where, path_) {
    load(*where);
  }
}

FacetIndex::~FacetIndex() noexcept(false) = default;

void FacetIndex::load(kj::StringPtr path) {
  int file = open(path.cStr(), O_RDWR | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return;
  if (file < 0) KJ_FAIL_SYSCALL("open", errno, path);
  file_ = kj::AutoCloseFd(file);
  struct stat info;
  KJ_SYSCALL(fstat(file, &info));
  auto bytes = kj::heapArray<kj::byte>(size_t(info.st_size));
  size_t length = kj::FdInputStream(file).tryRead(bytes.begin(), bytes.size(), bytes.size());
  size_t valid = 0;
  if (length > sizeof(kMagic)) {
    KJ_REQUIRE(memcmp(bytes.begin(), kMagic, sizeof(kMagic)) == 0,
               "a Durable Object's index of facets is no such file", path);
    valid = sizeof(kMagic) + parse(bytes.slice(sizeof(kMagic), length));
  }
  if (valid != size_t(info.st_size)) KJ_SYSCALL(ftruncate(file, off_t(valid)));
  KJ_SYSCALL(lseek(file, off_t(valid), SEEK_SET));
  if (valid == 0) writeAll(file, kMagic);
}

size_t FacetIndex::parse(kj::ArrayPtr<const kj::byte> bytes) {
  size_t at = 0;
  while (bytes.size() - at >= kHeadBytes && entries_.size() < kNumberMax) {
    uint32_t parent = readUint16(bytes.begin() + at);
    size_t length = readUint16(bytes.begin() + at + 2);
    if (length == 0 || bytes.size() - at - kHeadBytes < length) break;
    auto name =
        kj::heapString(reinterpret_cast<const char*>(bytes.begin()) + at + kHeadBytes, length);
    if (parent > entries_.size() || find(parent, name) != nullptr) break;
    entries_.add(Entry{parent, kj::mv(name)});
    at += kHeadBytes + length;
  }
  return at;
}

kj::Maybe<uint32_t> FacetIndex::find(uint32_t parent, kj::StringPtr name) const {
  for (size_t i : kj::indices(entries_)) {
    if (entries_[i].parent == parent && entries_[i].name == name) return uint32_t(i + 1);
  }
  return nullptr;
}

uint32_t FacetIndex::findOrAdd(uint32_t parent, kj::StringPtr name) {
  KJ_IF_MAYBE(number, find(parent, name)) {
    return *number;
  }
  KJ_REQUIRE(name.size() > 0 && name.size() <= kNameBytesMax, "a facet needs a name", name);
  KJ_REQUIRE(entries_.size() < kNumberMax, "a Durable Object has too many facets");
  Entry entry{parent, kj::str(name)};
  append(entry);
  entries_.add(kj::mv(entry));
  return uint32_t(entries_.size());
}

void FacetIndex::append(const Entry& entry) {
  auto& path = KJ_UNWRAP_OR(path_, { return; });
  if (file_.get() < 0) {
    int file = open(path.cStr(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) KJ_FAIL_SYSCALL("open", errno, path);
    file_ = kj::AutoCloseFd(file);
    writeAll(file_, kMagic);
  }
  auto bytes = kj::heapArray<kj::byte>(kHeadBytes + entry.name.size());
  bytes[0] = kj::byte(entry.parent);
  bytes[1] = kj::byte(entry.parent >> 8);
  bytes[2] = kj::byte(entry.name.size());
  bytes[3] = kj::byte(entry.name.size() >> 8);
  memcpy(bytes.begin() + kHeadBytes, entry.name.begin(), entry.name.size());
  writeAll(file_, bytes);
}

kj::Vector<FacetIndex::Child> FacetIndex::childrenOf(uint32_t parent) const {
  kj::Vector<Child> children;
  for (size_t i : kj::indices(entries_)) {
    if (entries_[i].parent != parent) continue;
    children.add(Child{uint32_t(i + 1), kj::str(entries_[i].name)});
  }
  return children;
}

}  // namespace ocapd::actor
