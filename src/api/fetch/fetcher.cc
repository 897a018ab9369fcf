#include "src/api/fetch/fetcher.h"

#include "src/api/fetch/exchange.h"

namespace ocapd::api {

namespace {

js::Promise fetchThrough(js::Turn& turn, kj::Own<channel::ServiceChannel> channel,
                         v8::Local<v8::Value> input, v8::Local<v8::Value> init) {
  auto& context = IoContext::current(turn);
  Request* request = turn.unwrap<Request>(input);
  if (request == nullptr || !init->IsUndefined()) request = Request::create(turn, input, init);

  ExchangeRequest out;
  auto& head = request->head();
  out.head.method = head.method;
  out.head.url = kj::str(head.url);
  out.head.headers = head.headers->copy();
  out.head.redirect = head.redirect;
  out.head.cfJson = request->cfJson(turn);
  out.body = request->takeOutgoing(turn);

  return context.awaitIo(
      turn, exchange(kj::mv(channel), context.headerTable(), kj::mv(out)),
      [&context](js::Turn& inner, ExchangeResponse response) -> v8::Local<v8::Value> {
        Response::Head head;
        head.status = uint16_t(response.status);
        head.statusText = kj::mv(response.statusText);
        head.headers = kj::mv(response.headers);
        head.url = kj::mv(response.url);
        head.redirected = response.redirected;
        Body::Content content;
        if (!isNullBodyStatus(response.status)) {
          auto length = response.body->tryGetLength();
          content.stream =
              inner.make<ReadableStream>(context.own(kj::mv(response.body)), length);
        }
        return inner.wrap(*inner.make<Response>(kj::mv(head), Headers::Guard::Immutable,
                                                kj::mv(content)));
      });
}

constexpr js::Member kMembers[] = {
    js::method<&Fetcher::fetch>("fetch"),
};

}  // namespace

js::Promise Fetcher::fetch(js::Turn& turn, v8::Local<v8::Value> input, v8::Local<v8::Value> init) {
  return fetchThrough(turn, channel_->addRef(), input, init);
}

js::Promise globalFetch(js::Turn& turn, v8::Local<v8::Value> input, v8::Local<v8::Value> init) {
  auto& outbound = IoContext::current(turn).globalOutbound();
  return fetchThrough(turn, outbound.addRef(), input, init);
}

constinit const js::Class Fetcher::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/http/",
    .members = kMembers,
};

}  // namespace ocapd::api
