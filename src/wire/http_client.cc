#include "src/wire/http_client.h"

#include <kj/debug.h>

#include "src/wire/byte_stream.h"
#include "src/wire/http_headers.h"
#include "src/wire/web_socket.h"

namespace ocapd::wire {

namespace {

kj::Exception isOver() {
  return KJ_EXCEPTION(DISCONNECTED, "the request this belongs to has ended");
}

// What the peer's answer goes to, as long as somebody waits for it. Shared by the capabilities that
// the peer holds; over when it has dropped those that still had something to say.
class Incoming final : public kj::Refcounted {
 public:
  Incoming() : over_(kj::newPromiseAndFulfiller<void>()) {}

  kj::Own<Incoming> addRef() { return kj::addRef(*this); }

  // A capability that keeps the answer from being over.
  class Hold {
   public:
    explicit Hold(Incoming& incoming) : incoming_(incoming.addRef()) { ++incoming_->holds_; }
    ~Hold() noexcept(false) {
      if (--incoming_->holds_ == 0) incoming_->over_.fulfiller->fulfill();
    }
    KJ_DISALLOW_COPY_AND_MOVE(Hold);

   private:
    kj::Own<Incoming> incoming_;
  };

  kj::Promise<void> whenOver() { return kj::mv(over_.promise); }

  // Nobody waits any more.
  void revoke() {
    isRevoked = true;
    canceler.cancel(isOver());
    body = nullptr;
    pump = nullptr;
    if (socket.get() != nullptr) socket->end();
  }
  void begin() {
    if (isRevoked) kj::throwFatalException(isOver());
    KJ_REQUIRE(!isBegun, "already called startResponse() or startWebSocket()");
    isBegun = true;
  }

  bool isBegun = false;
  bool isRevoked = false;
  kj::Own<kj::AsyncOutputStream> body;
  kj::Own<SharedWebSocket> socket;
  kj::Promise<void> pump = nullptr;
  kj::Canceler canceler;

 private:
  size_t holds_ = 0;
  kj::PromiseFulfillerPair<void> over_;
};

// The answer's body, as the peer writes it.
class IncomingBody final : public channel::ByteSink {
 public:
  explicit IncomingBody(Incoming& incoming)
      : incoming_(incoming.addRef()), hold_(kj::heap<Incoming::Hold>(incoming)) {}
  ~IncomingBody() noexcept(false) { incoming_->body = nullptr; }

  kj::Promise<void> write(const void* buffer, size_t size) override {
    if (incoming_->body.get() == nullptr) return isOver();
    return incoming_->canceler.wrap(incoming_->body->write(buffer, size));
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    if (incoming_->body.get() == nullptr) return isOver();
    return incoming_->canceler.wrap(incoming_->body->write(pieces));
  }
  kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }
  kj::Promise<void> end() override {
    incoming_->body = nullptr;
    hold_ = nullptr;
    return kj::READY_NOW;
  }

 private:
  kj::Own<Incoming> incoming_;
  kj::Own<Incoming::Hold> hold_;  // until the body has ended
};

kj::Maybe<uint64_t> sizeOf(schema::HttpResponse::Reader head) {
  auto size = head.getBodySize();
  if (size.isFixed()) return size.getFixed();
  return nullptr;
}

class RequestContextServer final : public schema::HttpService::ClientRequestContext::Server {
 public:
  RequestContextServer(Incoming& incoming, kj::HttpService::Response& response,
                       const kj::HttpHeaderTable& table)
      : incoming_(incoming.addRef()),
        hold_(kj::heap<Incoming::Hold>(incoming)),
        response_(response),
        table_(table) {}

  kj::Promise<void> startResponse(StartResponseContext context) override {
    incoming_->begin();
    auto head = context.getParams().getResponse();
    auto headers = readHeaders(head.getHeaders(), table_);
    auto size = sizeOf(head);
    incoming_->body = response_.send(head.getStatusCode(), head.getStatusText(), headers, size);
    if (size.orDefault(1) == 0) {
      incoming_->body = nullptr;
    } else {
      context.getResults().setBody(hostSink(kj::heap<IncomingBody>(*incoming_)));
    }
    hold_ = nullptr;
    return kj::READY_NOW;
  }

  kj::Promise<void> startWebSocket(StartWebSocketContext context) override {
    incoming_->begin();
    auto params = context.getParams();
    auto headers = readHeaders(params.getHeaders(), table_);
    auto socket = kj::refcounted<SharedWebSocket>(response_.acceptWebSocket(headers));
    incoming_->socket = socket->addRef();
    // When that fails the peer has gone, and our end is told by the other direction.
    incoming_->pump = pumpToRemote(socket->addRef(), params.getUpSocket())
                          .catch_([](kj::Exception&&) {})
                          .eagerlyEvaluate(nullptr);
    context.getResults().setDownSocket(
        hostWebSocket(kj::mv(socket), kj::heap<Incoming::Hold>(*incoming_)));
    hold_ = nullptr;
    return kj::READY_NOW;
  }

 private:
  kj::Own<Incoming> incoming_;
  kj::Own<Incoming::Hold> hold_;  // until the answer begins
  kj::HttpService::Response& response_;
  const kj::HttpHeaderTable& table_;
};

// What the peer does not read any more is no error.
kj::Promise<void> sendBody(kj::AsyncInputStream& body, kj::Own<channel::ByteSink> sink) {
  try {
    co_await body.pumpTo(*sink);
    co_await sink->end();
    sink = nullptr;
  } catch (kj::Exception& exception) {
    if (exception.getType() != kj::Exception::Type::DISCONNECTED) throw;
  }
}

kj::Promise<void> thenNever(kj::Promise<void> promise) {
  co_await promise;
  co_await kj::Promise<void>(kj::NEVER_DONE);
}

// Whether there is nothing to send.
bool isBodiless(kj::HttpMethod method, kj::Maybe<uint64_t> length, const kj::HttpHeaders& headers) {
  if (length.orDefault(1) == 0) return true;
  bool usuallyNone = method == kj::HttpMethod::GET || method == kj::HttpMethod::HEAD;
  return usuallyNone && length == nullptr &&
         headers.get(kj::HttpHeaderId::TRANSFER_ENCODING) == nullptr;
}

}  // namespace

