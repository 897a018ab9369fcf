#include "binary_config.h"

#include <capnp/serialize.h>
#include <kj/debug.h>

#include <bit>
#include <cstring>

namespace ocapd::config {
namespace {

static_assert(std::endian::native == std::endian::little, "segment tables are little-endian");

constexpr uint32_t kSegmentsMax = 512;
// Memory grows with what has arrived, not with what a header claims: so much to begin with, then
// by so much at a time.
constexpr size_t kFirstBytes = 16u << 20;  // untouched pages cost nothing
constexpr size_t kGrowth = 8;
// Reading a config once follows each pointer a few times.
constexpr uint64_t kReadsOfEachWord = 16;
constexpr uint64_t kReadWordsMin = 64u << 10;
constexpr int kNestingMax = 64;

bool readFully(kj::InputStream& in, kj::ArrayPtr<kj::byte> into) {
  return in.tryRead(into.begin(), into.size(), into.size()) == into.size();
}

// Reads `bytes` bytes, which the stream may not have.
kj::Maybe<kj::Array<capnp::word>> readBody(kj::InputStream& in, size_t bytes) {
  auto words = kj::heapArray<capnp::word>(kj::min(bytes, kFirstBytes) / sizeof(capnp::word));
  size_t filled = 0;
  for (;;) {
    auto into = words.asBytes();
    if (!readFully(in, into.slice(filled, into.size()))) return nullptr;
    filled = into.size();
    if (filled == bytes) return kj::mv(words);
    auto larger =
        kj::heapArray<capnp::word>(kj::min(bytes, filled * kGrowth) / sizeof(capnp::word));
    memcpy(larger.begin(), words.begin(), filled);
    words = kj::mv(larger);
  }
}

capnp::ReaderOptions limitsFor(size_t words) {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = words * kReadsOfEachWord + kReadWordsMin;
  options.nestingLimit = kNestingMax;
  return options;
}

}  // namespace

BinaryConfig::BinaryConfig(kj::Array<capnp::word> words,
                           kj::Array<kj::ArrayPtr<const capnp::word>> segments)
    : words_(kj::mv(words)),
      segments_(kj::mv(segments)),
      reader_(segments_.asPtr(), limitsFor(words_.size())) {}

kj::Maybe<kj::Own<BinaryConfig>> BinaryConfig::read(kj::InputStream& in, kj::StringPtr name,
                                                    Problems& problems) {
  auto fail = [&](auto&&... parts) {
    problems.error(Position{kj::str(name)}, kj::str(parts...));
    return nullptr;
  };

  uint32_t head[2];  // segment count - 1, words of the first segment
  size_t got = in.tryRead(head, sizeof(head), sizeof(head));
  if (got == 0) return fail("Premature end of file");
  if (got < sizeof(head)) return fail("failed to fill the whole buffer");
  uint32_t segmentCount = head[0] + 1;
  if (segmentCount == 0 || segmentCount > kSegmentsMax) {
    return fail("Too many or too few segments ", segmentCount, "; is this a binary config?");
  }

  // The table is padded to a whole word.
  auto table = kj::heapArray<uint32_t>((segmentCount / 2) * 2 + 1);
  table[0] = head[1];
  auto rest = table.slice(1, table.size());
  if (!readFully(in, rest.asBytes())) return fail("failed to fill the whole buffer");
  uint64_t wordCount = 0;
  for (uint32_t i = 0; i < segmentCount; ++i) wordCount += table[i];
  if (wordCount * sizeof(capnp::word) > kBinaryBytesMax) {
    return fail("the message claims to have ", wordCount * sizeof(capnp::word), " bytes; at most ",
                kBinaryBytesMax, " are read. Is this a binary config?");
  }

  KJ_IF_MAYBE(words, readBody(in, wordCount * sizeof(capnp::word))) {
    auto segments = kj::heapArray<kj::ArrayPtr<const capnp::word>>(segmentCount);
    size_t begin = 0;
    for (uint32_t i = 0; i < segmentCount; ++i) {
      segments[i] = words->slice(begin, begin + table[i]);
      begin += table[i];
    }
    return kj::heap<BinaryConfig>(kj::mv(*words), kj::mv(segments));
  }
  return fail("failed to fill the whole buffer");
}

}  // namespace ocapd::config
