// WebSocketEnd: what a WebSocket object knows of its connection: the native half of the class.
//
// The script's WebSocket (web_socket.js) holds one and is told of what arrives. An end is waiting
// until it is accepted, which makes it the event's own, or given away in a Response, which takes it
// out of JavaScript's hands.
//
// Owns      a share of the line, which belongs to the event.
// Lives     on the collected heap; an accepted one as long as its connection.
// Threads   the lane's.
// Limits    kMessageBytesMax a message received (then 1009), kAttachmentBytesMax.
// Errors    as the standard has it; texts pinned by the reference.
// Spec      https://websockets.spec.whatwg.org/#the-websocket-interface
#pragma once

#include <cppgc/persistent.h>

#include "src/api/io/io_context.h"
#include "src/api/websocket/hibernatable_socket.h"
#include "src/api/websocket/web_socket_line.h"
#include "src/js/class.h"

namespace ocapd::api {

class WebSocketEnd final : public js::Object {
 public:
  static constexpr const char* kClassName = "WebSocketEnd";
  static const js::Class kClass;
  static constexpr size_t kMessageBytesMax = 32u << 20;
  static constexpr size_t kAttachmentBytesMax = 16384;

  // Whose other end it is: a server's, or that of a pair.
  enum class Origin : uint8_t { Constructed, Fetched, Paired };

  // What the two ends of a pair know of each other.
  struct Pair : public kj::Refcounted {
    bool isUsed = false;  // one of them has been accepted or given away
  };

  // One that connects.
  WebSocketEnd() = default;
  // One that waits.
  WebSocketEnd(Origin origin, IoOwn<WebSocketLine> line)
      : origin_(origin), phase_(Phase::Waiting), line_(kj::mv(line)) {}

  // Over a connection that the event is to have.
  static WebSocketEnd* create(js::Turn& turn, Origin origin, kj::Own<kj::WebSocket> socket);
  static WebSocketEnd* createPaired(js::Turn& turn, kj::Own<kj::WebSocket> socket,
                                    kj::Own<Pair> pair);
  // The end of a connection that a Durable Object had before it slept.
  static WebSocketEnd* revive(js::Turn& turn, HibernatableSocket& socket);
  // The one behind a WebSocket object; null for any other value.
  static WebSocketEnd* of(js::Turn& turn, v8::Local<v8::Value> value);
  // The WebSocket object.
  v8::Local<v8::Object> face(js::Turn& turn);

  // The connection, for a Response. Throws TypeError unless it waits.
  kj::Own<kj::WebSocket> giveAway(js::Turn& turn);

  // ---- for Durable Objects ----
  // The connection, which is the object's from here on; hibernate() is to follow. Throws unless it
  // waits and its pair is unused.
  kj::Own<WebSocketLine> takeForHibernation(js::Turn& turn);
  void hibernate(js::Turn& turn, HibernatableSocket& socket);
  kj::Maybe<HibernatableSocket&> hibernatable(js::Turn& turn);
  bool isAccepted() const { return phase_ == Phase::Accepted || phase_ == Phase::Failed; }
  // What has arrived, before the object's handler is told.
  void peerClosed() { closeReceived_ = true; }
  void peerLost() { phase_ = Phase::Failed; }

  // ---- for the script ----
  void attach(js::Turn& turn, v8::Local<v8::Object> face);
  enum class HalfOpen : uint8_t { AsFlagSays, Allowed, Refused };
  void accept(js::Turn& turn, HalfOpen halfOpen);
  void send(js::Turn& turn, v8::Local<v8::Value> message);
  void close(js::Turn& turn, kj::Maybe<double> code, kj::Maybe<kj::String> reason);
  uint32_t readyState() const;
  double bufferedAmount(js::Turn& turn);
  kj::StringPtr protocol() const { return protocol_; }
  kj::StringPtr extensions() const { return extensions_; }
  void serializeAttachment(js::Turn& turn, v8::Local<v8::Value> value);
  v8::Local<v8::Value> deserializeAttachment(js::Turn& turn);

  // ---- for whoever connects ----
  void opened(js::Turn& turn, kj::Own<kj::WebSocket> socket, kj::String protocol,
              kj::String extensions);
  void notOpened(js::Turn& turn, v8::Local<v8::Value> error);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  enum class Phase : uint8_t { Connecting, Waiting, Accepted, Hibernatable, GivenAway, Failed };

  // Receives until the connection is done. `self` keeps the object and its listeners.
  static kj::Promise<void> listen(IoContext& context, kj::Own<WebSocketLine> line,
                                  cppgc::Persistent<WebSocketEnd> self);
  void startListening(js::Turn& turn, IoContext& context);
  // False when nothing more comes.
  bool received(js::Turn& turn, WebSocketLine::Message message);
  void receivedClose(js::Turn& turn, kj::WebSocket::Close close);
  void lost(js::Turn& turn, kj::Exception&& exception);
  void queue(js::Turn& turn, WebSocketLine::Message message);
  void requireAccepted() const;
  void usePair();
  // Calls a function of the script with the WebSocket object in front.
  void tell(js::Turn& turn, kj::StringPtr function,
            std::initializer_list<v8::Local<v8::Value>> arguments);

  Origin origin_ = Origin::Constructed;
  Phase phase_ = Phase::Connecting;
  bool allowsHalfOpen_ = true;
  bool closeSent_ = false;
  bool closeReceived_ = false;
  IoOwn<WebSocketLine> line_;               // until it is done
  IoOwn<HibernatableSocket> hibernatable_;  // of Phase::Hibernatable
  kj::Own<Pair> pair_;                      // until this end is used
  kj::String protocol_;
  kj::String extensions_;
  kj::Array<kj::byte> attachment_;
  v8::TracedReference<v8::Object> face_;
};

}  // namespace ocapd::api
