#include "src/api/websocket/web_socket_end.h"

#include <math.h>
#include <v8-array-buffer.h>

#include "src/api/io/worker_host.h"
#include "src/api/websocket/web_socket.h"
#include "src/js/structured_clone.h"

namespace ocapd::api {

namespace {

// Texts pinned by the reference, here and below.
constexpr kj::StringPtr kNoCloseFrame = "WebSocket disconnected without sending Close frame."_kj;
constexpr uint16_t kNoCode = 1005;
constexpr uint16_t kAbnormal = 1006;
constexpr size_t kReasonBytesMax = 123;

v8::Local<v8::Private> endKey(js::Turn& turn) {
  return v8::Private::ForApi(turn.v8, turn.name("ocapd.webSocketEnd"));
}

// https://websockets.spec.whatwg.org/#dom-websocket-close, step 1. Differs: endpoints of either
// side close here, so the codes for servers are allowed.
uint16_t checkedCode(double given) {
  double code = isnan(given) ? 0 : trunc(given);
  if (code < -2147483648.0 || code > 2147483647.0) {
    throw js::Error::type(
        "Value out of range. Must be between -2147483648 and 2147483647 "
        "(inclusive).");
  }
  bool isReserved = code == 1004 || code == kNoCode || code == kAbnormal || code == 1015;
  if (code < 1000 || code > 4999 || isReserved) {
    throw js::Error::dom("InvalidAccessError", "Invalid WebSocket close code: ", int64_t(code),
                         ".");
  }
  return uint16_t(code);
}

// What the worker is told of a connection that broke.
v8::Local<v8::Value> toError(js::Turn& turn, kj::Exception&& exception) {
  if (closeForProtocolError(exception) != nullptr) {
    return js::Error::plain(exception.getDescription()).toValue(turn);
  }
  return js::toJs(turn, kj::mv(exception));
}

v8::Local<v8::ArrayBuffer> toArrayBuffer(js::Turn& turn, kj::Array<kj::byte> bytes) {
  if (bytes.size() == 0) return v8::ArrayBuffer::New(turn.v8, 0);
  auto* owned = new kj::Array<kj::byte>(kj::mv(bytes));
  auto store = v8::ArrayBuffer::NewBackingStore(
      owned->begin(), owned->size(),
      [](void*, size_t, void* data) { delete static_cast<kj::Array<kj::byte>*>(data); }, owned);
  return v8::ArrayBuffer::New(turn.v8, kj::mv(store));
}

}  // namespace

WebSocketEnd* WebSocketEnd::create(js::Turn& turn, Origin origin, kj::Own<kj::WebSocket> socket) {
  auto& context = IoContext::current(turn);
  return turn.make<WebSocketEnd>(origin,
                                 context.own(kj::refcounted<WebSocketLine>(kj::mv(socket))));
}

WebSocketEnd* WebSocketEnd::createPaired(js::Turn& turn, kj::Own<kj::WebSocket> socket,
                                         kj::Own<Pair> pair) {
  auto* end = create(turn, Origin::Paired, kj::mv(socket));
  end->pair_ = kj::mv(pair);
  return end;
}

WebSocketEnd* WebSocketEnd::revive(js::Turn& turn, HibernatableSocket& socket) {
  auto* end = turn.make<WebSocketEnd>(Origin::Paired, IoOwn<WebSocketLine>());
  end->hibernate(turn, socket);
  return end;
}

WebSocketEnd* WebSocketEnd::of(js::Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsObject()) return nullptr;
  auto end = turn.check(value.As<v8::Object>()->GetPrivate(turn.context, endKey(turn)));
  return turn.unwrap<WebSocketEnd>(end);
}

v8::Local<v8::Object> WebSocketEnd::face(js::Turn& turn) {
  if (face_.IsEmpty()) newWebSocket(turn, *this);
  return face_.Get(turn.v8);
}

void WebSocketEnd::attach(js::Turn& turn, v8::Local<v8::Object> face) {
  face_.Reset(turn.v8, face);
  turn.check(face->SetPrivate(turn.context, endKey(turn), turn.wrap(*this)));
}

