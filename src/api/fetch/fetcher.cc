#include "src/api/fetch/fetcher.h"

#include "src/api/fetch/data_url.h"
#include "src/api/fetch/exchange_conversion.h"
#include "src/api/fetch/fetch_abort.h"
#include "src/api/fetch/url_text.h"
#include "src/api/io/worker_host.h"
#include "src/api/sockets/socket.h"

namespace ocapd::api {

namespace {

// https://fetch.spec.whatwg.org/#dom-global-fetch, steps 4 and 11
js::Promise fetchAbortably(js::Turn& turn, kj::Own<channel::ServiceChannel> channel,
                           Request& request, AbortSignal signal) {
  auto& context = IoContext::current(turn);
  KJ_IF_MAYBE(reason, signal.reason(turn)) {
    return turn.rejected(*reason);
  }
  auto out = toExchange(turn, request);
  auto resolver = turn.check(v8::Promise::Resolver::New(turn.context));
  auto fetchAbort = kj::refcounted<FetchAbort>(turn, resolver);
  signal.onAbort(turn, [fetchAbort = kj::addRef(*fetchAbort)](js::Turn& inner,
                                                              v8::Local<v8::Value> reason) mutable {
    fetchAbort->abort(inner, reason);
    return inner.undefined();
  });
  auto answered = fetchAbort->wrap(exchange(kj::mv(channel), context.headerTable(), kj::mv(out)));
  auto failed = kj::addRef(*fetchAbort);
  context.continueIn(
      kj::mv(answered),
      [&context, fetchAbort = kj::mv(fetchAbort)](js::Turn& inner,
                                                  ExchangeResponse response) mutable {
        if (response.webSocket == nullptr) {
          response.body = fetchAbort->wrap(kj::mv(response.body));
        }
        NativeSource* source = nullptr;
        auto* made = toResponse(inner, context, kj::mv(response), source);
        fetchAbort->resolve(inner, inner.wrap(*made), source);
      },
      [failed = kj::mv(failed)](js::Turn& inner, kj::Exception&& exception) mutable {
        failed->reject(inner, js::toJs(inner, kj::mv(exception)));
      });
  return resolver->GetPromise();
}

// https://fetch.spec.whatwg.org/#scheme-fetch, `data`. As in the reference, whatever the channel.
js::Promise fetchData(js::Turn& turn, Request& request) {
  KJ_IF_MAYBE(data, parseDataUrl(request.url())) {
    Response::Head head;
    head.statusText = kj::str("OK");
    head.headers = kj::refcounted<HeaderList>();
    head.headers->append("Content-Type", data->mimeType);
    Body::Content content;
    content.bytes = kj::refcounted<SharedBytes>(kj::mv(data->body));
    auto* made =
        turn.make<Response>(turn, kj::mv(head), Headers::Guard::Immutable, kj::mv(content));
    return turn.resolved(turn.wrap(*made));
  }
  throw js::Error::type("Fetch API cannot load: ", request.url());
}

js::Promise fetchThrough(js::Turn& turn, kj::Own<channel::ServiceChannel> channel,
                         v8::Local<v8::Value> input, v8::Local<v8::Value> init) {
  auto& context = IoContext::current(turn);
  Request* request = turn.unwrap<Request>(input);
  if (request == nullptr || !init->IsUndefined()) request = Request::create(turn, input, init);
  requireFetchable(request->url());
  if (isDataUrl(request->url())) return fetchData(turn, *request);
  KJ_IF_MAYBE(signal, request->givenSignal(turn)) {
    return fetchAbortably(turn, kj::mv(channel), *request, *signal);
  }
  auto out = toExchange(turn, *request);
  return context.awaitIo(
      turn, exchange(kj::mv(channel), context.headerTable(), kj::mv(out)),
      [&context](js::Turn& inner, ExchangeResponse response) -> v8::Local<v8::Value> {
        NativeSource* source = nullptr;
        return inner.wrap(*toResponse(inner, context, kj::mv(response), source));
      });
}

// Methods over RPC: for workers that know of them.
v8::Intercepted serviceMember(v8::Local<v8::Name> name,
                              const v8::PropertyCallbackInfo<v8::Value>& info) {
  js::Turn turn(info.GetIsolate());
  auto& host = WorkerHost::of(turn);
  if (!host.has(compat::CompatFlag::Rpc) && !host.has(compat::CompatFlag::Experimental)) {
    return v8::Intercepted::kNo;
  }
  return rpc::remoteMember(name, info);
}

constexpr js::Member kMembers[] = {
    js::method<&Fetcher::fetch>("fetch"),
    js::method<&Fetcher::connect>("connect"),
    js::method<&Fetcher::queue>("queue"),
    js::method<&Fetcher::scheduled>("scheduled"),
};

}  // namespace

js::Promise Fetcher::fetch(js::Turn& turn, v8::Local<v8::Value> input, v8::Local<v8::Value> init) {
  return fetchThrough(turn, channel_->addRef(), input, init);
}

v8::Local<v8::Value> Fetcher::connect(js::Turn& turn, v8::Local<v8::Value> address,
                                      v8::Local<v8::Value> options) {
  return connectThrough(turn, channel_->addRef(), address, options);
}

rpc::Remote::Way Fetcher::begin(js::Turn& turn, kj::Vector<kj::String>&) {
  auto target = channel_->startRequest({});
  auto session = target->rpcSession();
  auto capability = session.topLevel->addRef();
  return {kj::mv(capability), kj::mv(session), kj::mv(target)};
}

js::Promise globalFetch(js::Turn& turn, v8::Local<v8::Value> input, v8::Local<v8::Value> init) {
  auto& outbound = IoContext::current(turn).globalOutbound();
  return fetchThrough(turn, outbound.addRef(), input, init);
}

constinit const js::Class Fetcher::kClass{
    .name = kClassName,
    .spec =
        "https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/http/",
    .members = kMembers,
    .wildcard = &serviceMember,
};

}  // namespace ocapd::api
