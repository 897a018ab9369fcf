#include "src/server/net/socket_stream.h"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <kj/debug.h>

#include "src/server/net/pump.h"

namespace ocapd::server::net {
namespace {

// Pieces handed to one writev; more are written by further calls.
constexpr size_t kPiecesPerWriteMax = 16;
// A client that reads as fast as we send gives no occasion to wait: others have their turn after
// this many bytes.
constexpr size_t kSendFileBytesMax = 1u << 20;

}  // namespace

SocketStream::SocketStream(kj::UnixEventPort& eventPort, kj::AutoCloseFd fd)
    : fd_(kj::mv(fd)),
      observer_(eventPort, fd_.get(), kj::UnixEventPort::FdObserver::OBSERVE_READ_WRITE) {}

kj::Promise<size_t> SocketStream::tryRead(void* buffer, size_t minBytes, size_t maxBytes) {
  return readMore(reinterpret_cast<kj::byte*>(buffer), minBytes, maxBytes, 0);
}

kj::Promise<size_t> SocketStream::readMore(kj::byte* buffer, size_t minBytes, size_t maxBytes,
                                           size_t soFar) {
  KJ_IF_MAYBE(promise, becameReadable_) {
    auto becameReadable = kj::mv(*promise);
    becameReadable_ = nullptr;
    return becameReadable.then([this, buffer, minBytes, maxBytes, soFar]() {
      return readMore(buffer, minBytes, maxBytes, soFar);
    });
  }
  for (;;) {
    ssize_t n;
    KJ_NONBLOCKING_SYSCALL(n = ::recv(fd_.get(), buffer + soFar, maxBytes - soFar, 0));
    if (n < 0) {
      return observer_.whenBecomesReadable().then([this, buffer, minBytes, maxBytes, soFar]() {
        return readMore(buffer, minBytes, maxBytes, soFar);
      });
    }
    if (n == 0) return soFar;
    bool emptied = static_cast<size_t>(n) < maxBytes - soFar;
    soFar += n;
    if (soFar >= minBytes) {
      // After a hang-up there is no further edge to wait for: the next read has to see the end.
      if (emptied && !observer_.atEndHint().orDefault(true)) {
        becameReadable_ = observer_.whenBecomesReadable();
      }
      return soFar;
    }
  }
}

kj::Promise<void> SocketStream::write(const void* buffer, size_t size) {
  auto* bytes = reinterpret_cast<const kj::byte*>(buffer);
  while (size > 0) {
    ssize_t n;
    KJ_NONBLOCKING_SYSCALL(n = ::send(fd_.get(), bytes, size, MSG_NOSIGNAL));
    if (n < 0) {
      return observer_.whenBecomesWritable().then(
          [this, bytes, size]() { return write(bytes, size); });
    }
    bytes += n;
    size -= n;
  }
  return kj::READY_NOW;
}

kj::Promise<void> SocketStream::write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) {
  if (pieces.size() == 0) return kj::READY_NOW;
  return writeAllPieces(pieces[0], pieces.slice(1, pieces.size()));
}

kj::Promise<void> SocketStream::writeAllPieces(
    kj::ArrayPtr<const kj::byte> first, kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> rest) {
  for (;;) {
    while (first.size() == 0) {
      if (rest.size() == 0) return kj::READY_NOW;
      first = rest[0];
      rest = rest.slice(1, rest.size());
    }
    iovec vectors[kPiecesPerWriteMax];
    size_t count = 0;
    vectors[count++] = {const_cast<kj::byte*>(first.begin()), first.size()};
    for (auto& piece : rest) {
      if (count == kPiecesPerWriteMax) break;
      vectors[count++] = {const_cast<kj::byte*>(piece.begin()), piece.size()};
    }
    msghdr message{};
    message.msg_iov = vectors;
    message.msg_iovlen = count;
    ssize_t n;
    KJ_NONBLOCKING_SYSCALL(n = ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL));
    if (n < 0) {
      return observer_.whenBecomesWritable().then(
          [this, first, rest]() { return writeAllPieces(first, rest); });
    }
    size_t written = n;
    while (written >= first.size()) {
      written -= first.size();
      if (rest.size() == 0) return kj::READY_NOW;
      first = rest[0];
      rest = rest.slice(1, rest.size());
    }
    first = first.slice(written, first.size());
  }
}

kj::Maybe<kj::Promise<uint64_t>> SocketStream::tryPumpFrom(kj::AsyncInputStream& input,
                                                           uint64_t amount) {
  KJ_IF_MAYBE(file, kj::dynamicDowncastIfAvailable<FileStream>(input)) {
    return sendFile(*file, amount);
  }
  return pumpThroughBuffer(input, *this, amount);
}

kj::Promise<uint64_t> SocketStream::sendFile(FileStream& file, uint64_t amount) {
  uint64_t total = 0;
  while (total < amount && file.remainingBytes() > 0) {
    size_t wanted = kj::min(amount - total, file.remainingBytes());
    wanted = kj::min(wanted, kSendFileBytesMax);
    off_t offset = static_cast<off_t>(file.offset());
    ssize_t n;
    KJ_NONBLOCKING_SYSCALL(n = ::sendfile(fd_.get(), file.fd(), &offset, wanted));
    if (n < 0) {
      co_await observer_.whenBecomesWritable();
    } else if (n == 0) {
      file.truncate();
    } else {
      file.skip(n);
      total += n;
      if (total < amount) co_await kj::evalLater([]() {});
    }
  }
  co_return total;
}

kj::Promise<void> SocketStream::whenWriteDisconnected() {
  KJ_IF_MAYBE(fork, writeDisconnected_) {
    return fork->addBranch();
  }
  writeDisconnected_ = observer_.whenWriteDisconnected().fork();
  return KJ_ASSERT_NONNULL(writeDisconnected_).addBranch();
}

void SocketStream::shutdownWrite() {
  // A peer that has reset the connection is not told: the next read or write says so.
  (void)::shutdown(fd_.get(), SHUT_WR);
}

void SocketStream::abortRead() {
  (void)::shutdown(fd_.get(), SHUT_RD);
}

void SocketStream::getsockopt(int level, int option, void* value, kj::uint* length) {
  socklen_t bytes = *length;
  KJ_SYSCALL(::getsockopt(fd_.get(), level, option, value, &bytes));
  *length = bytes;
}

void SocketStream::setsockopt(int level, int option, const void* value, kj::uint length) {
  KJ_SYSCALL(::setsockopt(fd_.get(), level, option, value, length));
}

void SocketStream::getsockname(struct sockaddr* addr, kj::uint* length) {
  socklen_t bytes = *length;
  KJ_SYSCALL(::getsockname(fd_.get(), addr, &bytes));
  *length = bytes;
}

void SocketStream::getpeername(struct sockaddr* addr, kj::uint* length) {
  socklen_t bytes = *length;
  KJ_SYSCALL(::getpeername(fd_.get(), addr, &bytes));
  *length = bytes;
}

}  // namespace ocapd::server::net
