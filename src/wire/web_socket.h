// WebSockets over Cap'n Proto: one call per message.
//
// Owns      a hosted socket its end; the pump what it pumps.
// Threads   its lane.
// Errors    a peer that goes without close() leaves the connection broken (1006).
// Spec      schema/http_over_capnp.capnp
#pragma once

#include <kj/compat/http.h>

#include "src/wire/schema/http_over_capnp.capnp.h"

namespace ocapd::wire {

// One end of a WebSocket, shared by the capability that sends to it and the pump that reads it.
class SharedWebSocket final : public kj::Refcounted {
 public:
  explicit SharedWebSocket(kj::Own<kj::WebSocket> socket) : socket_(kj::mv(socket)) {}

  kj::WebSocket& get() { return *socket_; }
  kj::Own<SharedWebSocket> addRef() { return kj::addRef(*this); }

 private:
  kj::Own<kj::WebSocket> socket_;
};

// A capability whose calls send to `socket`; dropped without close() it disconnects it.
// `hold` goes with the capability.
schema::WebSocket::Client hostWebSocket(kj::Own<SharedWebSocket> socket,
                                        kj::Own<void> hold = kj::Own<void>());

// Sends all that arrives at `socket` to the peer, until a Close message has been sent.
kj::Promise<void> pumpToRemote(kj::Own<SharedWebSocket> socket, schema::WebSocket::Client remote);

}  // namespace ocapd::wire
