// Reads whatever bytes as a compressed body: nothing may crash, and however much comes out, no more
// than asked for is held.

#include <stddef.h>
#include <stdint.h>

#include <kj/debug.h>

#include "src/api/streams/content_coding.h"

namespace ocapd::api {
namespace {

constexpr size_t kReadBytes = 4096;
// Bombs are not waited for.
constexpr size_t kOutputBytesMax = 1 << 20;

// Gives the input in pieces.
class Source final : public kj::AsyncInputStream {
 public:
  Source(kj::ArrayPtr<const kj::byte> input, size_t pieceBytes)
      : input_(input), pieceBytes_(pieceBytes) {}
  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    size_t count = kj::min(kj::min(maxBytes, input_.size()), kj::max(minBytes, pieceBytes_));
    memcpy(buffer, input_.begin(), count);
    input_ = input_.slice(count, input_.size());
    return count;
  }

 private:
  kj::ArrayPtr<const kj::byte> input_;
  size_t pieceBytes_;
};

// The first byte names the coding and the size of a piece.
void decode(kj::ArrayPtr<const kj::byte> input) {
  if (input.size() < 1) return;
  kj::EventLoop loop;
  kj::WaitScope scope(loop);
  auto coding = input[0] & 1 ? ContentCoding::Gzip : ContentCoding::Brotli;
  size_t pieceBytes = size_t(input[0] >> 1) + 1;
  auto stream =
      newDecodingStream(kj::heap<Source>(input.slice(1, input.size()), pieceBytes), coding);
  (void)kj::runCatchingExceptions([&] {
    kj::byte buffer[kReadBytes];
    for (size_t total = 0; total < kOutputBytesMax;) {
      size_t count = stream->tryRead(buffer, 1, sizeof(buffer)).wait(scope);
      KJ_ASSERT(count <= sizeof(buffer));
      if (count == 0) return;
      total += count;
    }
  });
}

}  // namespace
}  // namespace ocapd::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ocapd::api::decode(kj::arrayPtr(data, size));
  return 0;
}
