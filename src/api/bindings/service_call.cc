#include "src/api/bindings/service_call.h"

#include <stdlib.h>

#include <v8-container.h>

#include "src/api/fetch/exchange_conversion.h"
#include "src/api/fetch/prefixed_body.h"
#include "src/api/io/io_context.h"

namespace ocapd::api {

namespace {

constexpr kj::StringPtr kMetadataSize = "CF-R2-Metadata-Size"_kj;
constexpr kj::StringPtr kBucketError = "CF-R2-Error"_kj;

kj::Own<HeaderList> toHeaderList(js::Turn& turn, v8::Local<v8::Object> flat) {
  auto list = kj::refcounted<HeaderList>();
  if (!flat->IsArray()) return list;
  auto array = flat.As<v8::Array>();
  auto text = [&](uint32_t at) {
    auto value = turn.check(array->Get(turn.context, at));
    return turn.utf8(turn.check(value->ToString(turn.context)));
  };
  for (uint32_t i = 0; i + 1 < array->Length(); i += 2) list->append(text(i), text(i + 1));
  return list;
}

struct OutgoingBody {
  Body::Outgoing body;
  kj::Own<HeaderList> headers;  // with the content's type
};

// A value on its way out, as the body of a request.
OutgoingBody toBody(js::Turn& turn, v8::Local<v8::Value> value, kj::Own<HeaderList> headers) {
  auto content = Body::extract(turn, value);
  content.addTypeTo(*headers);
  Response::Head head;
  head.headers = kj::refcounted<HeaderList>();
  auto* carrier =
      turn.make<Response>(turn, kj::mv(head), Headers::Guard::Immutable, kj::mv(content));
  return {carrier->takeOutgoing(turn), kj::mv(headers)};
}

ExchangeRequest newRequest(js::Turn& turn, kj::HttpMethod method, kj::String url,
                           OutgoingBody body) {
  ExchangeRequest out;
  out.keepsFragment = true;
  out.head.method = method;
  out.head.url = kj::mv(url);
  out.head.headers = kj::mv(body.headers);
  out.head.redirect = Request::Redirect::Manual;
  out.body = kj::mv(body.body);
  out.held = IoContext::current(turn).outputHeld();
  return out;
}

struct BucketAnswer {
  ExchangeResponse response;
  kj::Maybe<kj::String> error;
  kj::Maybe<kj::String> metadata;
};

kj::Promise<BucketAnswer> readAnswer(kj::Promise<ExchangeResponse> answered) {
  BucketAnswer answer{co_await answered, nullptr, nullptr};
  auto& headers = *answer.response.headers;
  answer.error = headers.get(kBucketError);
  KJ_IF_MAYBE(size, headers.get(kMetadataSize)) {
    size_t bytes = strtoull(size->cStr(), nullptr, 10);
    if (bytes > kMetadataBytesMax) {
      kj::throwFatalException(KJ_EXCEPTION(OVERLOADED, "a bucket's metadata is too large", bytes));
    }
    auto text = kj::heapString(bytes);
    size_t count = co_await answer.response.body->tryRead(text.begin(), bytes, bytes);
    if (count < bytes) {
      kj::throwFatalException(KJ_EXCEPTION(DISCONNECTED, "a bucket's metadata broke off"));
    }
    answer.metadata = kj::mv(text);
  }
  // They were about the answer as a whole.
  for (auto name : {"Content-Type"_kj, "Content-Encoding"_kj}) headers.remove(name);
  co_return answer;
}

v8::Local<v8::Value> textOrUndefined(js::Turn& turn, const kj::Maybe<kj::String>& text) {
  KJ_IF_MAYBE(given, text) {
    return turn.string(*given);
  }
  return turn.undefined();
}

}  // namespace

js::Promise callService(js::Turn& turn, Fetcher* service, kj::String method, kj::String url,
                        v8::Local<v8::Object> headers, v8::Local<v8::Value> body) {
  auto& context = IoContext::current(turn);
  auto known = KJ_REQUIRE_NONNULL(kj::tryParseHttpMethod(method), "not an HTTP method", method);
  auto request =
      newRequest(turn, known, kj::mv(url), toBody(turn, body, toHeaderList(turn, headers)));
  return context.awaitIo(
      turn, exchange(service->channel().addRef(), context.headerTable(), kj::mv(request)),
      [&context](js::Turn& inner, ExchangeResponse response) -> v8::Local<v8::Value> {
        NativeSource* source = nullptr;
        return inner.wrap(*toResponse(inner, context, kj::mv(response), source));
      });
}

js::Promise askBucket(js::Turn& turn, Fetcher* service, v8::Local<v8::Object> headers,
                      v8::Local<v8::Value> request, v8::Local<v8::Value> value) {
  auto& context = IoContext::current(turn);
  auto body = toBody(turn, value, kj::refcounted<HeaderList>());
  body.headers = toHeaderList(turn, headers);
  auto method = kj::HttpMethod::GET;
  if (request->IsString()) {
    method = kj::HttpMethod::PUT;
    auto text = turn.utf8(request.As<v8::String>());
    body.headers->set(kMetadataSize, kj::str(text.size()));
    body.body = prefixed(kj::mv(text), kj::mv(body.body));
  }
  auto sent = newRequest(turn, method, kj::str("https://fake-host"), kj::mv(body));
  return context.awaitIo(
      turn, readAnswer(exchange(service->channel().addRef(), context.headerTable(), kj::mv(sent))),
      [&context](js::Turn& inner, BucketAnswer answer) -> v8::Local<v8::Value> {
        NativeSource* source = nullptr;
        v8::Local<v8::Value> parts[] = {
            v8::Integer::NewFromUnsigned(inner.v8, answer.response.status),
            textOrUndefined(inner, answer.error),
            textOrUndefined(inner, answer.metadata),
            {},
        };
        parts[3] = inner.wrap(*toResponse(inner, context, kj::mv(answer.response), source));
        return v8::Array::New(inner.v8, parts, 4);
      });
}

}  // namespace ocapd::api
