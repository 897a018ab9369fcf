// CoalescingStream: gathers the small writes of one event-loop turn into one.
//
// KJ's HTTP server writes headers, body and last chunk one by one. Here small pieces are held back
// until a bigger one comes, which takes them along, or until the turn has nothing left to do.
//
// Owns      the stream below.
// Limits    kHeldBytesMax bytes are held; what does not fit is written at once.
// Errors    a write that failed after it was accepted is told by the next write, and by flush().
// See       flush(): whoever drops the stream and wants its last bytes sent calls it before.
#pragma once

#include <kj/async-io.h>

namespace ocapd::server::net {

class CoalescingStream final : public kj::AsyncIoStream {
 public:
  static constexpr size_t kHeldBytesMax = 4096;

  explicit CoalescingStream(kj::Own<kj::AsyncIoStream> inner) : inner_(kj::mv(inner)) {}

  // Resolves when everything accepted so far has been written.
  kj::Promise<void> flush();

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    return inner_->tryRead(buffer, minBytes, maxBytes);
  }
  kj::Maybe<uint64_t> tryGetLength() override { return inner_->tryGetLength(); }
  kj::Promise<void> write(const void* buffer, size_t size) override;
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override;
  kj::Maybe<kj::Promise<uint64_t>> tryPumpFrom(kj::AsyncInputStream& input,
                                               uint64_t amount) override;
  kj::Promise<void> whenWriteDisconnected() override { return inner_->whenWriteDisconnected(); }
  void shutdownWrite() override;
  void abortRead() override { inner_->abortRead(); }
  void getsockopt(int level, int option, void* value, kj::uint* length) override {
    inner_->getsockopt(level, option, value, length);
  }
  void setsockopt(int level, int option, const void* value, kj::uint length) override {
    inner_->setsockopt(level, option, value, length);
  }
  void getsockname(struct sockaddr* addr, kj::uint* length) override {
    inner_->getsockname(addr, length);
  }
  void getpeername(struct sockaddr* addr, kj::uint* length) override {
    inner_->getpeername(addr, length);
  }

 private:
  static constexpr size_t kPiecesInPlaceMax = 8;

  bool tryHold(kj::ArrayPtr<const kj::byte> bytes);
  void scheduleFlush();
  // Completes a write below that took the held bytes along.
  kj::Promise<void> finishWrite(kj::Promise<void> written);
  kj::Promise<uint64_t> pumpFrom(kj::AsyncInputStream& input, uint64_t amount);

  kj::Own<kj::AsyncIoStream> inner_;
  size_t heldBytes_ = 0;
  bool flushScheduled_ = false;
  // A write below is under way, perhaps of held bytes: they must stay as they are.
  bool writing_ = false;
  bool flushing_ = false;
  kj::Maybe<kj::Exception> failure_;
  // Resolves with the flush under way; only of interest while flushing_ is set.
  kj::Maybe<kj::ForkedPromise<void>> flushed_;
  kj::ArrayPtr<const kj::byte> pieces_[kPiecesInPlaceMax];
  kj::byte held_[kHeldBytesMax];
  kj::Promise<void> flushTask_ = kj::READY_NOW;
};

}  // namespace ocapd::server::net
