#include "src/server/net/socket_stream.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <kj/debug.h>

#include "gtest/gtest.h"

namespace ocapd::server::net {
namespace {

class SocketStreamTest : public testing::Test {
 protected:
  ~SocketStreamTest() noexcept override {}
  SocketStreamTest() {
    int fds[2];
    KJ_SYSCALL(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds));
    stream_ = kj::heap<SocketStream>(io_.unixEventPort, kj::AutoCloseFd(fds[0]));
    peer_ = kj::AutoCloseFd(fds[1]);
  }

  void peerSends(kj::StringPtr text) {
    ASSERT_EQ(::write(peer_.get(), text.begin(), text.size()), ssize_t(text.size()));
  }
  kj::String read(size_t minBytes, size_t maxBytes) {
    auto text = kj::heapString(maxBytes);
    size_t n = stream_->tryRead(text.begin(), minBytes, maxBytes).wait(io_.waitScope);
    return kj::heapString(text.begin(), n);
  }

  kj::AsyncIoContext io_ = kj::setupAsyncIo();
  kj::Own<SocketStream> stream_;
  kj::AutoCloseFd peer_;
};

TEST_F(SocketStreamTest, ReadsAgainAfterAReadThatEmptiedTheSocket) {
  peerSends("one");
  EXPECT_EQ(read(1, 100), "one");
  char buffer[10];
  auto next = stream_->tryRead(buffer, 1, sizeof(buffer));
  EXPECT_FALSE(next.poll(io_.waitScope));
  peerSends("two");
  EXPECT_EQ(next.wait(io_.waitScope), 3u);
}

TEST_F(SocketStreamTest, SeesTheEndThatCameTogetherWithTheLastBytes) {
  char buffer[100];
  auto first = stream_->tryRead(buffer, 1, sizeof(buffer));
  EXPECT_FALSE(first.poll(io_.waitScope));
  peerSends("last");
  peer_ = nullptr;
  EXPECT_EQ(first.wait(io_.waitScope), 4u);
  EXPECT_EQ(read(1, 100), "");
}

TEST_F(SocketStreamTest, WaitsForTheMinimum) {
  char buffer[8];
  auto all = stream_->tryRead(buffer, 8, 8);
  peerSends("four");
  EXPECT_FALSE(all.poll(io_.waitScope));
  peerSends("more");
  EXPECT_EQ(all.wait(io_.waitScope), 8u);
  EXPECT_EQ(kj::heapString(buffer, 8), "fourmore");
}

TEST_F(SocketStreamTest, LosesNothingWhenAReadIsCancelled) {
  peerSends("a");
  EXPECT_EQ(read(1, 100), "a");
  char buffer[10];
  {
    auto cancelled = stream_->tryRead(buffer, 1, sizeof(buffer));
    EXPECT_FALSE(cancelled.poll(io_.waitScope));
  }
  peerSends("b");
  EXPECT_EQ(read(1, 100), "b");
}

TEST_F(SocketStreamTest, WritesMoreThanTheSocketHolds) {
  auto big = kj::heapArray<kj::byte>(4 << 20);
  for (size_t i = 0; i < big.size(); i++) big[i] = i * 7;
  kj::ArrayPtr<const kj::byte> pieces[40];
  for (size_t i = 0; i < 40; i++) {
    pieces[i] = big.slice(i * big.size() / 40, (i + 1) * big.size() / 40);
  }
  auto written = stream_->write(kj::arrayPtr(pieces, 40)).eagerlyEvaluate(nullptr);
  auto received = kj::heapArray<kj::byte>(big.size());
  auto reader = io_.lowLevelProvider->wrapSocketFd(peer_.release(),
                                                   kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP);
  reader->read(received.begin(), received.size()).wait(io_.waitScope);
  written.wait(io_.waitScope);
  EXPECT_TRUE(received.asPtr() == big.asPtr());
}

TEST_F(SocketStreamTest, SendsAFileAndOnlyTheAskedPart) {
  int fd = ::memfd_create("file", MFD_CLOEXEC);
  auto content = kj::heapArray<kj::byte>(3 << 20);
  for (size_t i = 0; i < content.size(); i++) content[i] = i * 11;
  kj::FdOutputStream(fd).write(content.begin(), content.size());
  FileStream file(kj::AutoCloseFd(fd), 5, content.size() - 10);

  auto reader = io_.lowLevelProvider->wrapSocketFd(peer_.release(),
                                                   kj::LowLevelAsyncIoProvider::TAKE_OWNERSHIP);
  auto pumped = file.pumpTo(*stream_, kj::maxValue).eagerlyEvaluate(nullptr);
  auto received = kj::heapArray<kj::byte>(content.size() - 10);
  reader->read(received.begin(), received.size()).wait(io_.waitScope);
  EXPECT_EQ(pumped.wait(io_.waitScope), received.size());
  EXPECT_TRUE(received.asPtr() == content.slice(5, content.size() - 5));
}

TEST_F(SocketStreamTest, EndsEarlyWhenTheFileHasShrunk) {
  int fd = ::memfd_create("file", MFD_CLOEXEC);
  kj::FdOutputStream(fd).write("12345", 5);
  FileStream file(kj::AutoCloseFd(fd), 0, 100);
  EXPECT_EQ(file.pumpTo(*stream_, kj::maxValue).wait(io_.waitScope), 5u);
}

TEST_F(SocketStreamTest, CallsALostPeerDisconnected) {
  peer_ = nullptr;
  KJ_IF_MAYBE(exception,
              kj::runCatchingExceptions([&]() { stream_->write("x", 1).wait(io_.waitScope); })) {
    EXPECT_EQ(exception->getType(), kj::Exception::Type::DISCONNECTED);
  } else {
    ADD_FAILURE() << "the write succeeded";
  }
}

}  // namespace
}  // namespace ocapd::server::net
