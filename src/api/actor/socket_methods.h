// What the WebSocket methods of DurableObjectState take: WebSocketRequestResponsePair, a WebSocket,
// its tags.
//
// Spec      https://developers.cloudflare.com/durable-objects/api/state/#acceptwebsocket
#pragma once

#include "src/api/actor/hibernatable_sockets.h"
#include "src/api/websocket/web_socket_end.h"
#include "src/js/class.h"

namespace ocapd::api {

class WebSocketRequestResponsePair final : public js::Object {
 public:
  static constexpr const char* kClassName = "WebSocketRequestResponsePair";
  static const js::Class kClass;

  WebSocketRequestResponsePair(kj::String request, kj::String response)
      : request_(kj::mv(request)), response_(kj::mv(response)) {}
  static WebSocketRequestResponsePair* create(js::Turn& turn, kj::String request,
                                              kj::String response) {
    return turn.make<WebSocketRequestResponsePair>(kj::mv(request), kj::mv(response));
  }

  kj::StringPtr request() const { return request_; }
  kj::StringPtr response() const { return response_; }

  const js::Class& jsClass() const override { return kClass; }

 private:
  kj::String request_;
  kj::String response_;
};

struct WebSocketArgument {
  WebSocketEnd* end;  // never null
};

// Distinct, in the order in which they were given.
struct SocketTags {
  kj::Array<kj::String> tags;
};

// The WebSocket object: always the same one while the Durable Object is awake.
v8::Local<v8::Value> webSocketOf(js::Turn& turn, HibernatableSocket& socket);

}  // namespace ocapd::api

namespace ocapd::js {

template <>
struct Convert<api::WebSocketArgument> {
  static constexpr const char* kName = "WebSocket";
  static api::WebSocketArgument from(Turn& turn, v8::Local<v8::Value> value) {
    auto* end = api::WebSocketEnd::of(turn, value);
    if (end == nullptr) throw TypeMismatch{kName};
    return {end};
  }
};

template <>
struct Convert<api::SocketTags> {
  static constexpr const char* kName = "Array";
  static api::SocketTags from(Turn& turn, v8::Local<v8::Value> value);
};

}  // namespace ocapd::js
