#include "src/worker/fetch_event.h"

#include <kj/debug.h>

#include "src/api/events/scope_events.h"
#include "src/api/fetch/request.h"
#include "src/worker/status_text.h"

namespace ocapd::worker {

namespace {

// Pinned by public suites.
constexpr kj::StringPtr kNoResponse =
    "jsg.TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'."_kj;
constexpr kj::StringPtr kNoHandler = "Handler does not export a fetch() function."_kj;

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
kj::Promise<void> sendResponse(api::Response::Outgoing outgoing,
                               kj::HttpService::Response& response,
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

kj::String FetchEvent::describeRequest(kj::HttpMethod method, kj::StringPtr url,
                                       const kj::HttpHeaders& headers,
                                       const kj::Maybe<kj::String>& cfJson) {
  kj::Vector<kj::String> fields;
  for (auto& each : api::HeaderList(headers).sortAndCombine()) {
    fields.add(kj::str(jsonText(each.name), ":", jsonText(each.value)));
  }
  auto cf = kj::str();
  KJ_IF_MAYBE(json, cfJson) {
    cf = kj::str(",\"cf\":", *json);
  }
  return kj::str("\"request\":{\"url\":", jsonText(url), ",\"method\":\"", method,
                 "\",\"headers\":{", kj::strArray(fields, ","), "}", cf, "}");
}

kj::Promise<void> FetchEvent::send(Outgoing outgoing, Response& response) {
  if (auto* trace = context_->trace()) {
    trace->setStatus(outgoing.webSocket == nullptr ? outgoing.status : 101);
  }
  KJ_IF_MAYBE(socket, outgoing.webSocket) {
    // An actor may sleep while its connections go on.
    if (actor_ != nullptr) context_ = nullptr;
    return sendWebSocket(kj::mv(*socket), kj::mv(outgoing.headers), kj::mv(webSocketRequest_),
                         response, worker_.lane_.headerTable);
  }
  return sendResponse(kj::mv(outgoing), response, worker_.lane_.headerTable);
}

namespace {

// Whether there is no body, rather than one without bytes.
bool isEmptyBody(kj::HttpMethod method, const api::HeaderList& headers,
                 kj::Maybe<uint64_t> length) {
  bool isUsuallyNone = method == kj::HttpMethod::GET || method == kj::HttpMethod::HEAD;
  bool isAnnounced = headers.has("Content-Length") || headers.has("Transfer-Encoding");
  KJ_IF_MAYBE(known, length) {
    return *known == 0 && (isUsuallyNone || !headers.has("Content-Length"));
  }
  return isUsuallyNone && !isAnnounced;
}

// A body from another worker comes without the headers that HTTP would have given it.
void describeBody(api::HeaderList& headers, kj::Maybe<uint64_t> length) {
  if (headers.has("Content-Length") || headers.has("Transfer-Encoding")) return;
  KJ_IF_MAYBE(known, length) {
    headers.append("Content-Length", kj::str(*known));
  } else {
    headers.appendLiteral("Transfer-Encoding", "chunked");
  }
}

}  // namespace

FetchEvent::~FetchEvent() noexcept(false) {
  KJ_IF_MAYBE(loan, bodyLoan_) {
    (*loan)->end();
  }
  if (watched_ && watched_->hasSignal()) tellThatTheClientHasLeft();
}

// Not at once: the client may be another event, in a turn of the same isolate.
void FetchEvent::tellThatTheClientHasLeft() {
  auto tell = [request = kj::mv(watched_)](js::Turn& turn) {
    auto reason = js::Error::dom("AbortError", "The client has disconnected").toValue(turn);
    request->signal(turn).abort(turn, reason);
  };
  if (actor_ != nullptr) return context_->enter(kj::mv(tell));
  auto& context = *context_;
  context.addFinalTask(
      kj::evalLater([&context, tell = kj::mv(tell)]() mutable { context.runTurn(tell); }));
}

kj::Own<kj::AsyncInputStream> FetchEvent::lend(kj::AsyncInputStream& requestBody) {
  auto loan = kj::refcounted<RequestBodyLoan>(requestBody);
  bodyLoan_ = kj::addRef(*loan);
  return kj::heap<LentStream>(kj::mv(loan));
}

kj::Promise<void> FetchEvent::request(kj::HttpMethod method, kj::StringPtr url,
                                      const kj::HttpHeaders& headers,
                                      kj::AsyncInputStream& requestBody, Response& response) {
  auto answered = answer(method, url, headers, requestBody, response);
  if (!watched_) return answered;
  return answered.then([this]() { watched_.Clear(); },
                       [this](kj::Exception&& exception) {
                         watched_.Clear();
                         kj::throwFatalException(kj::mv(exception));
                       });
}

kj::Promise<void> FetchEvent::answer(kj::HttpMethod method, kj::StringPtr url,
                                     const kj::HttpHeaders& headers,
                                     kj::AsyncInputStream& requestBody, Response& response) {
  // A worker without a default export lets its events through.
  auto& entrypoint =
      KJ_UNWRAP_OR(entrypoint_, { return forward(method, url, headers, requestBody, response); });
  if (entrypoint.kind == Entrypoint::Kind::Handlers && entrypoint.fetch.IsEmpty()) {
    return missingHandler(kNoHandler);
  }

  webSocketRequest_ =
      WebSocketRequest::of(headers, worker_.flags().has(compat::CompatFlag::WebSocketCompression));
  context_ = takeContext();
  if (auto* trace = context_->trace()) {
    trace->setEvent(describeRequest(method, url, headers, metadata_.cfJson));
  }
  Called called;
  context_->runTurn([&](js::Turn& turn) {
    called = callFetch(turn, entrypoint, method, url, headers, requestBody);
  });
  KJ_IF_MAYBE(outgoing, called.response) {
    // Nobody listens, and waiting for the end would cost every request.
    if (watched_ && !watched_->hasSignal()) watched_.Clear();
    return sendWhenAllowed(kj::mv(*outgoing), response);
  }
  KJ_IF_MAYBE(exception, called.failure) {
    return failed(kj::mv(*exception), requestBody, response);
  }
  KJ_IF_MAYBE(later, called.later) {
    return later->then(
        [this, &response](Outgoing&& outgoing) {
          return sendWhenAllowed(kj::mv(outgoing), response);
        },
        [this, &requestBody, &response](kj::Exception&& exception) {
          return failed(kj::mv(exception), requestBody, response);
        });
  }
  if (called.isUnanswered) return forward(method, url, headers, requestBody, response);
  return context_->aborted();
}

kj::Promise<void> FetchEvent::sendWhenAllowed(Outgoing outgoing, Response& response) {
  KJ_IF_MAYBE(held, context_->outputHeld()) {
    return held->then([this, outgoing = kj::mv(outgoing), &response]() mutable {
      return send(kj::mv(outgoing), response);
    });
  }
  return send(kj::mv(outgoing), response);
}

FetchEvent::Called FetchEvent::callFetch(js::Turn& turn, Entrypoint& entrypoint,
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
    if (!isEmptyBody(method, *head.headers, length)) {
      describeBody(*head.headers, length);
      content.source = turn.make<api::NativeSource>(
          context_->own<kj::AsyncInputStream>(lend(requestBody)), length);
    }
    auto* request = turn.make<api::Request>(turn, kj::mv(head), api::Headers::Guard::Immutable,
                                            kj::mv(content));
    if (worker_.flags().has(compat::CompatFlag::EnableRequestSignal)) {
      request->watchClient(turn);
      watched_ = request;
    }
    v8::Local<v8::Value> result;
    KJ_IF_MAYBE(answer, callWith(turn, entrypoint, turn.wrap(*request))) {
      result = *answer;
    } else {
      called.isUnanswered = true;
      return;
    }

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
      case v8::Promise::kPending: called.later = whenSettled(turn, promise, &takeResponse); break;
    }
  });
  KJ_IF_MAYBE(reason, failure) {
    logFailure(turn, *reason, logSeverity_);
    called.failure = js::toKj(turn, *reason);
  }
  return called;
}

// None: nobody answers, which is legal in a classic script.
kj::Maybe<v8::Local<v8::Value>> FetchEvent::callWith(js::Turn& turn, Entrypoint& entrypoint,
                                                     v8::Local<v8::Object> request) {
  if (entrypoint.kind == Entrypoint::Kind::Script) return api::dispatchFetch(turn, request);
  if (entrypoint.kind == Entrypoint::Kind::Handlers) {
    v8::Local<v8::Value> arguments[] = {request, worker_.env(turn), makeExecutionContext(turn)};
    return turn.check(entrypoint.fetch.Get(turn.v8)->Call(
        turn.context, entrypoint.value.Get(turn.v8), 3, arguments));
  }
  auto result = callHandler(turn, entrypoint, "fetch", request);
  return KJ_UNWRAP_OR(result, { throw js::Error::plain(kNoHandler); });
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
