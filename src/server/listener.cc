#include "src/server/listener.h"

#include <kj/debug.h>

#include "src/server/net/socket_stream.h"

namespace ocapd::server {
namespace {

kj::String localAddressOf(int fd) {
  sockaddr_storage local{};
  socklen_t bytes = sizeof(local);
  auto* address = reinterpret_cast<sockaddr*>(&local);
  if (::getsockname(fd, address, &bytes) < 0) return kj::String();
  return net::describeAddress(address, bytes);
}

Peer identify(const net::ListenSocket::Accepted& accepted) {
  Peer peer;
  if (accepted.peer.ss_family == AF_UNIX) {
    ucred credentials{};
    socklen_t bytes = sizeof(credentials);
    KJ_SYSCALL(::getsockopt(accepted.fd.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &bytes));
    peer.uid = credentials.uid;
    peer.cfJson =
        kj::str("{\"clientPid\":", credentials.pid, ",\"clientUid\":", credentials.uid, "}");
  } else {
    auto* address = reinterpret_cast<const sockaddr*>(&accepted.peer);
    peer.cfJson =
        kj::str("{\"clientIp\":\"", net::describeAddress(address, accepted.peerBytes), "\"}");
  }
  return peer;
}

}  // namespace

void Listener::start(kj::Vector<net::ListenSocket> sockets) {
  sockets_ = kj::mv(sockets);
  for (auto& socket : sockets_) acceptTasks_.add(acceptLoop(socket));
}

kj::Promise<void> Listener::acceptLoop(net::ListenSocket& socket) {
  for (;;) {
    auto accepted = co_await socket.accept(eventPort_);
    connectionTasks_.add(handleConnection(kj::mv(accepted)));
  }
}

kj::Promise<void> Listener::handleConnection(net::ListenSocket::Accepted accepted) {
  auto peer = identify(accepted);
  peer.localAddress = localAddressOf(accepted.fd.get());
  kj::Own<kj::AsyncIoStream> stream = kj::heap<net::SocketStream>(eventPort_, kj::mv(accepted.fd));
  KJ_IF_MAYBE(tls, tls_) {
    stream = co_await handshakes_.wrap((*tls)->wrapServer(kj::mv(stream)));
  }
  co_await serve(kj::mv(stream), kj::mv(peer));
}

kj::Promise<void> Listener::drain() {
  acceptTasks_.clear();
  sockets_.clear();
  handshakes_.cancel(KJ_EXCEPTION(DISCONNECTED, "the server is shutting down"));
  drainConnections();
  return connectionTasks_.onEmpty();
}

void Listener::stop() {
  acceptTasks_.clear();
  connectionTasks_.clear();
}

void Listener::taskFailed(kj::Exception&& exception) {
  // Clients that do not like our certificate, or send no TLS at all, are no error of ours.
  bool expected = exception.getType() == kj::Exception::Type::DISCONNECTED || usesTls();
  logger_.log(expected ? Logger::Level::Info : Logger::Level::Error, __FILE__, __LINE__,
              kj::str("connection failed: ", describeException(exception)));
}

}  // namespace ocapd::server
