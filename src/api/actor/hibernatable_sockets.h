// HibernatableSockets: the WebSockets that a Durable Object has accepted for good: they stay open
// while it sleeps, and wake it when something arrives.
//
// Owns      the sockets; the answer that is given in the object's place.
// Lives     as long as the actor, through its sleeps; gone when the actor breaks.
// Threads   its lane.
// Limits    kSocketsMax; kTagsMax tags a socket of kTagBytesMax each; kAutoResponseBytesMax.
// See       https://developers.cloudflare.com/durable-objects/best-practices/websockets/
#pragma once

#include <map>

#include <kj/map.h>

#include "src/api/websocket/hibernatable_socket.h"

namespace ocapd::api {

// What arrives on a socket.
struct SocketEvent {
  struct Lost {
    kj::Exception why;
  };
  kj::OneOf<WebSocketLine::Message, Lost> what;
};

class HibernatableSockets final : private kj::TaskSet::ErrorHandler {
 public:
  static constexpr size_t kSocketsMax = 32768;
  static constexpr size_t kTagsMax = 10;
  static constexpr size_t kTagBytesMax = 256;
  static constexpr size_t kAutoResponseBytesMax = 2048;
  static constexpr uint32_t kEventTimeoutMsMax = 604'800'000;

  class Receiver {
   public:
    // Resolves when the next event of the same socket may follow.
    virtual kj::Promise<void> receive(HibernatableSocket& socket, SocketEvent event) = 0;
  };
  struct AutoResponse {
    kj::String request;
    kj::String response;
  };

  explicit HibernatableSockets(Receiver& receiver);
  ~HibernatableSockets() noexcept(false);

  bool hasRoom() const { return sockets_.size() < kSocketsMax; }
  bool empty() const { return sockets_.empty(); }
  // Tags are distinct.
  HibernatableSocket& add(kj::Own<WebSocketLine> line, kj::Array<kj::String> tags);
  // Newest first.
  void forEach(kj::FunctionParam<void(HibernatableSocket&)> visit);
  // Those with a tag, oldest first.
  void forEachTagged(kj::StringPtr tag, kj::FunctionParam<void(HibernatableSocket&)> visit);

  // The object goes to sleep: its JavaScript objects are gone.
  void forgetFaces();
  // Ends all connections, each without a word or with a Close. Not within receive().
  void clear();
  void closeAll(uint16_t code, kj::StringPtr reason);

  kj::Maybe<AutoResponse> autoResponse;
  kj::Maybe<uint32_t> eventTimeoutMs;

 private:
  class Socket;

  kj::Promise<void> listen(kj::Own<Socket> socket);
  bool answers(HibernatableSocket& socket, const WebSocketLine::Message& message);
  void remove(Socket& socket);
  void taskFailed(kj::Exception&& exception) override;

  Receiver& receiver_;
  uint64_t nextNumber_ = 0;
  std::map<uint64_t, kj::Own<Socket>> sockets_;  // in the order of their acceptance
  kj::HashMap<kj::String, std::map<uint64_t, Socket*>> byTag_;
  kj::HashSet<Socket*> all_;  // those as well that only JavaScript still holds
  kj::TaskSet tasks_;
};

}  // namespace ocapd::api
