#include "src/worker/fetch_event.h"

#include <kj/debug.h>

#include "src/api/fetch/request.h"
#include "src/api/workers/execution_context.h"
#include "src/worker/status_text.h"

namespace ocapd::worker {

namespace {

// Texts pinned by public suites.
constexpr kj::StringPtr kNoResponse =
    "jsg.TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'."_kj;
constexpr kj::StringPtr kHung =
    "jsg.Error: The Workers runtime canceled this request because it detected that your Worker's "
    "code had hung and would never generate a response. Refer to: "
    "https://developers.cloudflare.com/workers/observability/errors/"_kj;

api::Response::Outgoing takeResponse(js::Turn& turn, v8::Local<v8::Value> value) {
  if (auto* response = turn.unwrap<api::Response>(value)) return response->takeForSending(turn);
  kj::throwFatalException(
      kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::str(kNoResponse)));
}

// The request body as the event's own stream, for as long as the caller keeps the connection.
class LentStream final : public kj::AsyncInputStream {
 public:
  explicit LentStream(kj::Own<RequestBodyLoan> loan) : loan_(kj::mv(loan)) {}
  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    return loan_->use([&](auto& body) { return body.tryRead(buffer, minBytes, maxBytes); });
  }
  kj::Maybe<uint64_t> tryGetLength() override { return loan_->tryGetLength(); }
  kj::Promise<uint64_t> pumpTo(kj::AsyncOutputStream& output, uint64_t amount) override {
    return loan_->use([&](auto& body) { return body.pumpTo(output, amount); });
  }

 private:
  kj::Own<RequestBodyLoan> loan_;
};

// Sends head and body. `response` outlives the promise; the rest is owned.
kj::Promise<void> send(api::Response::Outgoing outgoing, kj::HttpService::Response& response,
                       const kj::HttpHeaderTable& headerTable) {
  kj::HttpHeaders headers(headerTable);
  outgoing.headers->addTo(headers);
  kj::StringPtr statusText = outgoing.statusText.size() > 0 ? kj::StringPtr(outgoing.statusText)
                                                            : defaultStatusText(outgoing.status);
  bool hasBody = outgoing.body.bytes != nullptr || outgoing.body.stream != nullptr;
  auto length = hasBody ? outgoing.body.length : kj::Maybe<uint64_t>(uint64_t(0));
  auto sink = response.send(outgoing.status, statusText, headers, length);
  KJ_IF_MAYBE(bytes, outgoing.body.bytes) {
    auto content = (*bytes)->bytes.asPtr();
    if (content.size() == 0) return kj::READY_NOW;
    auto written = sink->write(content.begin(), content.size());
    return written.attach(kj::mv(sink), kj::mv(*bytes));
  }
  KJ_IF_MAYBE(stream, outgoing.body.stream) {
    auto& output = *sink;
    auto pumped = (*stream)->pumpTo(output).ignoreResult().catch_([&output](kj::Exception&& why) {
      api::breakOff(output);
      kj::throwFatalException(kj::mv(why));
    });
    return pumped.attach(kj::mv(*stream), kj::mv(sink));
  }
  return kj::READY_NOW;
}

}  // namespace

FetchEvent::FetchEvent(Worker& worker, kj::Maybe<Worker::Entrypoint&> entrypoint,
                       kj::Maybe<kj::StringPtr> propsJson, channel::RequestMetadata metadata)
    : worker_(worker),
      entrypoint_(entrypoint),
      propsJson_(propsJson.map([](kj::StringPtr text) { return kj::str(text); })),
      metadata_(kj::mv(metadata)) {}

FetchEvent::~FetchEvent() noexcept(false) {
  KJ_IF_MAYBE(loan, bodyLoan_) {
    (*loan)->end();
  }
  if (context_.get() != nullptr && context_->isWaitingUntil()) worker_.linger(kj::mv(context_));
}

