#include "src/api/websocket/web_socket_line.h"

#include <stdlib.h>
#include <string.h>

#include <kj/debug.h>

namespace ocapd::api {

namespace {

kj::Exception dropped() {
  return KJ_EXCEPTION(DISCONNECTED, "the WebSocket was dropped");
}

size_t sizeOf(const WebSocketLine::Message& message) {
  KJ_SWITCH_ONEOF(message) {
    KJ_CASE_ONEOF(text, kj::String) {
      return text.size();
    }
    KJ_CASE_ONEOF(bytes, kj::Array<kj::byte>) {
      return bytes.size();
    }
    KJ_CASE_ONEOF(close, kj::WebSocket::Close) {
      return 0;
    }
  }
  KJ_UNREACHABLE;
}

}  // namespace

// KJ's exceptions have no codes.

kj::Maybe<kj::WebSocket::Close> closeForProtocolError(const kj::Exception& exception) {
  constexpr auto kStart = "WebSocket protocol error; protocolError.statusCode = "_kj;
  constexpr auto kReason = "; protocolError.description = "_kj;
  auto text = exception.getDescription();
  if (exception.getType() != kj::Exception::Type::FAILED || !text.startsWith(kStart)) {
    return nullptr;
  }
  const char* code = text.begin() + kStart.size();
  kj::WebSocket::Close close{uint16_t(strtoul(code, nullptr, 10)), nullptr};
  if (const char* reason = strstr(code, kReason.begin())) {
    close.reason = kj::str(kj::StringPtr(reason).slice(kReason.size()));
  }
  return kj::mv(close);
}

bool isWebSocketEndOfStream(const kj::Exception& exception) {
  auto text = exception.getDescription();
  return exception.getType() == kj::Exception::Type::DISCONNECTED &&
         (text.startsWith("WebSocket disconnected") || text.startsWith("WebSocket EOF") ||
          text.startsWith("other end of WebSocketPipe was destroyed"));
}

kj::Maybe<kj::Promise<void>> WebSocketLine::send(Message message,
                                                 kj::Maybe<kj::Promise<void>> held) {
  if (socket_.get() == nullptr) return nullptr;
  queuedBytes_ += sizeOf(message);
  queue_.push_back(Queued{kj::mv(message), kj::mv(held)});
  if (sending_) return nullptr;
  sending_ = true;
  return sendQueued(kj::addRef(*this));
}

kj::Promise<void> WebSocketLine::sendQueued(kj::Own<WebSocketLine> self) {
  kj::Maybe<kj::Exception> failure;
  while (self->socket_.get() != nullptr && !self->queue_.empty()) {
    try {
      KJ_IF_MAYBE(held, self->queue_.front().held) {
        co_await self->sends_.wrap(kj::mv(*held));
      }
      co_await self->sends_.wrap(self->sendOne(self->queue_.front().message));
    } catch (...) {
      failure = kj::getCaughtExceptionAsKj();
    }
    if (failure != nullptr) break;
    self->queuedBytes_ -= sizeOf(self->queue_.front().message);
    self->queue_.pop_front();
  }
  self->sending_ = false;
  KJ_IF_MAYBE(exception, failure) {
    self->receives_.cancel(*exception);
    self->drop();
    self->queue_.clear();
  }
  if (self->dropsWhenFlushed_) self->drop();
  for (auto& waiter : self->flushWaiters_) waiter->fulfill();
  self->flushWaiters_.clear();
}

kj::Promise<void> WebSocketLine::sendOne(const Message& message) {
  KJ_SWITCH_ONEOF(message) {
    KJ_CASE_ONEOF(text, kj::String) {
      return socket_->send(text.asArray());
    }
    KJ_CASE_ONEOF(bytes, kj::Array<kj::byte>) {
      return socket_->send(bytes.asPtr());
    }
    KJ_CASE_ONEOF(close, kj::WebSocket::Close) {
      return socket_->close(close.code, close.reason);
    }
  }
  KJ_UNREACHABLE;
}

kj::Promise<void> WebSocketLine::flushed() {
  if (!sending_) return kj::READY_NOW;
  auto pair = kj::newPromiseAndFulfiller<void>();
  flushWaiters_.add(kj::mv(pair.fulfiller));
  return kj::mv(pair.promise);
}

kj::Promise<WebSocketLine::Message> WebSocketLine::receive(size_t bytesMax) {
  if (socket_.get() == nullptr) return dropped();
  return receives_.wrap(socket_->receive(bytesMax));
}

void WebSocketLine::drop() {
  if (socket_.get() == nullptr) return;
  sends_.cancel(dropped());
  receives_.cancel(dropped());
  socket_ = nullptr;
  if (!sending_) queue_.clear();  // sendQueued() holds on to the first
  queuedBytes_ = 0;
}

void WebSocketLine::dropWhenFlushed() {
  if (sending_) {
    dropsWhenFlushed_ = true;
  } else {
    drop();
  }
}

kj::Own<kj::WebSocket> WebSocketLine::release() {
  KJ_REQUIRE(socket_.get() != nullptr && !sending_ && receives_.isEmpty(),
             "a WebSocket that is in use cannot be given away");
  return kj::mv(socket_);
}

}  // namespace ocapd::api
