#include "src/api/streams/byte_source.h"

#include <string.h>

#include <kj/debug.h>

namespace ocapd::api {

namespace {

constexpr size_t kFirstBytes = 4096;
constexpr size_t kTrustedBytes = 1 << 20;  // of a claimed length, reserved before any byte arrives

class SharedBytesStream final : public kj::AsyncInputStream {
 public:
  explicit SharedBytesStream(kj::Own<SharedBytes> bytes)
      : shared_(kj::mv(bytes)), left_(shared_->bytes) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t, size_t maxBytes) override {
    size_t count = kj::min(maxBytes, left_.size());
    memcpy(buffer, left_.begin(), count);
    left_ = left_.slice(count, left_.size());
    return count;
  }

  kj::Maybe<uint64_t> tryGetLength() override { return left_.size(); }

  kj::Promise<uint64_t> pumpTo(kj::AsyncOutputStream& output, uint64_t amount) override {
    auto part = left_.slice(0, kj::min(amount, left_.size()));
    left_ = left_.slice(part.size(), left_.size());
    uint64_t count = part.size();
    return output.write(part.begin(), part.size()).then([count] { return count; });
  }

 private:
  kj::Own<SharedBytes> shared_;
  kj::ArrayPtr<const kj::byte> left_;
};

// One byte that never comes.
class NeverStream final : public kj::AsyncInputStream {
 public:
  kj::Promise<size_t> tryRead(void*, size_t, size_t) override { return kj::NEVER_DONE; }
  kj::Maybe<uint64_t> tryGetLength() override { return uint64_t(1); }
};

}  // namespace

void breakOff(kj::AsyncOutputStream& sink) {
  // A write that was begun and dropped is what KJ knows a broken body by.
  NeverStream never;
  auto refused =
      kj::runCatchingExceptions([&] { auto begun = sink.tryPumpFrom(never, kj::maxValue); });
  // What cannot take another byte knows its length, and ends as it should.
  (void)refused;
}

kj::Promise<kj::Array<kj::byte>> readAll(kj::AsyncInputStream& stream, kj::Maybe<uint64_t> expected,
                                         size_t bytesMax) {
  // One byte more than expected, so that the end shows in the same read.
  size_t first = kFirstBytes;
  KJ_IF_MAYBE(length, expected) {
    first = kj::min(*length, kTrustedBytes) + 1;
  }
  auto buffer = kj::heapArray<kj::byte>(first);
  size_t filled = 0;
  while (true) {
    size_t count = co_await stream.tryRead(buffer.begin() + filled, buffer.size() - filled,
                                           buffer.size() - filled);
    filled += count;
    if (filled < buffer.size()) break;
    if (filled > bytesMax) {
      kj::throwFatalException(KJ_EXCEPTION(
          OVERLOADED, "jsg.RangeError: The body is too large to be read at once.", bytesMax));
    }
    auto larger = kj::heapArray<kj::byte>(buffer.size() * 2);
    memcpy(larger.begin(), buffer.begin(), filled);
    buffer = kj::mv(larger);
  }
  auto result = kj::heapArray<kj::byte>(filled);
  memcpy(result.begin(), buffer.begin(), filled);
  co_return result;
}

kj::Own<kj::AsyncInputStream> newSharedBytesStream(kj::Own<SharedBytes> bytes) {
  return kj::heap<SharedBytesStream>(kj::mv(bytes));
}

}  // namespace ocapd::api
