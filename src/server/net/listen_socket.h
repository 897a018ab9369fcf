// ListenSocket: a listening stream socket, and the addresses it can be opened on.
//
// Addresses are KJ's forms: `*:80` (dual-stack), `1.2.3.4[:port]`, `[v6][:port]`, a bare IPv6
// address, `host[:port]`, `unix:/path`, `unix-abstract:name`.
//
// Owns      the descriptor. A unix socket's path is never removed: neither a stale one before
//           binding nor the own one after.
// Errors    opening tells what is wrong as an OpenError, never by an exception.
#pragma once

#include <sys/socket.h>

#include <kj/async-io.h>
#include <kj/async-unix.h>
#include <kj/io.h>
#include <kj/one-of.h>
#include <kj/vector.h>

namespace ocapd::server::net {

// What went wrong, in the two forms that tools look for.
struct OpenError {
  kj::String what;               // `bind(): Address already in use (os error 98)`
  kj::Maybe<kj::String> detail;  // `Address already in use; toString() = 127.0.0.1:8787`
};

class ListenSocket {
 public:
  struct Accepted {
    kj::AutoCloseFd fd;  // non-blocking
    sockaddr_storage peer;
    socklen_t peerBytes;
  };

  // Who may connect: somebody on this machine, or anybody whom the address lets in.
  enum class Reach : uint8_t { Local, Anybody };

  // Opens all sockets that `address` stands for (a host name may have several addresses). Blocks
  // while a name is being looked up.
  static kj::OneOf<kj::Vector<ListenSocket>, OpenError> open(kj::StringPtr address,
                                                             kj::uint defaultPort,
                                                             Reach reach = Reach::Anybody);
  // Takes a descriptor that somebody else has made listen.
  static kj::OneOf<ListenSocket, OpenError> adopt(int fd);

  // 0 for unix sockets.
  kj::uint port() const;

  // For whoever accepts connections another way.
  kj::AutoCloseFd release() { return kj::mv(fd_); }

  // The next connection; waits for one if there is none. Only one call at a time.
  kj::Promise<Accepted> accept(kj::UnixEventPort& eventPort);

  ListenSocket(ListenSocket&&) = default;

 private:
  explicit ListenSocket(kj::AutoCloseFd fd) : fd_(kj::mv(fd)) {}

  kj::AutoCloseFd fd_;
  kj::Own<kj::UnixEventPort::FdObserver> observer_;
};

// `127.0.0.1:80`, `[::1]:80`, `unix:/path`, `unix-abstract:name`.
kj::String describeAddress(const sockaddr* address, socklen_t bytes);

}  // namespace ocapd::server::net
