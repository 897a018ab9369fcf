// Request, as JavaScript makes it and as an event brings it.
//
// Owns      its header list and body.
// Spec      https://fetch.spec.whatwg.org/#request-class
#pragma once

#include "src/api/events/abort_signal.h"
#include "src/api/fetch/body.h"
#include "src/api/fetch/headers.h"

namespace ocapd::api {

class Request final : public Body {
 public:
  static constexpr const char* kClassName = "Request";
  static const js::Class kClass;

  enum class Redirect : uint8_t { Follow, Manual, Error };
  enum class Cache : uint8_t { Unset, NoStore, NoCache, Reload };

  struct Init {
    static constexpr const char* kDictionaryName = "RequestInitializerDict";
    kj::Maybe<kj::String> method;
    v8::Local<v8::Value> headers;
    v8::Local<v8::Value> body;
    kj::Maybe<kj::String> redirect;
    v8::Local<v8::Value> cf;
    v8::Local<v8::Value> signal;
    kj::Maybe<kj::String> cache;
    kj::Maybe<kj::String> integrity;
  };

  // What a request is beside its body.
  struct Head {
    kj::HttpMethod method = kj::HttpMethod::GET;
    kj::String url;
    kj::Own<HeaderList> headers;
    Redirect redirect = Redirect::Follow;
    Cache cache = Cache::Unset;
    kj::Maybe<kj::String> cfJson;
  };

  Request(js::Turn& turn, Head head, Headers::Guard guard, Content content)
      : Body(turn, kj::mv(content)), head_(kj::mv(head)), guard_(guard) {}

  // ---- JavaScript ----
  static Request* create(js::Turn& turn, v8::Local<v8::Value> input, v8::Local<v8::Value> init);
  kj::StringPtr method() const;
  kj::StringPtr url() const { return head_.url; }
  Headers* headers(js::Turn& turn);
  kj::StringPtr redirect() const;
  v8::Local<v8::Value> cf(js::Turn& turn);
  AbortSignal signal(js::Turn& turn);
  // Differs: undefined for what the standard calls "default", as in the reference.
  v8::Local<v8::Value> cache(js::Turn& turn);
  kj::StringPtr integrity() const { return ""_kj; }  // any other is refused
  bool keepalive() const { return false; }
  Request* clone(js::Turn& turn);

  // ---- native ----
  const Head& head() const { return head_; }
  // JSON of `cf` as it is now, which a worker may have changed.
  kj::Maybe<kj::String> cfJson(js::Turn& turn);
  // Of an incoming request: its signal is the client's. It does not go on to what is made of the
  // request unless request_signal_passthrough is on.
  void watchClient(js::Turn& turn);
  // Whether anybody has asked for the signal.
  bool hasSignal() const { return !signal_.IsEmpty(); }
  // The signal it was made with.
  kj::Maybe<AbortSignal> givenSignal(js::Turn& turn);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 protected:
  kj::Maybe<kj::String> contentType() const override { return head_.headers->get("Content-Type"); }

 private:
  Head copyHead(js::Turn& turn);

  Head head_;
  Headers::Guard guard_;
  cppgc::Member<Headers> headers_;          // made when first asked for
  v8::TracedReference<v8::Value> cf_;       // parsed when first asked for
  v8::TracedReference<v8::Object> signal_;  // given, or made when first asked for
  enum class Signal : uint8_t { Given, OfClient, OfClientPassedOn };
  Signal signalKind_ = Signal::Given;
};

}  // namespace ocapd::api