kj::Own<kj::WebSocket> WebSocketEnd::giveAway(js::Turn& turn) {
  switch (phase_) {
    case Phase::Waiting: break;
    case Phase::GivenAway:
      throw js::Error::type("Can't return WebSocket that was already used in a response.");
    case Phase::Connecting:
    case Phase::Accepted:
    case Phase::Failed:
      throw js::Error::type("Can't return WebSocket in a Response after calling accept().");
  }
  auto line = line_.take(IoContext::current(turn));
  phase_ = Phase::GivenAway;
  usePair();
  return line->release();
}

void WebSocketEnd::usePair() {
  if (pair_.get() == nullptr) return;
  pair_->isUsed = true;
  pair_ = nullptr;
}

// https://developers.cloudflare.com/durable-objects/best-practices/websockets/
kj::Own<WebSocketLine> WebSocketEnd::takeForHibernation(js::Turn& turn) {
  bool isAccepted = phase_ == Phase::Accepted || phase_ == Phase::Hibernatable;
  if (isAccepted || phase_ == Phase::Failed) {
    throw js::Error::plain(
        "Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`");
  }
  if (phase_ != Phase::Waiting || pair_.get() == nullptr || pair_->isUsed) {
    throw js::Error::plain(
        "Cannot call `acceptWebSocket()` on this WebSocket because its pair has already been "
        "accepted or used in a Response.");
  }
  auto line = line_.take(IoContext::current(turn));
  usePair();
  return line;
}

void WebSocketEnd::hibernate(js::Turn& turn, HibernatableSocket& socket) {
  auto& context = IoContext::current(turn);
  phase_ = socket.isLost ? Phase::Failed : Phase::Hibernatable;
  closeSent_ = socket.closeSent;
  closeReceived_ = socket.closeReceived;
  line_ = context.own(kj::addRef(*socket.line));
  hibernatable_ = context.own(kj::addRef(socket));
  if (attachment_.size() > 0) socket.attachment = kj::mv(attachment_);
}

kj::Maybe<HibernatableSocket&> WebSocketEnd::hibernatable(js::Turn& turn) {
  if (hibernatable_.empty()) return nullptr;
  return hibernatable_.get(IoContext::current(turn));
}

void WebSocketEnd::accept(js::Turn& turn, HalfOpen halfOpen) {
  if (origin_ == Origin::Constructed) {
    throw js::Error::type(
        "Websockets obtained from the 'new WebSocket()' constructor cannot call accept");
  }
  if (phase_ == Phase::GivenAway) {
    throw js::Error::type("Can't accept() WebSocket that was already used in a response.");
  }
  if (phase_ == Phase::Hibernatable) {
    throw js::Error::type("Can't accept() WebSocket after enabling hibernation.");
  }
  if (phase_ != Phase::Waiting) return;
  auto& context = IoContext::current(turn);
  line_.get(context);
  usePair();
  if (halfOpen != HalfOpen::AsFlagSays) {
    allowsHalfOpen_ = halfOpen == HalfOpen::Allowed;
  } else {
    allowsHalfOpen_ = !WorkerHost::of(turn).has(compat::CompatFlag::WebSocketAutoReplyToClose);
  }
  startListening(turn, context);
}

void WebSocketEnd::startListening(js::Turn& turn, IoContext& context) {
  phase_ = Phase::Accepted;
  auto line = kj::addRef(line_.get(context));
  context.addLastingTask(listen(context, kj::mv(line), cppgc::Persistent<WebSocketEnd>(this)));
}

kj::Promise<void> WebSocketEnd::listen(IoContext& context, kj::Own<WebSocketLine> line,
                                       cppgc::Persistent<WebSocketEnd> self) {
  bool goesOn = true;
  while (goesOn) {
    WebSocketLine::Message message;
    kj::Maybe<kj::Exception> failure;
    try {
      message = co_await line->receive(kMessageBytesMax);
    } catch (...) {
      failure = kj::getCaughtExceptionAsKj();
    }
    goesOn = false;
    context.runTurn([&](js::Turn& turn) {
      KJ_IF_MAYBE(exception, failure) {
        self->lost(turn, kj::mv(*exception));
      } else {
        goesOn = self->received(turn, kj::mv(message));
      }
    });
  }
  // What was said last, a Close as a rule, is to arrive.
  co_await line->flushed();
}

