#include "src/wire/web_socket.h"

#include <kj/debug.h>

namespace ocapd::wire {

namespace {

constexpr size_t kMessageBytesMax = 32u << 20;

class HostedWebSocket final : public schema::WebSocket::Server {
 public:
  HostedWebSocket(kj::Own<SharedWebSocket> socket, kj::Own<void> hold)
      : hold_(kj::mv(hold)), socket_(kj::mv(socket)) {}
  ~HostedWebSocket() noexcept(false) {
    if (!isClosed_) socket_->abort();
  }

  kj::Promise<void> sendText(SendTextContext context) override {
    requireOpen();
    auto text = context.getParams().getText();
    return socket_->with([&](kj::WebSocket& socket) {
      return socket.send(kj::arrayPtr(text.begin(), text.size()));
    });
  }
  kj::Promise<void> sendData(SendDataContext context) override {
    requireOpen();
    kj::ArrayPtr<const kj::byte> data = context.getParams().getData();
    return socket_->with([&](kj::WebSocket& socket) { return socket.send(data); });
  }
  kj::Promise<void> close(CloseContext context) override {
    requireOpen();
    isClosed_ = true;
    auto params = context.getParams();
    return socket_->with(
        [&](kj::WebSocket& socket) { return socket.close(params.getCode(), params.getReason()); });
  }

 private:
  void requireOpen() { KJ_REQUIRE(!isClosed_, "a WebSocket message was sent after close()"); }

  kj::Own<void> hold_;
  kj::Own<SharedWebSocket> socket_;
  bool isClosed_ = false;
};

}  // namespace

schema::WebSocket::Client hostWebSocket(kj::Own<SharedWebSocket> socket, kj::Own<void> hold) {
  return kj::heap<HostedWebSocket>(kj::mv(socket), kj::mv(hold));
}

kj::Promise<void> pumpToRemote(kj::Own<SharedWebSocket> socket, schema::WebSocket::Client remote) {
  while (true) {
    auto message =
        co_await socket->with([](kj::WebSocket& each) { return each.receive(kMessageBytesMax); });
    KJ_SWITCH_ONEOF(message) {
      KJ_CASE_ONEOF(text, kj::String) {
        auto request = remote.sendTextRequest(capnp::MessageSize{text.size() / 8 + 16, 0});
        request.setText(text);
        co_await request.send();
      }
      KJ_CASE_ONEOF(data, kj::Array<kj::byte>) {
        auto request = remote.sendDataRequest(capnp::MessageSize{data.size() / 8 + 16, 0});
        request.setData(data);
        co_await request.send();
      }
      KJ_CASE_ONEOF(close, kj::WebSocket::Close) {
        auto request = remote.closeRequest();
        request.setCode(close.code);
        request.setReason(close.reason);
        co_await request.send().ignoreResult();
        co_return;
      }
    }
  }
}

}  // namespace ocapd::wire