kj::Own<kj::AsyncInputStream> FetchEvent::lend(kj::AsyncInputStream& requestBody) {
  auto loan = kj::refcounted<RequestBodyLoan>(requestBody);
  bodyLoan_ = kj::addRef(*loan);
  return kj::heap<LentStream>(kj::mv(loan));
}

kj::Promise<void> FetchEvent::request(kj::HttpMethod method, kj::StringPtr url,
                                      const kj::HttpHeaders& headers,
                                      kj::AsyncInputStream& requestBody, Response& response) {
  Worker::Entrypoint* entrypoint = nullptr;
  KJ_IF_MAYBE(found, entrypoint_) {
    entrypoint = found;
  }
  // A worker without a default export lets its events through.
  if (entrypoint == nullptr) return forward(method, url, headers, requestBody, response);
  if (entrypoint->fetch.IsEmpty()) {
    return KJ_EXCEPTION(FAILED, "jsg.Error: Handler does not export a fetch() function.");
  }

  context_ = kj::heap<RequestContext>(worker_);
  Called called;
  context_->runTurn([&](js::Turn& turn) {
    called = callHandler(turn, *entrypoint, method, url, headers, requestBody);
  });
  KJ_IF_MAYBE(outgoing, called.response) {
    return send(kj::mv(*outgoing), response, worker_.lane_.headerTable);
  }
  KJ_IF_MAYBE(exception, called.failure) {
    return failed(kj::mv(*exception), requestBody, response);
  }
  KJ_IF_MAYBE(later, called.later) {
    return later->then(
        [this, &response](Outgoing&& outgoing) {
          return send(kj::mv(outgoing), response, worker_.lane_.headerTable);
        },
        [this, &requestBody, &response](kj::Exception&& exception) {
          return failed(kj::mv(exception), requestBody, response);
        });
  }
  return kj::Exception(kj::Exception::Type::OVERLOADED, __FILE__, __LINE__,
                       kj::str("jsg.Error: Worker exceeded its memory limit."));
}

// TODO(#4): connect handlers come with the Socket class.
kj::Promise<void> FetchEvent::connect(kj::StringPtr, const kj::HttpHeaders&, kj::AsyncIoStream&,
                                      ConnectResponse&, kj::HttpConnectSettings) {
  return KJ_EXCEPTION(FAILED, "jsg.Error: Handler does not export a connect() function.");
}

FetchEvent::Called FetchEvent::callHandler(js::Turn& turn, Worker::Entrypoint& entrypoint,
                                           kj::HttpMethod method, kj::StringPtr url,
                                           const kj::HttpHeaders& headers,
                                           kj::AsyncInputStream& requestBody) {
  Called called;
  auto failure = turn.catching([&] {
    api::Request::Head head;
    head.method = method;
    head.url = kj::str(url);
    head.headers = kj::refcounted<api::HeaderList>(headers);
    head.redirect = api::Request::Redirect::Manual;
    original_ = Original{method, kj::str(url), kj::addRef(*head.headers)};
    head.cfJson = kj::mv(metadata_.cfJson);
    api::Body::Content content;
    auto length = requestBody.tryGetLength();
    bool isEmpty = length.orDefault(1) == 0 &&
                   (method == kj::HttpMethod::GET || method == kj::HttpMethod::HEAD ||
                    !head.headers->has("Content-Length"));
    if (!isEmpty) {
      content.source = turn.make<api::NativeSource>(
          context_->own<kj::AsyncInputStream>(lend(requestBody)), length);
    }
    auto* request = turn.make<api::Request>(turn, kj::mv(head), api::Headers::Guard::Immutable,
                                            kj::mv(content));
    kj::Maybe<kj::StringPtr> props;
    KJ_IF_MAYBE(json, propsJson_) {
      props = kj::StringPtr(*json);
    }
    v8::Local<v8::Value> arguments[] = {turn.wrap(*request), worker_.env_.Get(turn.v8),
                                        turn.wrap(*turn.make<api::ExecutionContext>(props))};
    auto result = turn.check(entrypoint.fetch.Get(turn.v8)->Call(
        turn.context, entrypoint.handler.Get(turn.v8), 3, arguments));

    // The common case needs no callback: after its microtasks the answer is there.
    turn.v8->PerformMicrotaskCheckpoint();
    if (!result->IsPromise()) {
      if (!result->IsObject() || turn.unwrap<api::Response>(result) != nullptr) {
        called.response = takeResponse(turn, result);
        return;
      }
      // It may be a thenable: what a promise makes of it counts.
      result = turn.resolved(result);
      turn.v8->PerformMicrotaskCheckpoint();
    }
    auto promise = result.As<v8::Promise>();
    switch (promise->State()) {
      case v8::Promise::kFulfilled: called.response = takeResponse(turn, promise->Result()); break;
      case v8::Promise::kRejected: promise->MarkAsHandled(); turn.throwValue(promise->Result());
      case v8::Promise::kPending: called.later = whenAnswered(turn, promise); break;
    }
  });
  KJ_IF_MAYBE(reason, failure) {
    called.failure = js::toKj(turn, *reason);
  }
  return called;
}

