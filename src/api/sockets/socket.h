// Socket: a class of a built-in script over SocketConnection, and connect() of
// "cloudflare:sockets".
//
// Spec      https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/
#pragma once

#include "src/api/io/io_context.h"
#include "src/api/sockets/socket_connection.h"
#include "src/api/streams/native_source.h"
#include "src/channel/service_channel.h"
#include "src/js/class.h"
#include "src/js/global_builder.h"

namespace ocapd::api {

// The native half of a Socket object.
class SocketEnd final : public js::Object {
 public:
  static constexpr const char* kClassName = "SocketEnd";
  static const js::Class kClass;

  struct Shared {
    kj::Own<SocketConnection> connection;
  };
  SocketEnd(IoOwn<Shared> shared, NativeSource& source)
      : shared_(kj::mv(shared)), source_(&source) {}

  js::Promise close(js::Turn& turn);
  v8::Local<v8::Object> startTls(js::Turn& turn, kj::String serverName);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  void endReading(js::Turn& turn);

  IoOwn<Shared> shared_;
  cppgc::Member<NativeSource> source_;
};

// Where connections go: a channel for the script's hands.
class SocketRoute final : public js::Object {
 public:
  static constexpr const char* kClassName = "SocketRoute";
  static const js::Class kClass;

  explicit SocketRoute(kj::Own<channel::ServiceChannel> channel) : channel(kj::mv(channel)) {}
  kj::Own<channel::ServiceChannel> channel;

  const js::Class& jsClass() const override { return kClass; }
};

// After the streams.
void installSockets(js::GlobalBuilder& global);

// The exports of "cloudflare:sockets".
v8::Local<v8::Object> socketsModule(js::Turn& turn);

// connect() of a service binding.
v8::Local<v8::Value> connectThrough(js::Turn& turn, kj::Own<channel::ServiceChannel> channel,
                                    v8::Local<v8::Value> address, v8::Local<v8::Value> options);

// What a connect() handler gets for a connection that was made to the worker.
v8::Local<v8::Object> newServerSocket(js::Turn& turn, SocketConnection::Stream stream,
                                      kj::Maybe<kj::StringPtr> remoteAddress,
                                      kj::StringPtr localAddress);

}  // namespace ocapd::api
