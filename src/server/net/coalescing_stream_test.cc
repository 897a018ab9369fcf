#include "src/server/net/coalescing_stream.h"

#include <kj/debug.h>
#include <kj/vector.h>

#include "gtest/gtest.h"

namespace ocapd::server::net {
namespace {

// Remembers each write; blocks or fails if told so.
class Recorder final : public kj::AsyncIoStream {
 public:
  explicit Recorder(kj::Vector<kj::String>& writes) : writes_(writes) {}

  kj::Promise<void> write(const void* buffer, size_t size) override {
    return add(kj::heapString(reinterpret_cast<const char*>(buffer), size));
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    auto texts = KJ_MAP(piece, pieces) {
      return kj::heapString(piece.asChars());
    };
    return add(kj::strArray(texts, ""));
  }
  kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }
  void shutdownWrite() override { (void)add(kj::str("<end>")); }
  kj::Promise<size_t> tryRead(void*, size_t, size_t) override { return size_t(0); }

  // Writes wait for this, once.
  kj::Maybe<kj::Promise<void>> gate;

 private:
  kj::Promise<void> add(kj::String text) {
    writes_.add(kj::mv(text));
    KJ_IF_MAYBE(promise, gate) {
      auto result = kj::mv(*promise);
      gate = nullptr;
      return result;
    }
    return kj::READY_NOW;
  }

  kj::Vector<kj::String>& writes_;
};

class CoalescingStreamTest : public testing::Test {
 protected:
  ~CoalescingStreamTest() noexcept override {}
  kj::EventLoop loop_;
  kj::WaitScope waitScope_{loop_};
  kj::Vector<kj::String> writes_;
  Recorder* recorder_ = nullptr;
  kj::Own<CoalescingStream> stream_ = makeStream();

  kj::Own<CoalescingStream> makeStream() {
    auto recorder = kj::heap<Recorder>(writes_);
    recorder_ = recorder;
    return kj::heap<CoalescingStream>(kj::mv(recorder));
  }
  kj::Promise<void> write(kj::StringPtr text) { return stream_->write(text.begin(), text.size()); }
  void runTurn() { waitScope_.poll(); }
};

TEST_F(CoalescingStreamTest, WritesOfOneTurnBecomeOne) {
  write("head ").wait(waitScope_);
  auto body = write("body");
  EXPECT_EQ(writes_.size(), 0u);
  body.wait(waitScope_);
  stream_->flush().wait(waitScope_);
  ASSERT_EQ(writes_.size(), 1u);
  EXPECT_EQ(writes_[0], "head body");
}

TEST_F(CoalescingStreamTest, WritesOnItsOwnWhenTheTurnIsOver) {
  write("head").wait(waitScope_);
  runTurn();
  runTurn();
  ASSERT_EQ(writes_.size(), 1u);
  EXPECT_EQ(writes_[0], "head");
}

TEST_F(CoalescingStreamTest, ABigPieceTakesTheHeldOnesAlong) {
  auto big = kj::heapString(CoalescingStream::kHeldBytesMax + 1);
  memset(big.begin(), 'x', big.size());
  write("head").wait(waitScope_);
  write(big).wait(waitScope_);
  ASSERT_EQ(writes_.size(), 1u);
  EXPECT_EQ(writes_[0].size(), 4 + big.size());
  write("tail").wait(waitScope_);
  stream_->flush().wait(waitScope_);
  ASSERT_EQ(writes_.size(), 2u);
  EXPECT_EQ(writes_[1], "tail");
}

TEST_F(CoalescingStreamTest, HoldsExactlyItsMaximum) {
  for (size_t extra : {0, 1}) {
    SCOPED_TRACE(extra);
    size_t before = writes_.size();
    auto text = kj::heapString(CoalescingStream::kHeldBytesMax + extra);
    memset(text.begin(), 'x', text.size());
    write(text).wait(waitScope_);
    EXPECT_EQ(writes_.size() - before, extra);
    stream_->flush().wait(waitScope_);
    EXPECT_EQ(writes_.size() - before, 1u);
  }
}

TEST_F(CoalescingStreamTest, KeepsTheOrderWhileAFlushIsBlocked) {
  auto gate = kj::newPromiseAndFulfiller<void>();
  recorder_->gate = kj::mv(gate.promise);
  write("one").wait(waitScope_);
  auto flushed = stream_->flush();
  auto second = write("two");
  EXPECT_FALSE(second.poll(waitScope_));
  gate.fulfiller->fulfill();
  flushed.wait(waitScope_);
  second.wait(waitScope_);
  stream_->flush().wait(waitScope_);
  ASSERT_EQ(writes_.size(), 2u);
  EXPECT_EQ(writes_[0], "one");
  EXPECT_EQ(writes_[1], "two");
}

TEST_F(CoalescingStreamTest, TellsALateFailureToTheNextWriter) {
  recorder_->gate = kj::Promise<void>(KJ_EXCEPTION(DISCONNECTED, "peer is gone"));
  write("lost").wait(waitScope_);
  runTurn();
  runTurn();
  EXPECT_ANY_THROW(write("more").wait(waitScope_));
  EXPECT_ANY_THROW(stream_->flush().wait(waitScope_));
}

TEST_F(CoalescingStreamTest, SendsWhatIsHeldBeforeTheEnd) {
  write("last words").wait(waitScope_);
  stream_->shutdownWrite();
  runTurn();
  ASSERT_EQ(writes_.size(), 2u);
  EXPECT_EQ(writes_[0], "last words");
  EXPECT_EQ(writes_[1], "<end>");
}

TEST_F(CoalescingStreamTest, CanBeDestroyedWhileWriting) {
  recorder_->gate = kj::Promise<void>(kj::NEVER_DONE);
  write("held").wait(waitScope_);
  runTurn();
  stream_ = nullptr;
  runTurn();
}

}  // namespace
}  // namespace ocapd::server::net
