// SocketStream: a connected socket as a KJ stream, in the fewest system calls.
//
// Beside what KJ's own does, it remembers that a short read has emptied the socket: the next read
// waits for news instead of asking the kernel in vain. So a request on a kept-alive connection
// costs one epoll_wait, one read and one write.
//
// Owns      the descriptor.
// Threads   the lane of its event port.
// Errors    a peer that went away is kj::Exception::Type::DISCONNECTED.
#pragma once

#include <kj/async-io.h>
#include <kj/async-unix.h>
#include <kj/io.h>

#include "src/server/net/file_stream.h"

namespace ocapd::server::net {

class SocketStream final : public kj::AsyncIoStream {
 public:
  // `fd` must be a connected stream socket in non-blocking mode.
  SocketStream(kj::UnixEventPort& eventPort, kj::AutoCloseFd fd);

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override;
  kj::Promise<void> write(const void* buffer, size_t size) override;
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override;
  kj::Maybe<kj::Promise<uint64_t>> tryPumpFrom(kj::AsyncInputStream& input,
                                               uint64_t amount) override;
  kj::Promise<void> whenWriteDisconnected() override;
  void shutdownWrite() override;
  void abortRead() override;

  void getsockopt(int level, int option, void* value, kj::uint* length) override;
  void setsockopt(int level, int option, const void* value, kj::uint length) override;
  void getsockname(struct sockaddr* addr, kj::uint* length) override;
  void getpeername(struct sockaddr* addr, kj::uint* length) override;
  kj::Maybe<int> getFd() const override { return fd_.get(); }

 private:
  kj::Promise<size_t> readMore(kj::byte* buffer, size_t minBytes, size_t maxBytes, size_t soFar);
  kj::Promise<void> writeAllPieces(kj::ArrayPtr<const kj::byte> first,
                                   kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> rest);
  kj::Promise<uint64_t> sendFile(FileStream& file, uint64_t amount);

  kj::AutoCloseFd fd_;
  kj::UnixEventPort::FdObserver observer_;
  // Set while the socket is known to be empty. Asked for in the same turn as the read that emptied
  // it, since the event port reports edges only.
  kj::Maybe<kj::Promise<void>> becameReadable_;
  kj::Maybe<kj::ForkedPromise<void>> writeDisconnected_;
};

}  // namespace ocapd::server::net
