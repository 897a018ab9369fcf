// All that knows of KJ's HTTP server.

#include <string.h>
#include <strings.h>

#include <kj/debug.h>

#include "src/server/http_connection.h"
#include "src/server/net/coalescing_stream.h"

namespace ocapd::server {
namespace {

// After the last answer the client may still be sending. Closing at once would reset the
// connection and could take the answer with it, so what comes is read and dropped for a while.
constexpr kj::Duration kLingerTimeout = 1 * kj::SECONDS;
constexpr size_t kLingerBytesMax = 1u << 20;

// https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
bool listsToken(kj::StringPtr list, kj::StringPtr token) {
  const char* p = list.begin();
  while (p < list.end()) {
    while (p < list.end() && (*p == ' ' || *p == '\t' || *p == ',')) p++;
    const char* begin = p;
    while (p < list.end() && *p != ' ' && *p != '\t' && *p != ',') p++;
    if (static_cast<size_t>(p - begin) == token.size() &&
        strncasecmp(begin, token.begin(), token.size()) == 0) {
      return true;
    }
  }
  return false;
}

// KJ does not pass on the protocol version, but leaves it where it stood: behind the target and
// the NUL that took the place of the space. There are always more bytes in that buffer than are
// looked at here, as KJ keeps room for a chunk header behind the message head.
bool isHttp10(kj::StringPtr target) {
  return memcmp(target.end() + 1, "HTTP/1.0", 8) == 0;
}

// Whether the answer to a request has begun.
struct AnswerState {
  bool begun = false;
};

class WatchedResponse final : public kj::HttpService::Response {
 public:
  WatchedResponse(AnswerState& state, kj::HttpService::Response& inner)
      : state_(state), inner_(inner) {}

  kj::Own<kj::AsyncOutputStream> send(kj::uint statusCode, kj::StringPtr statusText,
                                      const kj::HttpHeaders& headers,
                                      kj::Maybe<uint64_t> expectedBodySize) override {
    state_.begun = true;
    return inner_.send(statusCode, statusText, headers, expectedBodySize);
  }
  kj::Own<kj::WebSocket> acceptWebSocket(const kj::HttpHeaders& headers) override {
    state_.begun = true;
    return inner_.acceptWebSocket(headers);
  }

 private:
  AnswerState& state_;
  kj::HttpService::Response& inner_;
};

// A body that the client holds back until it is told to go on, which happens when it is first read.
// https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
class ExpectingBody final : public kj::AsyncInputStream {
 public:
  ExpectingBody(const AnswerState& state, kj::AsyncInputStream& inner,
                kj::AsyncOutputStream& connection)
      : state_(state), inner_(inner), connection_(connection) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    if (!mustAskForBody()) return inner_.tryRead(buffer, minBytes, maxBytes);
    return askForBody().then([this, buffer, minBytes, maxBytes]() {
      return inner_.tryRead(buffer, minBytes, maxBytes);
    });
  }
  kj::Maybe<uint64_t> tryGetLength() override { return inner_.tryGetLength(); }
  kj::Promise<uint64_t> pumpTo(kj::AsyncOutputStream& output, uint64_t amount) override {
    if (!mustAskForBody()) return inner_.pumpTo(output, amount);
    return askForBody().then([this, &output, amount]() { return inner_.pumpTo(output, amount); });
  }

 private:
  bool mustAskForBody() const { return !asked_ && !state_.begun; }
  kj::Promise<void> askForBody() {
    constexpr auto kContinue = "HTTP/1.1 100 Continue\r\n\r\n"_kj;
    asked_ = true;
    return connection_.write(kContinue.begin(), kContinue.size());
  }

  const AnswerState& state_;
  kj::AsyncInputStream& inner_;
  kj::AsyncOutputStream& connection_;
  bool asked_ = false;
};

// A chunked body. What the client frames wrongly is no fault of the service that reads it: the body
// is lost, as if the connection had broken there.
class ChunkedBody final : public kj::AsyncInputStream {
 public:
  explicit ChunkedBody(kj::AsyncInputStream& inner) : inner_(inner) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    return inner_.tryRead(buffer, minBytes, maxBytes).catch_([](kj::Exception&& exception) {
      return lost<size_t>(kj::mv(exception));
    });
  }
  kj::Maybe<uint64_t> tryGetLength() override { return inner_.tryGetLength(); }