bool WebSocketEnd::received(js::Turn& turn, WebSocketLine::Message message) {
  KJ_SWITCH_ONEOF(message) {
    KJ_CASE_ONEOF(text, kj::String) {
      tell(turn, "received", {turn.string(text)});
    }
    KJ_CASE_ONEOF(bytes, kj::Array<kj::byte>) {
      tell(turn, "received", {toArrayBuffer(turn, kj::mv(bytes))});
    }
    KJ_CASE_ONEOF(close, kj::WebSocket::Close) {
      receivedClose(turn, kj::mv(close));
      return false;
    }
  }
  return true;
}

void WebSocketEnd::receivedClose(js::Turn& turn, kj::WebSocket::Close close) {
  closeReceived_ = true;
  if (!closeSent_ && !allowsHalfOpen_) {
    closeSent_ = true;
    queue(turn, kj::WebSocket::Close{close.code, kj::str(close.reason)});
  }
  if (closeSent_) line_.get(IoContext::current(turn)).dropWhenFlushed();
  tell(turn, "closed",
       {v8::Integer::New(turn.v8, close.code), turn.string(close.reason),
        v8::Boolean::New(turn.v8, true)});
}

// https://websockets.spec.whatwg.org/#ref-for-close-the-websocket-connection
void WebSocketEnd::lost(js::Turn& turn, kj::Exception&& exception) {
  phase_ = Phase::Failed;
  auto& line = line_.get(IoContext::current(turn));
  auto close = closeForProtocolError(exception);
  if (origin_ == Origin::Paired || closeSent_ || close == nullptr) {
    line.drop();  // whoever has the other end tells the peer
  } else {
    queue(turn, kj::mv(KJ_ASSERT_NONNULL(close)));
    line.dropWhenFlushed();
  }
  if (!isWebSocketEndOfStream(exception)) tell(turn, "failed", {toError(turn, kj::mv(exception))});
  tell(turn, "closed",
       {v8::Integer::New(turn.v8, kAbnormal), turn.string(kNoCloseFrame),
        v8::Boolean::New(turn.v8, false)});
}

void WebSocketEnd::opened(js::Turn& turn, kj::Own<kj::WebSocket> socket, kj::String protocol,
                          kj::String extensions) {
  if (phase_ != Phase::Connecting || closeSent_) return;
  auto& context = IoContext::current(turn);
  allowsHalfOpen_ = !WorkerHost::of(turn).has(compat::CompatFlag::WebSocketAutoReplyToClose);
  protocol_ = kj::mv(protocol);
  extensions_ = kj::mv(extensions);
  line_ = context.own(kj::refcounted<WebSocketLine>(kj::mv(socket)));
  startListening(turn, context);
  tell(turn, "opened", {});
}

void WebSocketEnd::notOpened(js::Turn& turn, v8::Local<v8::Value> error) {
  if (phase_ != Phase::Connecting) return;
  phase_ = Phase::Failed;
  tell(turn, "failed", {error});
  tell(turn, "closed",
       {v8::Integer::New(turn.v8, kAbnormal),
        turn.string("Failed to establish websocket connection"_kj),
        v8::Boolean::New(turn.v8, false)});
}

void WebSocketEnd::requireAccepted() const {
  if (phase_ == Phase::Accepted || phase_ == Phase::Hibernatable || phase_ == Phase::Failed) return;
  throw js::Error::type(
      "You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending "
      "messages.");
}

// https://websockets.spec.whatwg.org/#dom-websocket-send
void WebSocketEnd::send(js::Turn& turn, v8::Local<v8::Value> value) {
  WebSocketLine::Message message;
  if (value->IsArrayBufferView() || value->IsArrayBuffer()) {
    message = kj::heapArray<kj::byte>(js::Convert<js::BufferSource>::from(turn, value).bytes);
  } else {
    message = js::Convert<kj::String>::from(turn, value);
  }
  requireAccepted();
  if (closeSent_) throw js::Error::type("Can't call WebSocket send() after close().");
  if (phase_ == Phase::Failed) return;
  queue(turn, kj::mv(message));
}

void WebSocketEnd::queue(js::Turn& turn, WebSocketLine::Message message) {
  auto& context = IoContext::current(turn);
  auto& line = line_.get(context);
  size_t bytes = 0;
  KJ_IF_MAYBE(text, message.tryGet<kj::String>()) bytes = text->size();
  KJ_IF_MAYBE(data, message.tryGet<kj::Array<kj::byte>>()) bytes = data->size();
  if (!line.hasRoomFor(bytes)) {
    throw js::Error::dom("QuotaExceededError",
                         "WebSocket send(): too much waits to be sent already. Wait until the "
                         "other side has read some of it.");
  }
  // What a Durable Object says waits for what it has written.
  KJ_IF_MAYBE(socket, hibernatable(turn)) {
    return socket->send(kj::mv(message), context.outputHeld());
  }
  KJ_IF_MAYBE(sending, line.send(kj::mv(message), context.outputHeld())) {
    context.addTask(kj::mv(*sending));
  }
}

