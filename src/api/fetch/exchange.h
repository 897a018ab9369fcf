// exchange(): one request sent through a channel and its response, without JavaScript.
//
// Limits    kRedirectsMax redirects followed.
// Errors    failures of the channel as they are; broken redirects as tunnelled TypeErrors.
// Spec      https://fetch.spec.whatwg.org/#http-redirect-fetch
#pragma once

#include "src/api/fetch/body.h"
#include "src/api/fetch/request.h"
#include "src/channel/service_channel.h"

namespace ocapd::api {

constexpr uint kRedirectsMax = 20;

struct ExchangeRequest {
  Request::Head head;
  Body::Outgoing body;
  bool keepsFragment = false;  // caches are asked for the URL as it is
  // What it waits for before it leaves: an actor's writes.
  kj::Maybe<kj::Promise<void>> held;
};

struct ExchangeResponse {
  uint status;
  kj::String statusText;
  kj::Own<HeaderList> headers;
  kj::String url;
  bool redirected = false;
  // Either keeps the exchange alive; dropping it cancels.
  kj::Own<kj::AsyncInputStream> body;
  kj::Maybe<kj::Own<kj::WebSocket>> webSocket;  // instead of the body, if one was asked for
};

// `headerTable` outlives the promise.
kj::Promise<ExchangeResponse> exchange(kj::Own<channel::ServiceChannel> channel,
                                       const kj::HttpHeaderTable& headerTable,
                                       ExchangeRequest request);

}  // namespace ocapd::api
