#include "src/wire/http_server.h"

#include <kj/debug.h>

#include "src/wire/byte_stream.h"
#include "src/wire/error_details.h"
#include "src/wire/http_headers.h"
#include "src/wire/web_socket.h"

namespace ocapd::wire {

namespace {

using ClientContext = schema::HttpService::ClientRequestContext::Client;
using ConnectContext = schema::HttpService::ConnectClientRequestContext::Client;

class NoBody final : public kj::AsyncInputStream {
 public:
  kj::Promise<size_t> tryRead(void*, size_t, size_t) override { return size_t(0); }
  kj::Maybe<uint64_t> tryGetLength() override { return uint64_t(0); }
};

class Discard final : public kj::AsyncOutputStream {
 public:
  kj::Promise<void> write(const void*, size_t) override { return kj::READY_NOW; }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>>) override {
    return kj::READY_NOW;
  }
  kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }
};

// A body that is ended by the call it answers, not by whoever writes it.
struct SharedSink final : public kj::Refcounted {
  explicit SharedSink(kj::Own<channel::ByteSink> sink) : sink(kj::mv(sink)) {}
  kj::Own<channel::ByteSink> sink;
};
class BodyStream final : public kj::AsyncOutputStream {
 public:
  explicit BodyStream(kj::Own<SharedSink> shared) : shared_(kj::mv(shared)) {}
  kj::Promise<void> write(const void* buffer, size_t size) override {
    return shared_->sink->write(buffer, size);
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    return shared_->sink->write(pieces);
  }
  kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }

 private:
  kj::Own<SharedSink> shared_;
};

void writeHead(schema::HttpResponse::Builder head, kj::uint statusCode, kj::StringPtr statusText,
               const kj::HttpHeaders& headers, kj::Maybe<uint64_t> size) {
  head.setStatusCode(uint16_t(statusCode));
  head.setStatusText(statusText);
  writeHeaders(headers, head.initHeaders(kj::uint(countHeaders(headers))));
  KJ_IF_MAYBE(fixed, size) {
    head.getBodySize().setFixed(*fixed);
  } else {
    head.getBodySize().setUnknown();
  }
}

// The answer on its way to the peer.
class Answer final : public kj::HttpService::Response {
 public:
  Answer(kj::HttpMethod method, ClientContext client) : method_(method), client_(kj::mv(client)) {}

  kj::Own<kj::AsyncOutputStream> send(kj::uint statusCode, kj::StringPtr statusText,
                                      const kj::HttpHeaders& headers,
                                      kj::Maybe<uint64_t> expectedBodySize) override {
    begin();
    bool hasNone = method_ == kj::HttpMethod::HEAD || statusCode == 204 || statusCode == 304;
    if (hasNone) expectedBodySize = uint64_t(0);
    auto request = client_.startResponseRequest();
    writeHead(request.initResponse(), statusCode, statusText, headers, expectedBodySize);
    auto started = request.send();
    auto body = started.getBody();
    started_ = started.ignoreResult().eagerlyEvaluate(nullptr);
    if (expectedBodySize.orDefault(1) == 0) return kj::heap<Discard>();
    auto shared = kj::refcounted<SharedSink>(newRemoteSink(kj::mv(body)));
    body_ = kj::addRef(*shared);
    return kj::heap<BodyStream>(kj::mv(shared));
  }

  kj::Own<kj::WebSocket> acceptWebSocket(const kj::HttpHeaders& headers) override {
    begin();
    auto pipe = kj::newWebSocketPipe();
    auto ours = kj::refcounted<SharedWebSocket>(kj::mv(pipe.ends[0]));
    auto request = client_.startWebSocketRequest();
    writeHeaders(headers, request.initHeaders(kj::uint(countHeaders(headers))));
    request.setUpSocket(hostWebSocket(ours->addRef()));
    auto started = request.send();
    auto down = started.getDownSocket();
    started_ = started.ignoreResult().eagerlyEvaluate(nullptr);
    // Whoever went without Close is told so by the capability's end.
    pumped_ = pumpToRemote(kj::mv(ours), kj::mv(down))
                  .catch_([](kj::Exception&&) {})
                  .eagerlyEvaluate(nullptr);
    return kj::mv(pipe.ends[1]);
  }

  // The target is done: what is left goes out.
  kj::Promise<void> finish() {
    KJ_REQUIRE(isBegun_, "the service ended the event without an answer");
    KJ_IF_MAYBE(body, body_) {
      co_await (*body)->sink->end();
    }
    KJ_IF_MAYBE(pumped, pumped_) {
      co_await *pumped;
    }
    co_await started_;
  }

 private:
  void begin() {
    KJ_REQUIRE(!isBegun_, "already called startResponse() or startWebSocket()");
    isBegun_ = true;
  }

  const kj::HttpMethod method_;
  ClientContext client_;
  bool isBegun_ = false;
  kj::Promise<void> started_ = kj::READY_NOW;
  kj::Maybe<kj::Promise<void>> pumped_;
  kj::Maybe<kj::Own<SharedSink>> body_;
};

class ConnectAnswer final : public kj::HttpService::ConnectResponse {
 public:
  explicit ConnectAnswer(ConnectContext client) : client_(kj::mv(client)) {}

