#include "src/api/fetch/exchange_conversion.h"

namespace ocapd::api {

ExchangeRequest toExchange(js::Turn& turn, Request& request) {
  ExchangeRequest out;
  auto& head = request.head();
  out.head.method = head.method;
  out.head.url = kj::str(head.url);
  out.head.headers = head.headers->copy();
  out.head.redirect = head.redirect;
  out.head.cfJson = request.cfJson(turn);
  if (head.cache != Request::Cache::Unset) {
    // https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, step 8.19; also for "no-cache",
    // as in the reference
    auto& headers = *out.head.headers;
    if (!headers.has("Cache-Control")) headers.appendLiteral("Cache-Control", "no-cache");
    if (!headers.has("Pragma")) headers.appendLiteral("Pragma", "no-cache");
  }
  out.body = request.takeOutgoing(turn);
  out.body.recode(ContentCoding::Identity);
  // An empty body is a body, and where it arrives there is nothing else to tell by.
  if (out.body.bytes != nullptr && out.body.length.orDefault(1) == 0 &&
      !out.head.headers->has("Content-Length")) {
    out.head.headers->appendLiteral("Content-Length", "0");
  }
  out.held = IoContext::current(turn).outputHeld();
  return out;
}

Response* toResponse(js::Turn& turn, IoContext& context, ExchangeResponse response,
                     NativeSource*& source) {
  Response::Head head;
  head.status = uint16_t(response.status);
  head.statusText = kj::mv(response.statusText);
  head.headers = kj::mv(response.headers);
  head.url = kj::mv(response.url);
  head.redirected = response.redirected;
  KJ_IF_MAYBE(socket, response.webSocket) {
    source = nullptr;
    auto* end = WebSocketEnd::create(turn, WebSocketEnd::Origin::Fetched, kj::mv(*socket));
    return turn.make<Response>(turn, kj::mv(head), Headers::Guard::Immutable, Body::Content(), end);
  }
  Body::Content content;
  if (!isNullBodyStatus(response.status)) {
    auto length = response.body->tryGetLength();
    auto coding = contentCodingOf(turn, *head.headers);
    content.source = turn.make<NativeSource>(context.own(kj::mv(response.body)), length, coding);
  }
  source = content.source;
  return turn.make<Response>(turn, kj::mv(head), Headers::Guard::Immutable, kj::mv(content));
}

}  // namespace ocapd::api
