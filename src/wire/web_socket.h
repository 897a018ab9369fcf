// WebSockets over Cap'n Proto: one call per message.
//
// Owns      a hosted socket its end; the pump what it pumps.
// Threads   its lane.
// Errors    a peer that goes without close() leaves the connection broken (1006).
// Spec      schema/http_over_capnp.capnp
#pragma once

#include <kj/compat/http.h>
#include <kj/debug.h>

#include "src/wire/schema/http_over_capnp.capnp.h"

namespace ocapd::wire {

// One end of a WebSocket, shared by the capability that sends to it and the pump that reads it.
class SharedWebSocket final : public kj::Refcounted {
 public:
  explicit SharedWebSocket(kj::Own<kj::WebSocket> socket) : socket_(kj::mv(socket)) {}

  // Calls `use(socket)`, whose promise fails once end() is called; and so do later uses.
  template <typename Use>
  auto with(Use use) -> decltype(use(kj::instance<kj::WebSocket&>())) {
    if (socket_.get() == nullptr) return gone();
    return canceler_.wrap(use(*socket_));
  }
  void abort() {
    if (socket_.get() != nullptr) socket_->abort();
  }
  // The request it belongs to is over: whoever still holds this cannot reach the socket.
  void end() {
    canceler_.cancel(gone());
    socket_ = nullptr;
  }
  kj::Own<SharedWebSocket> addRef() { return kj::addRef(*this); }

 private:
  static kj::Exception gone() {
    return KJ_EXCEPTION(DISCONNECTED, "the request this WebSocket belongs to has ended");
  }

  kj::Own<kj::WebSocket> socket_;
  kj::Canceler canceler_;
};

// A capability whose calls send to `socket`; dropped without close() it disconnects it.
// `hold` goes with the capability.
schema::WebSocket::Client hostWebSocket(kj::Own<SharedWebSocket> socket,
                                        kj::Own<void> hold = kj::Own<void>());

// Sends all that arrives at `socket` to the peer, until a Close message has been sent.
kj::Promise<void> pumpToRemote(kj::Own<SharedWebSocket> socket, schema::WebSocket::Client remote);

}  // namespace ocapd::wire
