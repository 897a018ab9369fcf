// DurableObjectState: `ctx`, the first parameter of a Durable Object's constructor.
//
// Owns      a handle to the actor.
// Spec      https://developers.cloudflare.com/durable-objects/api/state/
#pragma once

#include "src/api/actor/actor_host.h"
#include "src/api/actor/socket_methods.h"
#include "src/channel/props.h"
#include "src/js/class.h"

namespace ocapd::api {

class DurableObjectState final : public js::Object {
 public:
  static constexpr const char* kClassName = "DurableObjectState";
  static const js::Class kClass;

  explicit DurableObjectState(IoOwn<ActorHost> host) : host_(kj::mv(host)) {}
  // With its own properties. In a turn of the actor's.
  static v8::Local<v8::Object> make(js::Turn& turn, ActorHost& host,
                                    kj::Maybe<kj::Own<channel::Props>> props);

  void waitUntil(js::Turn& turn, v8::Local<v8::Value> promise);
  js::Promise blockConcurrencyWhile(js::Turn& turn, v8::Local<v8::Function> callback);
  void abort(js::Turn& turn, v8::Local<v8::Value> reason, v8::Local<v8::Value> options);

  // ---- hibernatable WebSockets: socket_methods.cc ----
  void acceptWebSocket(js::Turn& turn, WebSocketArgument socket, kj::Maybe<SocketTags> tags);
  v8::Local<v8::Value> getWebSockets(js::Turn& turn, kj::Maybe<kj::String> tag);
  void setWebSocketAutoResponse(js::Turn& turn, kj::Maybe<WebSocketRequestResponsePair*> pair);
  WebSocketRequestResponsePair* getWebSocketAutoResponse(js::Turn& turn);
  v8::Local<v8::Value> getWebSocketAutoResponseTimestamp(js::Turn& turn, WebSocketArgument socket);
  void setHibernatableWebSocketEventTimeout(js::Turn& turn, v8::Local<v8::Value> milliseconds);
  v8::Local<v8::Value> getHibernatableWebSocketEventTimeout(js::Turn& turn);
  v8::Local<v8::Value> getTags(js::Turn& turn, WebSocketArgument socket);

  const js::Class& jsClass() const override { return kClass; }

 private:
  HibernatableSockets& sockets(js::Turn& turn) {
    return host_.get(IoContext::current(turn)).webSockets();
  }

  IoOwn<ActorHost> host_;
};

}  // namespace ocapd::api
