// WebSocketLine: one end of a WebSocket connection in an event's care, free of JavaScript.
//
// Owns      the connection, and what is to be sent until it is.
// Lives     shared by the end that JavaScript holds and the tasks that send and receive.
// Threads   its lane.
// Limits    kQueuedBytesMax may wait to be sent.
// Errors    a failure of sending ends the receive() under way with it; once dropped, everything is
//           DISCONNECTED.
#pragma once

#include <deque>

#include <kj/compat/http.h>
#include <kj/refcount.h>

namespace ocapd::api {

// What the peer is to be told when it broke the protocol, by a message beyond the limit too; none
// for other failures.
// https://www.rfc-editor.org/rfc/rfc6455#section-7.1.7
kj::Maybe<kj::WebSocket::Close> closeForProtocolError(const kj::Exception& exception);
// Whether the peer has gone without a Close frame.
bool isWebSocketEndOfStream(const kj::Exception& exception);

class WebSocketLine final : public kj::Refcounted {
 public:
  using Message = kj::WebSocket::Message;
  static constexpr size_t kQueuedBytesMax = 256u << 20;

  explicit WebSocketLine(kj::Own<kj::WebSocket> socket) : socket_(kj::mv(socket)) {}

  // Whether a message of so many bytes may be queued.
  bool hasRoomFor(size_t bytes) const { return bytes <= kQueuedBytesMax - queuedBytes_; }
  // Queues a message, to be sent once `held` has come true. What is returned, if anything, does the
  // sending and is to be kept by the event.
  kj::Maybe<kj::Promise<void>> send(Message message, kj::Maybe<kj::Promise<void>> held = nullptr);
  uint64_t queuedBytes() const { return queuedBytes_; }
  // Resolves once nothing waits to be sent, or never will be.
  kj::Promise<void> flushed();

  // One at a time.
  kj::Promise<Message> receive(size_t bytesMax);

  // Ends the connection: at once, or when what is queued has been sent.
  void drop();
  void dropWhenFlushed();
  // Gives the connection away.
  kj::Own<kj::WebSocket> release();

 private:
  struct Queued {
    Message message;
    kj::Maybe<kj::Promise<void>> held;
  };

  static kj::Promise<void> sendQueued(kj::Own<WebSocketLine> self);
  kj::Promise<void> sendOne(const Message& message);

  kj::Own<kj::WebSocket> socket_;
  std::deque<Queued> queue_;
  uint64_t queuedBytes_ = 0;
  bool sending_ = false;
  bool dropsWhenFlushed_ = false;
  kj::Vector<kj::Own<kj::PromiseFulfiller<void>>> flushWaiters_;
  kj::Canceler sends_;
  kj::Canceler receives_;
};

}  // namespace ocapd::api
