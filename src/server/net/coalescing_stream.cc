#include "src/server/net/coalescing_stream.h"

#include <string.h>

#include <kj/debug.h>

#include "src/server/net/file_stream.h"
#include "src/server/net/pump.h"

namespace ocapd::server::net {

kj::Promise<void> CoalescingStream::flush() {
  KJ_IF_MAYBE(failure, failure_) {
    return kj::cp(*failure);
  }
  if (flushing_) return KJ_ASSERT_NONNULL(flushed_).addBranch();
  if (heldBytes_ == 0 || writing_) return kj::READY_NOW;
  writing_ = true;
  flushing_ = true;
  flushed_ = finishWrite(inner_->write(held_, heldBytes_)).fork();
  return KJ_ASSERT_NONNULL(flushed_).addBranch();
}

bool CoalescingStream::tryHold(kj::ArrayPtr<const kj::byte> bytes) {
  if (bytes.size() == 0) return true;
  if (bytes.size() > kHeldBytesMax - heldBytes_) return false;
  memcpy(held_ + heldBytes_, bytes.begin(), bytes.size());
  heldBytes_ += bytes.size();
  scheduleFlush();
  return true;
}

void CoalescingStream::scheduleFlush() {
  if (flushScheduled_) return;
  flushScheduled_ = true;
  flushTask_ = kj::evalLast([this]() {
                 flushScheduled_ = false;
                 return flush();
               }).eagerlyEvaluate([](kj::Exception&&) {
    // Kept in failure_, told by the next write.
  });
}

kj::Promise<void> CoalescingStream::finishWrite(kj::Promise<void> written) {
  return written.then(
      [this]() {
        heldBytes_ = 0;
        writing_ = false;
        flushing_ = false;
      },
      [this](kj::Exception&& exception) {
        flushing_ = false;
        failure_ = kj::cp(exception);
        kj::throwFatalException(kj::mv(exception));
      });
}

kj::Promise<void> CoalescingStream::write(const void* buffer, size_t size) {
  if (size == 0) return kj::READY_NOW;
  auto bytes = kj::arrayPtr(reinterpret_cast<const kj::byte*>(buffer), size);
  KJ_IF_MAYBE(failure, failure_) {
    return kj::cp(*failure);
  }
  if (flushing_) {
    return flush().then([this, bytes]() { return write(bytes.begin(), bytes.size()); });
  }
  KJ_REQUIRE(!writing_, "a write was begun while another was under way, or after it was cancelled");
  if (tryHold(bytes)) return kj::READY_NOW;
  writing_ = true;
  pieces_[0] = kj::arrayPtr(held_, heldBytes_);
  pieces_[1] = bytes;
  return finishWrite(inner_->write(kj::arrayPtr(pieces_, 2)));
}

kj::Promise<void> CoalescingStream::write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) {
  KJ_IF_MAYBE(failure, failure_) {
    return kj::cp(*failure);
  }
  if (flushing_) {
    return flush().then([this, pieces]() { return write(pieces); });
  }
  KJ_REQUIRE(!writing_, "a write was begun while another was under way, or after it was cancelled");
  size_t total = 0;
  for (auto& piece : pieces) total += piece.size();
  if (total <= kHeldBytesMax - heldBytes_) {
    for (auto& piece : pieces) tryHold(piece);
    return kj::READY_NOW;
  }
  writing_ = true;
  if (pieces.size() < kPiecesInPlaceMax) {
    pieces_[0] = kj::arrayPtr(held_, heldBytes_);
    for (size_t i = 0; i < pieces.size(); i++) pieces_[i + 1] = pieces[i];
    return finishWrite(inner_->write(kj::arrayPtr(pieces_, pieces.size() + 1)));
  }
  auto all = kj::heapArrayBuilder<kj::ArrayPtr<const kj::byte>>(pieces.size() + 1);
  all.add(kj::arrayPtr(held_, heldBytes_));
  all.addAll(pieces);
  auto array = all.finish();
  auto written = inner_->write(array.asPtr());
  return finishWrite(written.attach(kj::mv(array)));
}

kj::Maybe<kj::Promise<uint64_t>> CoalescingStream::tryPumpFrom(kj::AsyncInputStream& input,
                                                               uint64_t amount) {
  KJ_IF_MAYBE(file, kj::dynamicDowncastIfAvailable<FileStream>(input)) {
    uint64_t wanted = kj::min(amount, file->remainingBytes());
    if (failure_ == nullptr && !writing_ && wanted <= kHeldBytesMax - heldBytes_) {
      // A small file goes out together with the headers.
      size_t n = file->readNow(held_ + heldBytes_, wanted);
      heldBytes_ += n;
      if (n > 0) scheduleFlush();
      return kj::Promise<uint64_t>(n);
    }
    return pumpFrom(input, amount);
  }
  return pumpThroughBuffer(input, *this, amount);
}

kj::Promise<uint64_t> CoalescingStream::pumpFrom(kj::AsyncInputStream& input, uint64_t amount) {
  co_await flush();
  KJ_REQUIRE(!writing_, "a pump was begun while a write was under way, or after it was cancelled");
  writing_ = true;
  kj::Promise<uint64_t> pumped = nullptr;
  KJ_IF_MAYBE(promise, inner_->tryPumpFrom(input, amount)) {
    pumped = kj::mv(*promise);
  } else {
    pumped = pumpThroughBuffer(input, *inner_, amount);
  }
  uint64_t total = co_await pumped;
  writing_ = false;
  co_return total;
}

void CoalescingStream::shutdownWrite() {
  if (heldBytes_ == 0) {
    inner_->shutdownWrite();
    return;
  }
  flushScheduled_ = true;  // this is the flush
  flushTask_ = flush()
                   .then([this]() {
                     flushScheduled_ = false;
                     inner_->shutdownWrite();
                   })
                   .eagerlyEvaluate([](kj::Exception&&) {
                     // The peer is gone: nobody is left to be told that no more comes.
                   });
}

}  // namespace ocapd::server::net
