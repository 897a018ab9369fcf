// Reads whatever bytes as WebSocket frames: nothing may crash, and no message is larger than asked.

#include <stddef.h>
#include <stdint.h>

#include <kj/async-io.h>
#include <kj/compat/http.h>
#include <kj/debug.h>

namespace {

constexpr size_t kMessageBytesMax = 64 * 1024;

// Masks are all zero, so that every input is the same every time.
class NoEntropy final : public kj::EntropySource {
 public:
  void generate(kj::ArrayPtr<kj::byte> buffer) override {
    memset(buffer.begin(), 0, buffer.size());
  }
};

// The input, then the end; what is written goes nowhere.
class Peer final : public kj::AsyncIoStream {
 public:
  explicit Peer(kj::ArrayPtr<const kj::byte> input) : input_(input) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t, size_t maxBytes) override {
    size_t count = kj::min(maxBytes, input_.size());
    memcpy(buffer, input_.begin(), count);
    input_ = input_.slice(count, input_.size());
    return count;
  }
  kj::Promise<void> write(const void*, size_t) override { return kj::READY_NOW; }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>>) override {
    return kj::READY_NOW;
  }
  kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }
  void shutdownWrite() override {}

 private:
  kj::ArrayPtr<const kj::byte> input_;
};

kj::Promise<void> receiveAll(kj::WebSocket& socket) {
  for (;;) {
    auto message = co_await socket.receive(kMessageBytesMax);
    if (message.is<kj::WebSocket::Close>()) co_return;
    KJ_IF_MAYBE(text, message.tryGet<kj::String>()) {
      KJ_ASSERT(text->size() <= kMessageBytesMax);
    }
    KJ_IF_MAYBE(bytes, message.tryGet<kj::Array<kj::byte>>()) {
      KJ_ASSERT(bytes->size() <= kMessageBytesMax);
    }
  }
}

// The first byte says whether frames are compressed.
void receive(kj::ArrayPtr<const kj::byte> input) {
  if (input.size() < 1) return;
  kj::EventLoop loop;
  kj::WaitScope scope(loop);
  NoEntropy entropy;
  kj::Maybe<kj::CompressionParameters> compression;
  if (input[0] & 1) compression = kj::CompressionParameters();
  auto socket =
      kj::newWebSocket(kj::heap<Peer>(input.slice(1, input.size())), entropy, kj::mv(compression));
  // What is malformed fails.
  (void)kj::runCatchingExceptions([&] { receiveAll(*socket).wait(scope); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  receive(kj::arrayPtr(data, size));
  return 0;
}
