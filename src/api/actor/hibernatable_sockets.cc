#include "src/api/actor/hibernatable_sockets.h"

#include <kj/debug.h>

#include "src/api/websocket/web_socket_end.h"

namespace ocapd::api {

class HibernatableSockets::Socket final : public HibernatableSocket {
 public:
  Socket(HibernatableSockets& owner, uint64_t number, kj::Own<WebSocketLine> line,
         kj::Array<kj::String> tags)
      : HibernatableSocket(kj::mv(line), kj::mv(tags)), owner_(&owner), number_(number) {
    owner.all_.insert(this);
  }
  ~Socket() noexcept(false) {
    if (owner_ != nullptr) owner_->all_.eraseMatch(this);
  }

  void keepSending(kj::Promise<void> sending) override {
    if (owner_ != nullptr) owner_->tasks_.add(kj::mv(sending));
  }

  uint64_t number() const { return number_; }
  // The list is gone: nothing can be sent any more.
  void orphan() {
    owner_ = nullptr;
    line->drop();
    face.Reset();
  }

 private:
  HibernatableSockets* owner_;
  const uint64_t number_;
};

HibernatableSockets::HibernatableSockets(Receiver& receiver) : receiver_(receiver), tasks_(*this) {}

HibernatableSockets::~HibernatableSockets() noexcept(false) {
  clear();
}

HibernatableSocket& HibernatableSockets::add(kj::Own<WebSocketLine> line,
                                             kj::Array<kj::String> tags) {
  auto number = nextNumber_++;
  auto socket = kj::refcounted<Socket>(*this, number, kj::mv(line), kj::mv(tags));
  auto& reference = *socket;
  for (auto& tag : reference.tags) {
    auto& tagged =
        byTag_.findOrCreate(tag, [&]() { return decltype(byTag_)::Entry{kj::str(tag), {}}; });
    tagged.emplace(number, &reference);
  }
  sockets_.emplace(number, kj::addRef(reference));
  tasks_.add(listen(kj::mv(socket)));
  return reference;
}

void HibernatableSockets::forEach(kj::FunctionParam<void(HibernatableSocket&)> visit) {
  for (auto each = sockets_.rbegin(); each != sockets_.rend(); ++each) visit(*each->second);
}

void HibernatableSockets::forEachTagged(kj::StringPtr tag,
                                        kj::FunctionParam<void(HibernatableSocket&)> visit) {
  KJ_IF_MAYBE(tagged, byTag_.find(tag)) {
    for (auto& each : *tagged) visit(*each.second);
  }
}

void HibernatableSockets::forgetFaces() {
  for (auto& each : sockets_) each.second->face.Reset();
}

void HibernatableSockets::clear() {
  tasks_.clear();
  for (auto* each : all_) each->orphan();
  all_.clear();
  byTag_.clear();
  sockets_.clear();
}

void HibernatableSockets::closeAll(uint16_t code, kj::StringPtr reason) {
  for (auto& each : sockets_) {
    auto& socket = *each.second;
    if (socket.closeSent) continue;
    socket.closeSent = true;
    socket.send(kj::WebSocket::Close{code, kj::str(reason)});
    if (socket.closeReceived) socket.line->dropWhenFlushed();
  }
}

void HibernatableSockets::remove(Socket& socket) {
  for (auto& tag : socket.tags) {
    KJ_IF_MAYBE(tagged, byTag_.find(tag)) {
      tagged->erase(socket.number());
      if (tagged->empty()) byTag_.erase(tag);
    }
  }
  sockets_.erase(socket.number());
}

// In the object's place, which is neither woken nor told.
bool HibernatableSockets::answers(HibernatableSocket& socket,
                                  const WebSocketLine::Message& message) {
  KJ_IF_MAYBE(pair, autoResponse) {
    KJ_IF_MAYBE(text, message.tryGet<kj::String>()) {
      if (*text != pair->request || socket.closeSent) return false;
      socket.autoRespondedAt = kj::systemPreciseCalendarClock().now();
      socket.send(kj::str(pair->response));
      return true;
    }
  }
  return false;
}

kj::Promise<void> HibernatableSockets::listen(kj::Own<Socket> socket) {
  bool goesOn = true;
  while (goesOn) {
    SocketEvent event;
    try {
      event.what = co_await socket->line->receive(WebSocketEnd::kMessageBytesMax);
    } catch (kj::Exception& exception) {
      event.what = SocketEvent::Lost{kj::mv(exception)};
    }
    KJ_IF_MAYBE(message, event.what.tryGet<WebSocketLine::Message>()) {
      if (answers(*socket, *message)) continue;
      if (message->is<kj::WebSocket::Close>()) {
        goesOn = false;
        socket->closeReceived = true;
        if (socket->closeSent) socket->line->dropWhenFlushed();
      }
    } else {
      goesOn = false;
      socket->isLost = true;
      socket->line->drop();
    }
    co_await receiver_.receive(*socket, kj::mv(event));
  }
  remove(*socket);
}

void HibernatableSockets::taskFailed(kj::Exception&& exception) {
  KJ_LOG(INFO, "an event of a Durable Object's WebSocket failed", exception);
}

}  // namespace ocapd::api
