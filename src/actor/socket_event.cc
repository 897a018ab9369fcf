// Events of an actor's hibernatable WebSockets. Part of LiveActor.

#include <kj/debug.h>
#include <v8-array-buffer.h>

#include "src/actor/actor.h"
#include "src/actor/actor_namespace.h"
#include "src/actor/live_actor.h"
#include "src/api/actor/socket_methods.h"
#include "src/worker/event.h"

namespace ocapd::actor {

namespace {

using Message = api::WebSocketLine::Message;

constexpr uint16_t kAbnormal = 1006;
// Pinned by the reference.
constexpr kj::StringPtr kNoCloseFrame = "WebSocket disconnected without sending Close frame."_kj;

// A handler and what it is called with.
struct Call {
  kj::StringPtr handler;
  v8::LocalVector<v8::Value> arguments;
};

v8::Local<v8::Value> toBuffer(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  auto buffer = v8::ArrayBuffer::New(turn.v8, bytes.size());
  if (bytes.size() > 0) memcpy(buffer->Data(), bytes.begin(), bytes.size());
  return buffer;
}

void closed(js::Turn& turn, Call& call, uint16_t code, kj::StringPtr reason, bool wasClean) {
  call.handler = "webSocketClose";
  call.arguments.push_back(v8::Integer::New(turn.v8, code));
  call.arguments.push_back(turn.string(reason.asArray()));
  call.arguments.push_back(v8::Boolean::New(turn.v8, wasClean));
}

void arrived(js::Turn& turn, Call& call, api::WebSocketEnd& end, Message& message) {
  call.handler = "webSocketMessage";
  KJ_SWITCH_ONEOF(message) {
    KJ_CASE_ONEOF(text, kj::String) {
      call.arguments.push_back(turn.string(text.asArray()));
    }
    KJ_CASE_ONEOF(bytes, kj::Array<kj::byte>) {
      call.arguments.push_back(toBuffer(turn, bytes));
    }
    KJ_CASE_ONEOF(close, kj::WebSocket::Close) {
      end.peerClosed();
      closed(turn, call, close.code, close.reason, true);
    }
  }
}

void lost(js::Turn& turn, Call& call, api::WebSocketEnd& end, kj::Exception&& why) {
  end.peerLost();
  if (api::isWebSocketEndOfStream(why)) return closed(turn, call, kAbnormal, kNoCloseFrame, false);
  call.handler = "webSocketError";
  bool isProtocol = api::closeForProtocolError(why) != nullptr;
  call.arguments.push_back(isProtocol ? js::Error::plain(why.getDescription()).toValue(turn)
                                      : js::toJs(turn, kj::mv(why)));
}

}  // namespace

kj::Promise<void> LiveActor::receive(api::HibernatableSocket& socket, api::SocketEvent event,
                                     kj::Own<void> busy) {
  auto pass = co_await gate_.current().enter();
  pass->use();
  context_->runTurn([&](js::Turn& turn) {
    auto failure = turn.catching([&] {
      KJ_IF_MAYBE(returned, callSocketHandler(turn, socket, kj::mv(event))) {
        keepUntilSettled(turn, *returned, kj::mv(busy));
      }
    });
    KJ_IF_MAYBE(reason, failure) {
      worker::Event::logFailure(turn, *reason, kj::LogSeverity::INFO);
    }
  });
}

kj::Maybe<v8::Local<v8::Value>> LiveActor::callSocketHandler(js::Turn& turn,
                                                             api::HibernatableSocket& socket,
                                                             api::SocketEvent event) {
  auto face = api::webSocketOf(turn, socket);
  auto& end = *api::WebSocketEnd::of(turn, face);
  Call call{nullptr, v8::LocalVector<v8::Value>(turn.v8)};
  call.arguments.push_back(face);
  KJ_SWITCH_ONEOF(event.what) {
    KJ_CASE_ONEOF(message, Message) {
      arrived(turn, call, end, message);
    }
    KJ_CASE_ONEOF(failure, api::SocketEvent::Lost) {
      lost(turn, call, end, kj::mv(failure.why));
    }
  }
  auto object = object_.Get(turn.v8);
  auto handler = turn.get(object, call.handler);
  if (!handler->IsFunction()) return nullptr;
  auto returned = turn.check(handler.As<v8::Function>()->Call(
      turn.context, object, int(call.arguments.size()), call.arguments.data()));
  if (!returned->IsObject()) return nullptr;
  return returned;
}

void LiveActor::keepUntilSettled(js::Turn& turn, v8::Local<v8::Value> returned,
                                 kj::Own<void> busy) {
  struct Handled : public kj::Refcounted {
    explicit Handled(kj::Own<kj::PromiseFulfiller<void>> fulfiller)
        : fulfiller(kj::mv(fulfiller)) {}
    kj::Own<kj::PromiseFulfiller<void>> fulfiller;
  };
  auto pair = kj::newPromiseAndFulfiller<void>();
  auto handled = kj::refcounted<Handled>(kj::mv(pair.fulfiller));
  turn.whenSettled(
      turn.resolved(returned),
      [handled = kj::addRef(*handled)](js::Turn& inner, v8::Local<v8::Value>) mutable {
        handled->fulfiller->fulfill();
        return inner.undefined();
      },
      [handled = kj::addRef(*handled)](js::Turn& inner, v8::Local<v8::Value> reason) mutable {
        worker::Event::logFailure(inner, reason, kj::LogSeverity::INFO);
        handled->fulfiller->fulfill();
        return inner.undefined();
      });
  auto over = kj::mv(pair.promise);
  KJ_IF_MAYBE(milliseconds, webSockets().eventTimeoutMs) {
    auto late = worker_.timer().afterDelay(*milliseconds * kj::MILLISECONDS).then([]() {
      KJ_LOG(INFO, "Actor exceeded event execution time and was disconnected.");
    });
    over = over.exclusiveJoin(kj::mv(late));
  }
  context_->addTask(over.attach(kj::mv(busy)));
}

}  // namespace ocapd::actor