 private:
  template <typename Bytes>
  static kj::Promise<Bytes> lost(kj::Exception&& exception) {
    if (exception.getType() != kj::Exception::Type::FAILED) return kj::mv(exception);
    return KJ_EXCEPTION(DISCONNECTED, "the request's body is not framed as HTTP wants it");
  }

  kj::AsyncInputStream& inner_;
};

class KjHttpConnection final : public HttpConnection,
                               private kj::HttpService,
                               private kj::HttpServerErrorHandler,
                               private kj::HttpServerCallbacks {
 public:
  KjHttpConnection(kj::Own<kj::AsyncIoStream> stream, kj::HttpService& service,
                   const HttpContext& context)
      : stream_(kj::mv(stream)),
        service_(service),
        context_(context),
        abandoned_(kj::newPromiseAndFulfiller<void>()),
        server_(context.timer, context.headerTable, *this, settings()) {}

  kj::Promise<void> serve() override;
  void drain() override;

 private:
  // Where an exception comes from: before a request is complete it is the client's fault.
  enum class Phase { Reading, Serving };

  kj::HttpServerSettings settings() {
    kj::HttpServerSettings settings;
    settings.headerTimeout = kHeaderTimeout;
    settings.pipelineTimeout = kIdleTimeout;
    settings.errorHandler = *this;
    settings.callbacks = *this;
    settings.webSocketCompressionMode = kj::HttpServerSettings::MANUAL_COMPRESSION;
    return settings;
  }
  kj::Promise<void> linger();
  kj::Promise<void> dropRest();
  kj::Promise<void> sendText(kj::uint status, kj::StringPtr reason, kj::String text,
                             kj::HttpService::Response& response);

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override;
  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override;

  bool shouldClose() override { return closeAfterAnswer_; }
  kj::Promise<void> handleClientProtocolError(kj::HttpHeaders::ProtocolError protocolError,
                                              kj::HttpService::Response& response) override;
  kj::Promise<void> handleApplicationError(kj::Exception exception,
                                           kj::Maybe<kj::HttpService::Response&> response) override;
  kj::Promise<void> handleNoResponse(kj::HttpService::Response& response) override;

  net::CoalescingStream stream_;
  kj::HttpService& service_;
  const HttpContext& context_;
  Phase phase_ = Phase::Reading;
  bool hadRequest_ = false;
  bool closeAfterAnswer_ = false;
  kj::PromiseFulfillerPair<void> abandoned_;
  kj::HttpServer server_;
};

kj::Promise<void> KjHttpConnection::serve() {
  kj::Maybe<kj::Exception> failure;
  try {
    co_await server_.listenHttp(kj::Own<kj::AsyncIoStream>(&stream_, kj::NullDisposer::instance))
        .exclusiveJoin(kj::mv(abandoned_.promise));
    co_await stream_.flush();
    stream_.shutdownWrite();
    co_await linger();
  } catch (...) {
    failure = kj::getCaughtExceptionAsKj();
  }
  KJ_IF_MAYBE(exception, failure) {
    if (exception->getType() != kj::Exception::Type::DISCONNECTED) {
      context_.logger.log(Logger::Level::Error, __FILE__, __LINE__,
                          kj::str("HTTP connection failed: ", describeException(*exception)));
    }
  }
}

kj::Promise<void> KjHttpConnection::linger() {
  return context_.timer.afterDelay(kLingerTimeout).exclusiveJoin(dropRest());
}

kj::Promise<void> KjHttpConnection::dropRest() {
  kj::byte dropped[4096];
  for (size_t total = 0; total < kLingerBytesMax;) {
    size_t n = co_await stream_.tryRead(dropped, 1, sizeof(dropped));
    if (n == 0) break;
    total += n;
  }
}

void KjHttpConnection::drain() {
  // KJ's server lets a connection that has not sent its first request yet wait for it.
  if (!hadRequest_) abandoned_.fulfiller->fulfill();
  closeAfterAnswer_ = true;
  (void)server_.drain();
}

