// FetchEvent: one HTTP request to a Worker's entrypoint, from head to last byte of the response.
//
// Owns      see event.h.
// Lives     kept by the caller until request()'s promise settles; dropping it cancels.
// Threads   its lane.
// Errors    request() fails with what the handler threw, tunnelled ("jsg.TypeError: …").
// See       docs/ARCHITECTURE.md
#pragma once

#include <cppgc/persistent.h>

#include "src/api/fetch/request.h"
#include "src/api/fetch/response.h"
#include "src/worker/event.h"
#include "src/worker/request_body_loan.h"
#include "src/worker/web_socket_response.h"

namespace ocapd::worker {

class FetchEvent final : public Event {
 public:
  using Response = kj::HttpService::Response;

  FetchEvent(Worker& worker, kj::Maybe<Entrypoint&> entrypoint,
             kj::Maybe<kj::Own<channel::Props>> props, channel::RequestMetadata metadata)
      : Event(worker, entrypoint, kj::mv(props)), metadata_(kj::mv(metadata)) {}
  ~FetchEvent() noexcept(false);

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response);

 private:
  // As tail workers see it.
  static kj::String describeRequest(kj::HttpMethod method, kj::StringPtr url,
                                    const kj::HttpHeaders& headers,
                                    const kj::Maybe<kj::String>& cfJson);
  using Outgoing = api::Response::Outgoing;

  kj::Promise<void> send(Outgoing outgoing, Response& response);

  kj::Promise<void> answer(kj::HttpMethod method, kj::StringPtr url, const kj::HttpHeaders& headers,
                           kj::AsyncInputStream& requestBody, Response& response);
  // Lets listeners of the request's signal run in what is left of the event.
  void tellThatTheClientHasLeft();

  // What the handler's turn left behind.
  struct Called {
    kj::Maybe<Outgoing> response;
    kj::Maybe<kj::Exception> failure;
    // Neither: this comes later.
    kj::Maybe<kj::Promise<Outgoing>> later;
    bool isUnanswered = false;  // or globalOutbound is to answer
  };
  Called callFetch(js::Turn& turn, Entrypoint& entrypoint, kj::HttpMethod method, kj::StringPtr url,
                   const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody);
  kj::Maybe<v8::Local<v8::Value>> callWith(js::Turn& turn, Entrypoint& entrypoint,
                                           v8::Local<v8::Object> request);
  kj::Promise<void> sendWhenAllowed(Outgoing outgoing, Response& response);
  kj::Own<kj::AsyncInputStream> lend(kj::AsyncInputStream& requestBody);
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

  kj::Maybe<Original> original_;
  channel::RequestMetadata metadata_;
  WebSocketRequest webSocketRequest_;
  cppgc::Persistent<api::Request> watched_;  // with enable_request_signal, until the answer is sent
  kj::Maybe<kj::Own<RequestBodyLoan>> bodyLoan_;
};

}  // namespace ocapd::worker
