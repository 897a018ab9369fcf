#include "src/api/cache/cache.h"

#include <kj/encoding.h>

#include "src/api/cache/cache_host.h"
#include "src/api/cache/cache_js.h"
#include "src/api/fetch/exchange_conversion.h"
#include "src/api/fetch/prefixed_body.h"

namespace ocapd::api {

namespace {

// Text pinned by the reference.
kj::Own<channel::ServiceChannel> openChannel(js::Turn& turn) {
  auto* host = dynamic_cast<CacheHost*>(&IoContext::current(turn));
  if (host != nullptr) {
    KJ_IF_MAYBE(outbound, host->cacheOutbound()) {
      return outbound->addRef();
    }
  }
  throw js::Error::plain("No Cache was configured");
}

Request& toRequest(js::Turn& turn, v8::Local<v8::Value> input) {
  if (auto* request = turn.unwrap<Request>(input)) return *request;
  return *Request::create(turn, input, turn.undefined());
}

bool isGet(Request& request) {
  return request.head().method == kj::HttpMethod::GET;
}

// `name` is undefined for the default cache. The body is the caller's to add.
ExchangeRequest toCacheRequest(js::Turn& turn, v8::Local<v8::Value> name, Request& request,
                               kj::HttpMethod method) {
  ExchangeRequest out;
  out.keepsFragment = true;
  auto& head = request.head();
  out.head.method = method;
  out.head.url = kj::str(head.url);
  out.head.headers = head.headers->copy();
  out.head.redirect = Request::Redirect::Manual;
  out.head.cfJson = request.cfJson(turn);
  if (name->IsString()) {
    auto text = turn.utf8(name.As<v8::String>());
    out.head.headers->set("CF-Cache-Namespace", kj::encodeUriComponent(text));
  }
  return out;
}

js::Promise match(js::Turn& turn, v8::Local<v8::Value> name, v8::Local<v8::Value> input,
                  bool ignoresMethod) {
  auto& request = toRequest(turn, input);
  if (!ignoresMethod && !isGet(request)) return turn.resolved(turn.undefined());
  auto channel = openChannel(turn);
  auto out = toCacheRequest(turn, name, request, kj::HttpMethod::GET);
  out.head.headers->set("Cache-Control", "only-if-cached");
  auto& context = IoContext::current(turn);
  return context.awaitIo(
      turn, exchange(kj::mv(channel), context.headerTable(), kj::mv(out)),
      [&context](js::Turn& inner, ExchangeResponse response) -> v8::Local<v8::Value> {
        KJ_IF_MAYBE(status, response.headers->get("CF-Cache-Status")) {
          if (*status == "HIT") {
            response.url = nullptr;  // as in the reference
            NativeSource* source = nullptr;
            return inner.wrap(*toResponse(inner, context, kj::mv(response), source));
          }
        }
        return inner.undefined();
      });
}

kj::StringPtr reasonPhrase(const Response::Outgoing& response) {
  if (response.statusText.size() > 0) return response.statusText;
  switch (response.status) {
    case 200: return "OK"_kj;
    case 204: return "No Content"_kj;
    case 301: return "Moved Permanently"_kj;
    case 302: return "Found"_kj;
    case 404: return "Not Found"_kj;
    default: return "Unknown"_kj;
  }
}

// The head of the HTTP/1.1 message that is the body of a PUT. Its body follows as it is, also when
// it says that it is chunked. Names and values cannot have line ends: see header_list.h.
kj::String messageHead(const Response::Outgoing& response) {
  kj::Vector<char> text;
  text.addAll(kj::str("HTTP/1.1 ", response.status, ' ', reasonPhrase(response), "\r\n"));
  bool hasBody = response.body.bytes != nullptr || response.body.stream != nullptr;
  auto length = hasBody ? response.body.length : kj::Maybe<uint64_t>(uint64_t(0));
  KJ_IF_MAYBE(bytes, length) {
    text.addAll(kj::str("Content-Length: ", *bytes, "\r\n"));
  } else {
    text.addAll("Transfer-Encoding: chunked\r\n"_kj);
  }
  for (auto& entry : response.headers->entries()) {
    bool isFraming = equalsIgnoringCase(entry.name, "content-length") ||
                     equalsIgnoringCase(entry.name, "transfer-encoding");
    if (!isFraming) text.addAll(kj::str(entry.name, ": ", entry.value, "\r\n"));
  }
  text.addAll("\r\n"_kj);
  return kj::heapString(text.begin(), text.size());
}

Body::Outgoing toMessage(Response::Outgoing response) {
  auto head = messageHead(response);
  return prefixed(kj::mv(head), kj::mv(response.body));
}

// Texts pinned by the reference. False for what is not to be kept, without an error.
bool requireCacheable(js::Turn& turn, Request& request, Response& response) {
  if (!isGet(request)) throw js::Error::type("Cannot cache response to non-GET request.");
  if (response.status() == 206) {
    throw js::Error::type("Cannot cache response to a range request (206 Partial Content).");
  }
  KJ_IF_MAYBE(vary, response.headers(turn)->list().get("Vary")) {
    if (vary->findFirst('*') != nullptr) {
      throw js::Error::type("Cannot cache response with 'Vary: *' header.");
    }
  }
  if (response.status() == 101) {
    throw js::Error::type("Cannot cache WebSocket upgrade response.");
  }
  return response.status() != 304;
}

js::Promise put(js::Turn& turn, v8::Local<v8::Value> name, v8::Local<v8::Value> input,
                Response* response) {
  auto& request = toRequest(turn, input);
  if (!requireCacheable(turn, request, *response)) return turn.resolved(turn.undefined());
  auto channel = openChannel(turn);
  auto out = toCacheRequest(turn, name, request, kj::HttpMethod::PUT);
  out.body = toMessage(response->takeForSending(turn));
  auto& context = IoContext::current(turn);
  return context.awaitIo(
      turn, exchange(kj::mv(channel), context.headerTable(), kj::mv(out)),
      [](js::Turn& inner, ExchangeResponse) -> v8::Local<v8::Value> { return inner.undefined(); });
}

js::Promise remove(js::Turn& turn, v8::Local<v8::Value> name, v8::Local<v8::Value> input,
                   bool ignoresMethod) {
  auto& request = toRequest(turn, input);
  if (!ignoresMethod && !isGet(request)) return turn.resolved(v8::False(turn.v8));
  auto channel = openChannel(turn);
  auto out = toCacheRequest(turn, name, request, kj::HttpMethod::PURGE);
  out.head.headers->set("X-Real-IP", "127.0.0.1");
  auto& context = IoContext::current(turn);
  // Texts pinned by the reference.
  return context.awaitIo(
      turn, exchange(kj::mv(channel), context.headerTable(), kj::mv(out)),
      [](js::Turn& inner, ExchangeResponse response) -> v8::Local<v8::Value> {
        switch (response.status) {
          case 200: return v8::True(inner.v8);
          case 404: return v8::False(inner.v8);
          case 429:
            throw js::Error::plain(
                "Unable to delete cached response. Subrequests are being rate-limited.");
          default: throw js::Error::plain("Unable to delete cached response.");
        }
      });
}

bool isResponse(js::Turn& turn, v8::Local<v8::Value> value) {
  return turn.unwrap<Response>(value) != nullptr;
}

constexpr js::Member kNatives[] = {
    js::function<&match>("match"),
    js::function<&put>("put"),
    js::function<&remove>("remove"),
    js::function<&isResponse>("isResponse"),
};

}  // namespace

constinit const js::Builtin kCache{.name = "cache", .source = kCacheJs, .natives = kNatives};

}  // namespace ocapd::api
