// FetchEvent: one HTTP request to a Worker's entrypoint, from head to last byte of the response.
//
// Owns      the event's RequestContext while the caller waits; hands it to the Worker when
//           waitUntil() work is left.
// Lives     kept by the caller until request()'s promise settles; dropping it cancels.
// Threads   its lane.
// Errors    request() fails with what the handler threw, tunnelled ("jsg.TypeError: …").
// See       docs/ARCHITECTURE.md
#pragma once

#include "src/api/fetch/response.h"
#include "src/worker/request_body_loan.h"
#include "src/worker/request_context.h"

namespace ocapd::worker {

class FetchEvent final : public channel::RequestTarget {
 public:
  FetchEvent(Worker& worker, kj::Maybe<Worker::Entrypoint&> entrypoint,
             kj::Maybe<kj::StringPtr> propsJson, channel::RequestMetadata metadata);
  ~FetchEvent() noexcept(false);

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override;
  // Fails: workers have no connect handlers yet.
  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override;

 private:
  using Outgoing = api::Response::Outgoing;

  // What the handler's turn left behind.
  struct Called {
    kj::Maybe<Outgoing> response;
    kj::Maybe<kj::Exception> failure;
    // Neither: this comes later.
    kj::Maybe<kj::Promise<Outgoing>> later;
  };
  Called callHandler(js::Turn& turn, Worker::Entrypoint& entrypoint, kj::HttpMethod method,
                     kj::StringPtr url, const kj::HttpHeaders& headers,
                     kj::AsyncInputStream& requestBody);
  kj::Own<kj::AsyncInputStream> lend(kj::AsyncInputStream& requestBody);
  kj::Promise<Outgoing> whenAnswered(js::Turn& turn, v8::Local<v8::Promise> answer);
  // The handler failed: the answer is globalOutbound's when the worker asked for that.
  kj::Promise<void> failed(kj::Exception exception, kj::AsyncInputStream& requestBody,
                           Response& response);
  kj::Promise<void> forward(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response);

  // The request as it came, for passThroughOnException(): the caller's head does not live long.
  struct Original {
    kj::HttpMethod method;
    kj::String url;
    kj::Own<api::HeaderList> headers;
  };

  Worker& worker_;
  kj::Maybe<Worker::Entrypoint&> entrypoint_;
  kj::Maybe<Original> original_;
  kj::Maybe<kj::String> propsJson_;
  channel::RequestMetadata metadata_;
  kj::Maybe<kj::Own<RequestBodyLoan>> bodyLoan_;
  kj::Own<RequestContext> context_;
};

}  // namespace ocapd::worker
