// FetchAbort: what an AbortSignal ends: one exchange and the reading of its response's body.
//
// Owns      the promise that fetch() gave, until it is settled. The exchange belongs to the event.
// Lives     as long as the exchange, the body or the signal needs it.
// Threads   its lane.
// Errors    aborting rejects what waits with the signal's reason; after the event has ended it does
//           nothing.
// Spec      https://fetch.spec.whatwg.org/#abort-fetch
#pragma once

#include <cppgc/persistent.h>

#include "src/api/fetch/exchange.h"
#include "src/api/streams/native_source.h"

namespace ocapd::api {

class FetchAbort final : public kj::Refcounted {
 public:
  FetchAbort(js::Turn& turn, v8::Local<v8::Promise::Resolver> resolver)
      : event_(IoContext::current(turn).own(kj::heap<Anchor>())), resolver_(turn.v8, resolver) {}

  // The same, ended by abort().
  kj::Promise<ExchangeResponse> wrap(kj::Promise<ExchangeResponse> exchange);
  kj::Own<kj::AsyncInputStream> wrap(kj::Own<kj::AsyncInputStream> body);

  // Settle fetch()'s promise unless abort() did. `body` is the response's, or null.
  void resolve(js::Turn& turn, v8::Local<v8::Value> response, NativeSource* body);
  void reject(js::Turn& turn, v8::Local<v8::Value> reason);

  void abort(js::Turn& turn, v8::Local<v8::Value> reason);

 private:
  class Body;
  struct Anchor {};

  // Destroys what is under way. In a task of its event: it may end the event whose turn it is.
  void cancel();

  IoOwn<Anchor> event_;  // whose exchange it is; it may be aborted in another event's turn
  v8::Global<v8::Promise::Resolver> resolver_;  // empty once settled
  cppgc::WeakPersistent<NativeSource> source_;
  kj::Maybe<Body&> body_;
  kj::Canceler canceler_;
  bool aborted_ = false;
};

}  // namespace ocapd::api