  void accept(kj::uint statusCode, kj::StringPtr statusText,
              const kj::HttpHeaders& headers) override {
    auto request = client_.startConnectRequest();
    writeHead(request.initResponse(), statusCode, statusText, headers, nullptr);
    started_ = request.send().ignoreResult().eagerlyEvaluate(nullptr);
  }
  kj::Own<kj::AsyncOutputStream> reject(kj::uint statusCode, kj::StringPtr statusText,
                                        const kj::HttpHeaders& headers,
                                        kj::Maybe<uint64_t> expectedBodySize) override {
    auto request = client_.startErrorRequest();
    writeHead(request.initResponse(), statusCode, statusText, headers, expectedBodySize);
    auto started = request.send();
    auto shared = kj::refcounted<SharedSink>(newRemoteSink(started.getBody()));
    started_ = started.ignoreResult().eagerlyEvaluate(nullptr);
    body_ = kj::addRef(*shared);
    return kj::heap<BodyStream>(kj::mv(shared));
  }

  kj::Promise<void> finish() {
    KJ_IF_MAYBE(body, body_) {
      co_await (*body)->sink->end();
    }
    co_await started_;
  }

 private:
  ConnectContext client_;
  kj::Promise<void> started_ = kj::READY_NOW;
  kj::Maybe<kj::Own<SharedSink>> body_;
};

// A connection whose two directions are ByteStreams.
class Tunnel final : public kj::AsyncIoStream {
 public:
  Tunnel(kj::Own<kj::AsyncInputStream> in, kj::Own<channel::ByteSink> out)
      : in_(kj::mv(in)), out_(kj::mv(out)) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    return in_->tryRead(buffer, minBytes, maxBytes);
  }
  kj::Promise<void> write(const void* buffer, size_t size) override {
    return out_->write(buffer, size);
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    return out_->write(pieces);
  }
  kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }
  void shutdownWrite() override { ended_ = out_->end().eagerlyEvaluate(nullptr); }
  void abortRead() override { in_ = kj::heap<NoBody>(); }

  kj::Promise<void> finish() {
    if (ended_ == nullptr) shutdownWrite();
    return kj::mv(KJ_ASSERT_NONNULL(ended_));
  }

 private:
  kj::Own<kj::AsyncInputStream> in_;
  kj::Own<channel::ByteSink> out_;
  kj::Maybe<kj::Promise<void>> ended_;
};

class HostedHttp final : public schema::HttpService::Server {
 public:
  HostedHttp(kj::Own<channel::RequestTarget> target, const kj::HttpHeaderTable& table)
      : target_(kj::mv(target)), table_(table) {}

  kj::Promise<void> request(RequestContext context) override {
    begin();
    auto params = context.getParams();
    auto head = params.getRequest();
    auto method = methodFromWire(head.getMethod());
    auto url = kj::str(head.getUrl());
    auto headers = readHeaders(head.getHeaders(), table_);
    auto size = head.getBodySize();
    Answer answer(method, params.getContext());

    kj::Own<kj::AsyncInputStream> body;
    if (size.isFixed() && size.getFixed() == 0) {
      body = kj::heap<NoBody>();
    } else {
      auto pipe = size.isFixed() ? newBytePipeOf(size.getFixed()) : newBytePipe(nullptr);
      body = kj::mv(pipe.stream);
      auto sink = hostSink(kj::mv(pipe.sink));
      capnp::PipelineBuilder<schema::HttpService::RequestResults> pipeline;
      pipeline.setRequestBody(sink);
      context.setPipeline(pipeline.build());
      context.getResults().setRequestBody(kj::mv(sink));
    }
    context.releaseParams();
    try {
      co_await target_->request(method, url, headers, *body, answer);
    } catch (kj::Exception& exception) {
      throwRemote(kj::mv(exception));
    }
    co_await answer.finish();
  }

  kj::Promise<void> connect(ConnectContext context) override {
    begin();
    auto params = context.getParams();
    auto host = kj::str(params.getHost());
    auto headers = readHeaders(params.getHeaders(), table_);
    ConnectAnswer answer(params.getContext());
    kj::HttpConnectSettings settings;
    settings.useTls = params.getSettings().getUseTls();
    auto up = newBytePipe(KJ_EXCEPTION(DISCONNECTED, "the peer left without ending its stream"));
    Tunnel tunnel(kj::mv(up.stream), newRemoteSink(params.getDown()));
    context.releaseParams();

    auto sink = hostSink(kj::mv(up.sink));
    capnp::PipelineBuilder<schema::HttpService::ConnectResults> pipeline;
    pipeline.setUp(sink);
    context.setPipeline(pipeline.build());
    context.getResults().setUp(kj::mv(sink));
    try {
      co_await target_->connect(host, headers, tunnel, answer, kj::mv(settings));
    } catch (kj::Exception& exception) {
      throwRemote(kj::mv(exception));
    }
    co_await tunnel.finish();
    co_await answer.finish();
  }

 private:
  void begin() {
    KJ_REQUIRE(!isBegun_, "an HttpService of an event takes one request");
    isBegun_ = true;
  }

  kj::Own<channel::RequestTarget> target_;
  const kj::HttpHeaderTable& table_;
  bool isBegun_ = false;
};

}  // namespace

schema::HttpService::Client hostHttp(kj::Own<channel::RequestTarget> target,
                                     const kj::HttpHeaderTable& table) {
  return kj::heap<HostedHttp>(kj::mv(target), table);
}

}  // namespace ocapd::wire
