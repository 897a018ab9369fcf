#include "src/api/fetch/request.h"

#include <v8-json.h>

#include "src/api/fetch/url_text.h"
#include "src/api/io/worker_host.h"
#include "src/js/dictionary.h"

namespace ocapd::js {

using ocapd::api::Request;

inline constexpr Field<Request::Init> kRequestInit[] = {
    field<&Request::Init::method>("method"), field<&Request::Init::headers>("headers"),
    field<&Request::Init::body>("body"),     field<&Request::Init::redirect>("redirect"),
    field<&Request::Init::cf>("cf"),         field<&Request::Init::signal>("signal"),
    field<&Request::Init::cache>("cache"),   field<&Request::Init::integrity>("integrity"),
};
template <>
struct Convert<Request::Init> : DictionaryConvert<Request::Init, kRequestInit> {};

}  // namespace ocapd::js

namespace ocapd::api {

namespace {

// Differs from https://fetch.spec.whatwg.org/#concept-method-normalize: every method is
// upper-cased, as the reference does.
kj::HttpMethod parseMethod(kj::StringPtr text) {
  auto upper = kj::heapString(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = char(c - 32);
  }
  KJ_IF_MAYBE(method, kj::tryParseHttpMethod(upper)) {
    return *method;
  }
  throw js::Error::type("Invalid HTTP method string: ", text);
}

Request::Redirect parseRedirect(kj::StringPtr text) {
  if (text == "follow") return Request::Redirect::Follow;
  if (text == "manual") return Request::Redirect::Manual;
  if (text == "error") return Request::Redirect::Error;
  throw js::Error::type(
      "Invalid redirect value, must be one of \"follow\", \"manual\", or "
      "\"error\".");
}

// Text pinned by the reference.
Request::Cache parseCache(js::Turn& turn, kj::StringPtr text) {
  if (text == "no-store") return Request::Cache::NoStore;
  if (text == "no-cache") return Request::Cache::NoCache;
  if (text == "reload" && WorkerHost::of(turn).has(compat::CompatFlag::CacheReloadEnabled)) {
    return Request::Cache::Reload;
  }
  throw js::Error::type("Unsupported cache mode: ", text);
}

void requireNoIntegrity(kj::Maybe<kj::String>& integrity) {
  KJ_IF_MAYBE(text, integrity) {
    if (text->size() == 0) return;
    // Text pinned by the reference.
    throw js::Error::type(
        "Subrequest integrity checking is not implemented. The integrity option must be either "
        "undefined or an empty string.");
  }
}

// Null is no signal. Text pinned by the reference.
kj::Maybe<AbortSignal> toSignal(js::Turn& turn, v8::Local<v8::Value> value) {
  if (value->IsNull()) return nullptr;
  try {
    return js::Convert<AbortSignal>::from(turn, value);
  } catch (js::TypeMismatch& mismatch) {
    throw js::Error::type(
        "Incorrect type for the 'signal' field on 'RequestInitializerDict': the "
        "provided value is not of type '",
        mismatch.expected, "'.");
  }
}

}  // namespace

// https://fetch.spec.whatwg.org/#dom-request
Request* Request::create(js::Turn& turn, v8::Local<v8::Value> input, v8::Local<v8::Value> init) {
  Head head;
  Content content;
  Request* original = turn.unwrap<Request>(input);
  if (original != nullptr) {
    head = original->copyHead(turn);
  } else {
    if (input->IsUndefined()) throw js::TypeMismatch{"Request or string"};
    head.url = parseUrl(turn.utf8(turn.check(input->ToString(turn.context))));
    head.headers = kj::refcounted<HeaderList>();
  }
  kj::Maybe<AbortSignal> signal;
  if (original != nullptr) signal = original->givenSignal(turn);
  Init given;
  Request* initRequest = turn.unwrap<Request>(init);
  if (initRequest != nullptr) {
    // A Request stands for its own fields.
    head.method = initRequest->head_.method;
    head.headers = initRequest->head_.headers->copy();
    head.redirect = initRequest->head_.redirect;
    head.cache = initRequest->head_.cache;
    head.cfJson = initRequest->cfJson(turn);
    signal = initRequest->givenSignal(turn);
  } else {
    given = js::Convert<Init>::from(turn, init);
  }
  if (!given.signal.IsEmpty()) signal = toSignal(turn, given.signal);
  KJ_IF_MAYBE(method, given.method) {
    head.method = parseMethod(*method);
  }
  KJ_IF_MAYBE(redirect, given.redirect) {
    head.redirect = parseRedirect(*redirect);
  }
  KJ_IF_MAYBE(cache, given.cache) {
    head.cache = parseCache(turn, *cache);
  }
  requireNoIntegrity(given.integrity);
  if (!given.headers.IsEmpty()) {
    head.headers = kj::refcounted<HeaderList>();
    Headers::fill(turn, *head.headers, given.headers);
  }
  if (!given.cf.IsEmpty() && given.cf->IsObject()) {
    head.cfJson = turn.utf8(turn.check(v8::JSON::Stringify(turn.context, given.cf)));
  }
  if (!given.body.IsEmpty() && !given.body->IsNullOrUndefined()) {
    if (head.method == kj::HttpMethod::GET || head.method == kj::HttpMethod::HEAD) {
      throw js::Error::type("Request with a GET or HEAD method cannot have a body.");
    }
    content = extract(turn, given.body);
    content.addTypeTo(*head.headers);
  } else if (given.body.IsEmpty()) {
    Request* from = initRequest != nullptr ? initRequest : original;
    if (from != nullptr) content = from->moveOut(turn);
  }
  auto* made = turn.make<Request>(turn, kj::mv(head), Headers::Guard::None, kj::mv(content));
  // Differs: the signal itself, as in the reference, instead of one that follows it.
  KJ_IF_MAYBE(present, signal) {
    made->signal_.Reset(turn.v8, present->object);
  }
  return made;
}

AbortSignal Request::signal(js::Turn& turn) {
  if (signal_.IsEmpty()) signal_.Reset(turn.v8, AbortSignal::create(turn).object);
  return {signal_.Get(turn.v8)};
}

void Request::watchClient(js::Turn& turn) {
  bool isPassedOn = WorkerHost::of(turn).has(compat::CompatFlag::RequestSignalPassthrough);
  signalKind_ = isPassedOn ? Signal::OfClientPassedOn : Signal::OfClient;
}

kj::Maybe<AbortSignal> Request::givenSignal(js::Turn& turn) {
  if (signalKind_ == Signal::OfClientPassedOn) return signal(turn);
  if (signal_.IsEmpty() || signalKind_ == Signal::OfClient) return nullptr;
  return AbortSignal{signal_.Get(turn.v8)};
}

kj::StringPtr Request::method() const {
  return kj::toCharSequence(head_.method);
}

Headers* Request::headers(js::Turn& turn) {
  if (!headers_) headers_ = turn.make<Headers>(kj::addRef(*head_.headers), guard_);
  return headers_.Get();
}

kj::StringPtr Request::redirect() const {
  switch (head_.redirect) {
    case Redirect::Follow: return "follow"_kj;
    case Redirect::Manual: return "manual"_kj;
    case Redirect::Error: return "error"_kj;
  }
  KJ_UNREACHABLE;
}

v8::Local<v8::Value> Request::cache(js::Turn& turn) {
  switch (head_.cache) {
    case Cache::Unset: return turn.undefined();
    case Cache::NoStore: return turn.name("no-store");
    case Cache::NoCache: return turn.name("no-cache");
    case Cache::Reload: return turn.name("reload");
  }
  KJ_UNREACHABLE;
}

v8::Local<v8::Value> Request::cf(js::Turn& turn) {
  if (cf_.IsEmpty()) {
    v8::Local<v8::Value> value = turn.undefined();
    KJ_IF_MAYBE(json, head_.cfJson) {
      value = turn.check(v8::JSON::Parse(turn.context, turn.string(*json)));
    }
    cf_.Reset(turn.v8, value);
  }
  return cf_.Get(turn.v8);
}

kj::Maybe<kj::String> Request::cfJson(js::Turn& turn) {
  if (!cf_.IsEmpty()) {
    auto value = cf_.Get(turn.v8);
    if (!value->IsObject()) return nullptr;
    return turn.utf8(turn.check(v8::JSON::Stringify(turn.context, value)));
  }
  return head_.cfJson.map([](kj::String& json) { return kj::str(json); });
}

Request::Head Request::copyHead(js::Turn& turn) {
  Head copy;
  copy.method = head_.method;
  copy.url = kj::str(head_.url);
  copy.headers = head_.headers->copy();
  copy.redirect = head_.redirect;
  copy.cache = head_.cache;
  copy.cfJson = cfJson(turn);
  return copy;
}

// https://fetch.spec.whatwg.org/#dom-request-clone
Request* Request::clone(js::Turn& turn) {
  auto content = tee(turn);
  auto* copy = turn.make<Request>(turn, copyHead(turn), guard_, kj::mv(content));
  if (!signal_.IsEmpty()) copy->signal_.Reset(turn.v8, signal_.Get(turn.v8));
  return copy;
}

void Request::Trace(cppgc::Visitor* visitor) const {
  Body::Trace(visitor);
  visitor->Trace(headers_);
  visitor->Trace(cf_);
  visitor->Trace(signal_);
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&Request::create>(),          js::method<&Request::clone>("clone"),
    js::getter<&Request::method>("method"),       js::getter<&Request::url>("url"),
    js::getter<&Request::headers>("headers"),     js::getter<&Request::redirect>("redirect"),
    js::getter<&Request::signal>("signal"),       js::getter<&Request::cf>("cf"),
    js::getter<&Request::cache>("cache"),         js::getter<&Request::integrity>("integrity"),
    js::getter<&Request::keepalive>("keepalive"),
};

}  // namespace

constinit const js::Class Request::kClass{
    .name = kClassName,
    .spec = "https://fetch.spec.whatwg.org/#request-class",
    .members = kMembers,
    .parent = &Body::kClass,
};

}  // namespace ocapd::api