// https://websockets.spec.whatwg.org/#dom-websocket-close
void WebSocketEnd::close(js::Turn& turn, kj::Maybe<double> code, kj::Maybe<kj::String> reason) {
  kj::WebSocket::Close close{kNoCode, nullptr};
  KJ_IF_MAYBE(given, code) close.code = checkedCode(*given);
  KJ_IF_MAYBE(text, reason) {
    if (code == nullptr) {
      throw js::Error::dom("InvalidAccessError",
                           "If you specify a WebSocket close reason, you must also specify a "
                           "code.");
    }
    bool isLimited = WorkerHost::of(turn).has(compat::CompatFlag::WebsocketCloseReasonByteLimit);
    if (isLimited && text->size() > kReasonBytesMax) {
      throw js::Error::dom("SyntaxError",
                           "WebSocket close reason must not be longer than 123 bytes when UTF-8 "
                           "encoded.");
    }
    close.reason = kj::mv(*text);
  }
  if (phase_ == Phase::Connecting) {
    if (closeSent_) return;
    closeSent_ = true;
    auto self = cppgc::Persistent<WebSocketEnd>(this);
    return IoContext::current(turn).continueIn(
        kj::evalLater([] {}),
        [self](js::Turn& inner) {
          self->notOpened(
              inner, js::Error::plain("WebSocket was closed before it was open.").toValue(inner));
        },
        [](js::Turn&, kj::Exception&&) {});
  }
  requireAccepted();
  if (closeSent_ || phase_ == Phase::Failed) return;
  closeSent_ = true;
  KJ_IF_MAYBE(socket, hibernatable(turn)) {
    socket->closeSent = true;
  }
  queue(turn, kj::mv(close));
  if (closeReceived_) line_.get(IoContext::current(turn)).dropWhenFlushed();
}

// https://websockets.spec.whatwg.org/#dom-websocket-readystate
uint32_t WebSocketEnd::readyState() const {
  enum : uint32_t { kConnecting, kOpen, kClosing, kClosed };
  if (phase_ == Phase::Failed || (closeSent_ && closeReceived_)) return kClosed;
  if (closeSent_ || closeReceived_) return kClosing;
  return phase_ == Phase::Connecting ? kConnecting : kOpen;
}

double WebSocketEnd::bufferedAmount(js::Turn& turn) {
  if (line_.empty()) return 0;
  return double(line_.get(IoContext::current(turn)).queuedBytes());
}

void WebSocketEnd::serializeAttachment(js::Turn& turn, v8::Local<v8::Value> value) {
  auto bytes = js::serialize(turn, value);
  if (bytes.size() > kAttachmentBytesMax) {
    throw js::Error::plain("A WebSocket 'attachment' cannot be larger than ", kAttachmentBytesMax,
                           " bytes.'attachment' was ", bytes.size(), " bytes.");
  }
  KJ_IF_MAYBE(socket, hibernatable(turn)) {
    socket->attachment = kj::mv(bytes);
  } else {
    attachment_ = kj::mv(bytes);
  }
}

v8::Local<v8::Value> WebSocketEnd::deserializeAttachment(js::Turn& turn) {
  kj::ArrayPtr<const kj::byte> bytes = attachment_;
  KJ_IF_MAYBE(socket, hibernatable(turn)) {
    bytes = socket->attachment;
  }
  if (bytes.size() == 0) return v8::Null(turn.v8);
  return js::deserialize(turn, bytes);
}

void WebSocketEnd::tell(js::Turn& turn, kj::StringPtr function,
                        std::initializer_list<v8::Local<v8::Value>> arguments) {
  v8::LocalVector<v8::Value> all(turn.v8);
  all.push_back(face(turn));
  for (auto argument : arguments) all.push_back(argument);
  callWebSocketScript(turn, function, all);
}

void WebSocketEnd::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(face_);
}

constinit const js::Class WebSocketEnd::kClass{.name = kClassName, .exposed = false};

}  // namespace ocapd::api
