// DurableObjectState: `ctx`, the first parameter of a Durable Object's constructor.
//
// Owns      a handle to the actor.
// Errors    what is not implemented yet throws and says so.
// Spec      https://developers.cloudflare.com/durable-objects/api/state/
#pragma once

#include "src/api/actor/actor_host.h"
#include "src/js/class.h"

namespace ocapd::api {

class DurableObjectState final : public js::Object {
 public:
  static constexpr const char* kClassName = "DurableObjectState";
  static const js::Class kClass;

  explicit DurableObjectState(IoOwn<ActorHost> host) : host_(kj::mv(host)) {}
  // With its own properties. In a turn of the actor's.
  static v8::Local<v8::Object> make(js::Turn& turn, ActorHost& host);

  void waitUntil(js::Turn& turn, v8::Local<v8::Value> promise);
  js::Promise blockConcurrencyWhile(js::Turn& turn, v8::Local<v8::Function> callback);
  void abort(js::Turn& turn, v8::Local<v8::Value> reason, v8::Local<v8::Value> options);

  // TODO(#7): hibernatable WebSockets. None has been accepted, as none can be.
  void acceptWebSocket(js::Turn& turn);
  v8::Local<v8::Value> getWebSockets(js::Turn& turn, v8::Local<v8::Value> tag);

  const js::Class& jsClass() const override { return kClass; }

 private:
  IoOwn<ActorHost> host_;
};

}  // namespace ocapd::api