kj::Promise<void> requestOver(schema::HttpService::Client http, kj::HttpMethod method,
                              kj::StringPtr url, const kj::HttpHeaders& headers,
                              kj::AsyncInputStream& requestBody,
                              kj::HttpService::Response& response,
                              const kj::HttpHeaderTable& table) {
  auto call = http.requestRequest();
  auto head = call.initRequest();
  head.setMethod(methodToWire(method));
  head.setUrl(url);
  writeHeaders(headers, head.initHeaders(kj::uint(countHeaders(headers))));
  auto length = requestBody.tryGetLength();
  bool hasBody = !isBodiless(method, length, headers);
  KJ_IF_MAYBE(known, length) {
    head.getBodySize().setFixed(*known);
  } else if (hasBody) {
    head.getBodySize().setUnknown();
  } else {
    head.getBodySize().setFixed(0);
  }

  auto incoming = kj::refcounted<Incoming>();
  KJ_DEFER(incoming->revoke());
  call.setContext(kj::heap<RequestContextServer>(*incoming, response, table));
  // The pipeline is dropped at once, as it would hold the body.
  kj::Promise<void> sending = kj::NEVER_DONE;
  auto answered = [&]() -> kj::Promise<void> {
    auto pipeline = call.send();
    if (hasBody) {
      sending = thenNever(sendBody(requestBody, newRemoteSink(pipeline.getRequestBody())));
    }
    return pipeline.ignoreResult();
  }();
  co_await answered.exclusiveJoin(kj::mv(sending));
  co_await incoming->whenOver();
  KJ_REQUIRE(incoming->isBegun, "the peer ended the request without an answer");
}

namespace {

// The way back of a tunnel, as long as the connection is there.
class Downstream final : public channel::ByteSink {
 public:
  Downstream(Incoming& incoming, kj::AsyncIoStream& connection)
      : incoming_(incoming.addRef()),
        hold_(kj::heap<Incoming::Hold>(incoming)),
        connection_(connection) {}

  kj::Promise<void> write(const void* buffer, size_t size) override {
    if (incoming_->isRevoked) return isOver();
    return incoming_->canceler.wrap(connection_.write(buffer, size));
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    if (incoming_->isRevoked) return isOver();
    return incoming_->canceler.wrap(connection_.write(pieces));
  }
  kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }
  kj::Promise<void> end() override {
    if (!incoming_->isRevoked) connection_.shutdownWrite();
    hold_ = nullptr;
    return kj::READY_NOW;
  }

 private:
  kj::Own<Incoming> incoming_;
  kj::Own<Incoming::Hold> hold_;  // until the stream has ended
  kj::AsyncIoStream& connection_;
};

class ConnectContextServer final : public schema::HttpService::ConnectClientRequestContext::Server {
 public:
  ConnectContextServer(Incoming& incoming, kj::HttpService::ConnectResponse& response,
                       const kj::HttpHeaderTable& table)
      : incoming_(incoming.addRef()), response_(response), table_(table) {}

  kj::Promise<void> startConnect(StartConnectContext context) override {
    incoming_->begin();
    auto head = context.getParams().getResponse();
    auto headers = readHeaders(head.getHeaders(), table_);
    response_.accept(head.getStatusCode(), head.getStatusText(), headers);
    return kj::READY_NOW;
  }
  kj::Promise<void> startError(StartErrorContext context) override {
    incoming_->begin();
    auto head = context.getParams().getResponse();
    auto headers = readHeaders(head.getHeaders(), table_);
    incoming_->body =
        response_.reject(head.getStatusCode(), head.getStatusText(), headers, sizeOf(head));
    context.getResults().setBody(hostSink(kj::heap<IncomingBody>(*incoming_)));
    return kj::READY_NOW;
  }

 private:
  kj::Own<Incoming> incoming_;
  kj::HttpService::ConnectResponse& response_;
  const kj::HttpHeaderTable& table_;
};

}  // namespace

kj::Promise<void> connectOver(schema::HttpService::Client http, kj::StringPtr host,
                              const kj::HttpHeaders& headers, kj::AsyncIoStream& connection,
                              kj::HttpService::ConnectResponse& response,
                              kj::HttpConnectSettings settings, const kj::HttpHeaderTable& table) {
  auto call = http.connectRequest();
  call.setHost(host);
  writeHeaders(headers, call.initHeaders(kj::uint(countHeaders(headers))));
  call.initSettings().setUseTls(settings.useTls);
  auto incoming = kj::refcounted<Incoming>();
  KJ_DEFER(incoming->revoke());
  call.setContext(kj::heap<ConnectContextServer>(*incoming, response, table));
  call.setDown(hostSink(kj::heap<Downstream>(*incoming, connection)));
  kj::Promise<void> sending = nullptr;
  auto answered = [&]() -> kj::Promise<void> {
    auto pipeline = call.send();
    sending = thenNever(sendBody(connection, newRemoteSink(pipeline.getUp())));
    return pipeline.ignoreResult();
  }();
  co_await answered.exclusiveJoin(kj::mv(sending));
  co_await incoming->whenOver();
}

}  // namespace ocapd::wire
