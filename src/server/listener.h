// Listener: a socket of the config, its connections and their orderly end.
//
// Owns      the listening sockets and the connections.
// Lives     as long as the server.
// Errors    a connection's failure is its own affair; a listening socket that fails is logged and
//           the others go on.
#pragma once

#include <kj/async-io.h>
#include <kj/compat/tls.h>
#include <kj/vector.h>

#include "src/server/logger.h"
#include "src/server/net/listen_socket.h"

namespace ocapd::server {

// Who is at the other end, and which of our addresses was called.
struct Peer {
  kj::String cfJson;  // `{"clientIp":"1.2.3.4:56"}` or `{"clientPid":1,"clientUid":2}`
  kj::String localAddress;
  kj::Maybe<kj::uint> uid;  // of a unix socket's client
};

class Listener : private kj::TaskSet::ErrorHandler {
 public:
  Listener(kj::UnixEventPort& eventPort, Logger& logger, kj::Maybe<kj::Own<kj::TlsContext>> tls)
      : tls_(kj::mv(tls)),
        eventPort_(eventPort),
        logger_(logger),
        acceptTasks_(*this),
        connectionTasks_(*this) {}
  virtual ~Listener() noexcept(false) = default;

  // Accepts connections from now on.
  void start(kj::Vector<net::ListenSocket> sockets);

  // Stops listening; resolves when the last connection has ended.
  kj::Promise<void> drain();

  bool usesTls() const { return tls_ != nullptr; }

 protected:
  // Serves one connection until it ends. TLS, if any, is established.
  virtual kj::Promise<void> serve(kj::Own<kj::AsyncIoStream> stream, Peer peer) = 0;
  // Asks all connections to end soon.
  virtual void drainConnections() = 0;

 private:
  kj::Promise<void> acceptLoop(net::ListenSocket& socket);
  kj::Promise<void> handleConnection(net::ListenSocket::Accepted accepted);
  void taskFailed(kj::Exception&& exception) override;

  kj::Maybe<kj::Own<kj::TlsContext>> tls_;
  kj::UnixEventPort& eventPort_;
  Logger& logger_;
  kj::Vector<net::ListenSocket> sockets_;
  kj::Canceler handshakes_;
  kj::TaskSet acceptTasks_;
  // Ends before what the derived class needs to serve it: see stop().
  kj::TaskSet connectionTasks_;

 protected:
  // Cancels everything. Derived classes call it first thing in their destructor, as connections
  // refer to them.
  void stop();
};

}  // namespace ocapd::server