kj::Promise<void> KjHttpConnection::request(kj::HttpMethod method, kj::StringPtr url,
                                            const kj::HttpHeaders& headers,
                                            kj::AsyncInputStream& requestBody, Response& response) {
  hadRequest_ = true;
  phase_ = Phase::Serving;
  if (isHttp10(url) ||
      listsToken(headers.get(kj::HttpHeaderId::CONNECTION).orDefault(nullptr), "close"_kj)) {
    closeAfterAnswer_ = true;
  }
  auto served = [this]() { phase_ = Phase::Reading; };
  bool chunked = headers.get(kj::HttpHeaderId::TRANSFER_ENCODING) != nullptr;
  if (chunked && headers.get(kj::HttpHeaderId::CONTENT_LENGTH) != nullptr) {
    // Somebody in front of us may see the message end elsewhere: nothing behind it is trusted.
    closeAfterAnswer_ = true;
  }
  bool expected =
      headers.get(context_.headerIds.expect)
          .map([](kj::StringPtr value) { return strcasecmp(value.cStr(), "100-continue") == 0; })
          .orDefault(false);
  if (!chunked && !expected) {
    return service_.request(method, url, headers, requestBody, response).then(kj::mv(served));
  }
  auto body = kj::heap<ChunkedBody>(requestBody);
  if (!expected) {
    auto& ref = *body;
    return service_.request(method, url, headers, ref, response)
        .attach(kj::mv(body))
        .then(kj::mv(served));
  }
  auto state = kj::heap<AnswerState>();
  auto watched = kj::heap<WatchedResponse>(*state, response);
  auto expecting = kj::heap<ExpectingBody>(*state, *body, stream_);
  auto answered = service_.request(method, url, headers, *expecting, *watched);
  return answered.attach(kj::mv(expecting), kj::mv(body), kj::mv(watched), kj::mv(state))
      .then(kj::mv(served));
}

kj::Promise<void> KjHttpConnection::connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                                            kj::AsyncIoStream& connection,
                                            ConnectResponse& response,
                                            kj::HttpConnectSettings settings) {
  hadRequest_ = true;
  phase_ = Phase::Serving;
  return service_.connect(host, headers, connection, response, kj::mv(settings));
}

kj::Promise<void> KjHttpConnection::sendText(kj::uint status, kj::StringPtr reason, kj::String text,
                                             kj::HttpService::Response& response) {
  kj::HttpHeaders headers(context_.headerTable);
  headers.set(kj::HttpHeaderId::CONTENT_TYPE, "text/plain"_kj);
  auto body = response.send(status, reason, headers, text.size());
  co_await body->write(text.begin(), text.size());
}

kj::Promise<void> KjHttpConnection::handleClientProtocolError(
    kj::HttpHeaders::ProtocolError protocolError, kj::HttpService::Response& response) {
  return sendText(protocolError.statusCode, protocolError.statusMessage,
                  kj::str("ERROR: ", protocolError.description), response);
}

kj::Promise<void> KjHttpConnection::handleApplicationError(
    kj::Exception exception, kj::Maybe<kj::HttpService::Response&> response) {
  if (exception.getType() == kj::Exception::Type::DISCONNECTED) return kj::READY_NOW;
  if (phase_ == Phase::Reading) {
    if (exception.getDescription().endsWith("request headers too large"_kj)) {
      // There is no Response yet for a head that was not read to its end.
      constexpr auto kTooLarge =
          "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n"
          "Content-Length: 25\r\nContent-Type: text/plain\r\n\r\nmessage head is too large"_kj;
      return stream_.write(kTooLarge.begin(), kTooLarge.size());
    }
    KJ_IF_MAYBE(present, response) {
      return sendText(400, "Bad Request"_kj, kj::str("ERROR: The request is not valid HTTP."),
                      *present);
    }
    return kj::READY_NOW;
  }
  context_.logger.log(Logger::Level::Error, __FILE__, __LINE__,
                      kj::str("Uncaught exception: ", describeException(exception)));
  KJ_IF_MAYBE(present, response) {
    constexpr auto kText = "Internal Server Error"_kj;
    auto body = present->send(500, kText, kj::HttpHeaders(context_.headerTable), kText.size());
    auto written = body->write(kText.begin(), kText.size());
    return written.attach(kj::mv(body));
  }
  return kj::READY_NOW;
}

kj::Promise<void> KjHttpConnection::handleNoResponse(kj::HttpService::Response& response) {
  context_.logger.log(Logger::Level::Error, __FILE__, __LINE__,
                      "HTTP connection failed: the handler sent no response"_kj);
  return kj::READY_NOW;
}

}  // namespace

kj::Own<HttpConnection> newKjHttpConnection(kj::Own<kj::AsyncIoStream> stream,
                                            kj::HttpService& service, const HttpContext& context) {
  return kj::heap<KjHttpConnection>(kj::mv(stream), service, context);
}

}  // namespace ocapd::server
