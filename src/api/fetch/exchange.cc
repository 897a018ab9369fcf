#include "src/api/fetch/exchange.h"

#include <kj/debug.h>

#include "src/api/fetch/url_text.h"

namespace ocapd::api {

namespace {

bool isRedirect(uint status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

[[noreturn]] void failWith(kj::String jsError) {
  kj::throwFatalException(KJ_EXCEPTION(FAILED, kj::str("jsg.", jsError)));
}

// Where a body that fails says so; shared by the exchange, which listens until it is answered.
struct BodyFailure : public kj::Refcounted {
  explicit BodyFailure(kj::Own<kj::PromiseFulfiller<kj::HttpClient::Response>> answer)
      : answer(kj::mv(answer)) {}
  kj::Own<kj::PromiseFulfiller<kj::HttpClient::Response>> answer;
};

// Writes the body and closes it. A body that fails fails the exchange by `failed`, before its
// receiver takes what there is for all. Arguments by value: dropping the promise cancels.
kj::Promise<void> sendBody(kj::Own<kj::AsyncOutputStream> sink, Body::Outgoing body,
                           kj::Own<BodyFailure> failed) {
  kj::Maybe<kj::Exception> failure;
  try {
    KJ_IF_MAYBE(bytes, body.bytes) {
      co_await sink->write((*bytes)->bytes.begin(), (*bytes)->bytes.size());
    }
    KJ_IF_MAYBE(stream, body.stream) {
      co_await (*stream)->pumpTo(*sink);
    }
  } catch (kj::Exception& exception) {
    failure = kj::mv(exception);
  }
  KJ_IF_MAYBE(exception, failure) {
    // A receiver may answer without reading all of it: that is no failure of the exchange.
    if (exception->getType() == kj::Exception::Type::DISCONNECTED) co_return;
    breakOff(*sink);
    if (!failed->answer->isWaiting()) {
      KJ_LOG(INFO, "request body was not sent to the end", *exception);
      co_return;
    }
    failed->answer->reject(kj::mv(*exception));
    co_await kj::Promise<void>(kj::NEVER_DONE);
  }
}

struct Sent {
  kj::Own<kj::HttpClient> client;
  kj::HttpClient::Response response;
  kj::Maybe<kj::Own<kj::WebSocket>> webSocket;
};

// One hop that asks for a WebSocket. As in the reference, its method and body do not count.
kj::Promise<Sent> sendHandshake(kj::Own<kj::HttpClient> client, kj::String url,
                                kj::HttpHeaders headers) {
  auto answer = co_await client->openWebSocket(url, headers);
  Sent sent;
  sent.client = kj::mv(client);
  sent.response = {answer.statusCode, answer.statusText, answer.headers, {}};
  KJ_SWITCH_ONEOF(answer.webSocketOrBody) {
    KJ_CASE_ONEOF(body, kj::Own<kj::AsyncInputStream>) {
      sent.response.body = kj::mv(body);
    }
    KJ_CASE_ONEOF(socket, kj::Own<kj::WebSocket>) {
      sent.webSocket = kj::mv(socket);
    }
  }
  co_return kj::mv(sent);
}

// One hop.
kj::Promise<Sent> send(channel::ServiceChannel& channel, const kj::HttpHeaderTable& headerTable,
                       const Request::Head& head, Body::Outgoing body, bool keepsFragment) {
  channel::RequestMetadata metadata;
  metadata.cfJson = head.cfJson.map([](const kj::String& json) { return kj::str(json); });
  auto target = channel.startRequest(kj::mv(metadata));
  auto client = kj::newHttpClient(*target).attach(kj::mv(target));

  kj::HttpHeaders headers(headerTable);
  head.headers->addTo(headers);
  auto url = keepsFragment ? kj::str(head.url) : kj::heapString(withoutFragment(head.url));
  if (headers.isWebSocket()) {
    co_return co_await sendHandshake(kj::mv(client), kj::mv(url), kj::mv(headers));
  }
  bool hasBody = body.bytes != nullptr || body.stream != nullptr;
  kj::Maybe<uint64_t> length = body.length;
  if (!hasBody) {
    length = nullptr;
    if (head.method != kj::HttpMethod::GET && head.method != kj::HttpMethod::HEAD) {
      length = uint64_t(0);
    }
  }
  auto started = client->request(head.method, url, headers, length);
  if (!hasBody) {
    started.body = nullptr;
    auto response = co_await started.response;
    co_return Sent{kj::mv(client), kj::mv(response)};
  }
  auto bodyFailed = kj::newPromiseAndFulfiller<kj::HttpClient::Response>();
  auto failure = kj::refcounted<BodyFailure>(kj::mv(bodyFailed.fulfiller));
  auto sending =
      sendBody(kj::mv(started.body), kj::mv(body), kj::addRef(*failure)).eagerlyEvaluate(nullptr);
  auto response = co_await started.response.exclusiveJoin(kj::mv(bodyFailed.promise));
  // The body may still be under way; it ends with the response.
  response.body = response.body.attach(kj::mv(sending));
  co_return Sent{kj::mv(client), kj::mv(response)};
}

// https://fetch.spec.whatwg.org/#http-redirect-fetch: what the next hop asks.
void followRedirect(Request::Head& head, kj::Maybe<kj::Own<SharedBytes>>& bytes, bool hadStream,
                    uint status, kj::StringPtr location) {
  KJ_IF_MAYBE(next, resolveUrl(location, head.url)) {
    // Credentials were for the first origin only.
    if (!isSameOrigin(*next, head.url)) head.headers->remove("Authorization"_kj);
    head.url = kj::mv(*next);
  } else {
    failWith(kj::str("TypeError: Invalid redirect Location header: ", location));
  }
  bool becomesGet = (status == 303 && head.method != kj::HttpMethod::GET &&
                     head.method != kj::HttpMethod::HEAD) ||
                    ((status == 301 || status == 302) && head.method == kj::HttpMethod::POST);
  if (becomesGet) {
    head.method = kj::HttpMethod::GET;
    bytes = nullptr;
    for (auto name : {"Content-Encoding"_kj, "Content-Language"_kj, "Content-Location"_kj,
                      "Content-Type"_kj, "Content-Length"_kj}) {
      head.headers->remove(name);
    }
  } else if (hadStream) {
    failWith(
        kj::str("TypeError: A request with a one-time-use body (it was initialized from a "
                "stream, not a buffer) encountered a redirect requiring the body to be "
                "retransmitted. To avoid this error in the future, construct this request "
                "from a buffer-like body initializer."));
  }
}

}  // namespace

kj::Promise<ExchangeResponse> exchange(kj::Own<channel::ServiceChannel> channel,
                                       const kj::HttpHeaderTable& headerTable,
                                       ExchangeRequest request) {
  // Not within the caller's turn: the receiver may be a worker, even the same one.
  co_await kj::evalLater([]() {});
  KJ_IF_MAYBE(held, request.held) {
    co_await *held;
  }
  auto head = kj::mv(request.head);
  auto bytes =
      request.body.bytes.map([](kj::Own<SharedBytes>& shared) { return kj::addRef(*shared); });
  bool hadStream = request.body.stream != nullptr;
  auto body = kj::mv(request.body);

  for (uint hops = 0;; ++hops) {
    auto sent = co_await send(*channel, headerTable, head, kj::mv(body), request.keepsFragment);
    auto headers = kj::refcounted<HeaderList>(*sent.response.headers);
    kj::Maybe<kj::String> location;
    if (isRedirect(sent.response.statusCode)) location = headers->get("Location");
    if (location == nullptr || head.redirect == Request::Redirect::Manual) {
      ExchangeResponse result{sent.response.statusCode,
                              kj::str(sent.response.statusText),
                              kj::mv(headers),
                              kj::heapString(withoutFragment(head.url)),
                              hops > 0,
                              kj::mv(sent.response.body)};
      KJ_IF_MAYBE(socket, sent.webSocket) {
        result.webSocket = socket->attach(kj::mv(sent.client), kj::mv(channel));
      } else {
        result.body = result.body.attach(kj::mv(sent.client), kj::mv(channel));
      }
      co_return kj::mv(result);
    }
    if (head.redirect == Request::Redirect::Error) {
      failWith(
          kj::str("TypeError: Unexpected redirect. Redirects are not permitted when the "
                  "'redirect' mode is 'error'."));
    }
    if (hops == kRedirectsMax) failWith(kj::str("TypeError: Too many redirects."));
    followRedirect(head, bytes, hadStream, sent.response.statusCode, KJ_ASSERT_NONNULL(location));
    body = Body::Outgoing();
    KJ_IF_MAYBE(again, bytes) {
      body.length = (*again)->bytes.size();
      body.bytes = kj::addRef(**again);
    }
  }
}

}  // namespace ocapd::api