kj::Promise<FetchEvent::Outgoing> FetchEvent::whenAnswered(js::Turn& turn,
                                                           v8::Local<v8::Promise> answer) {
  struct Answer : public kj::Refcounted {
    explicit Answer(kj::Own<kj::PromiseFulfiller<Outgoing>> fulfiller)
        : fulfiller(kj::mv(fulfiller)) {}
    kj::Own<kj::PromiseFulfiller<Outgoing>> fulfiller;
  };
  auto pair = kj::newPromiseAndFulfiller<Outgoing>();
  auto shared = kj::refcounted<Answer>(kj::mv(pair.fulfiller));
  auto sharedToo = kj::addRef(*shared);
  turn.whenSettled(
      answer,
      [shared = kj::mv(sharedToo)](js::Turn& inner, v8::Local<v8::Value> value) mutable {
        KJ_IF_MAYBE(exception, kj::runCatchingExceptions([&] {
                      auto failure = inner.catching(
                          [&] { shared->fulfiller->fulfill(takeResponse(inner, value)); });
                      KJ_IF_MAYBE(reason, failure) {
                        shared->fulfiller->reject(js::toKj(inner, *reason));
                      }
                    })) {
          shared->fulfiller->reject(kj::mv(*exception));
        }
        return inner.undefined();
      },
      [shared = kj::mv(shared)](js::Turn& inner, v8::Local<v8::Value> reason) mutable {
        shared->fulfiller->reject(js::toKj(inner, reason));
        return inner.undefined();
      });
  auto hung = context_->idle().then([]() -> kj::Promise<Outgoing> {
    return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::str(kHung));
  });
  return pair.promise.exclusiveJoin(kj::mv(hung));
}

kj::Promise<void> FetchEvent::failed(kj::Exception exception, kj::AsyncInputStream& requestBody,
                                     Response& response) {
  if (!context_->passesThroughOnException()) return kj::mv(exception);
  auto& original = KJ_ASSERT_NONNULL(original_);
  kj::HttpHeaders headers(worker_.lane_.headerTable);
  original.headers->addTo(headers);
  // What the handler has read of the body is gone; the rest goes on.
  return forward(original.method, original.url, headers, requestBody, response)
      .attach(kj::mv(headers));
}

kj::Promise<void> FetchEvent::forward(kj::HttpMethod method, kj::StringPtr url,
                                      const kj::HttpHeaders& headers,
                                      kj::AsyncInputStream& requestBody, Response& response) {
  auto target = worker_.options_.globalOutbound->startRequest(kj::mv(metadata_));
  auto& reference = *target;
  return reference.request(method, url, headers, requestBody, response).attach(kj::mv(target));
}

}  // namespace ocapd::worker
