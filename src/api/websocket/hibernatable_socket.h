// HibernatableSocket: a WebSocket that belongs to a Durable Object, asleep or awake, rather than to
// its events. What has to outlive the object's sleep is here; JavaScript's end is made anew.
//
// Owns      the connection; what JavaScript has stored with it.
// Lives     reference-counted: the object's list of sockets holds it, and so does, while the object
//           is awake, JavaScript's end.
// Threads   its lane.
// See       src/api/actor/hibernatable_sockets.h
#pragma once

#include <kj/time.h>
#include <v8-object.h>
#include <v8-persistent-handle.h>

#include "src/api/websocket/web_socket_line.h"

namespace ocapd::api {

class HibernatableSocket : public kj::Refcounted {
 public:
  HibernatableSocket(kj::Own<WebSocketLine> line, kj::Array<kj::String> tags)
      : line(kj::mv(line)), tags(kj::mv(tags)) {}

  // Keeps what sends, whether the object sleeps or not.
  virtual void keepSending(kj::Promise<void> sending) = 0;

  void send(WebSocketLine::Message message, kj::Maybe<kj::Promise<void>> held = nullptr) {
    KJ_IF_MAYBE(sending, line->send(kj::mv(message), kj::mv(held))) {
      keepSending(kj::mv(*sending));
    }
  }

  kj::Own<WebSocketLine> line;
  const kj::Array<kj::String> tags;
  kj::Array<kj::byte> attachment;
  kj::Maybe<kj::Date> autoRespondedAt;
  bool closeSent = false;
  bool closeReceived = false;
  bool isLost = false;
  // The WebSocket object, while the Durable Object is awake and has asked for it.
  v8::Global<v8::Object> face;
};

}  // namespace ocapd::api
