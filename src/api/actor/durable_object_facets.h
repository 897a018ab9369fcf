// DurableObjectFacets: `ctx.facets`, Durable Objects within a Durable Object: of their own classes,
// with storage and gates of their own, living and dying with it.
//
// FacetStarter: what is asked, when a facet has to start, for its class: the callback of get().
//
// Owns      handles to the actor and to the callback, which end with the actor's instance.
// Spec      https://developers.cloudflare.com/dynamic-workers/usage/durable-object-facets/
#pragma once

#include "src/api/actor/actor_host.h"
#include "src/api/actor/durable_object_class.h"
#include "src/api/fetch/fetcher.h"

namespace ocapd::api {

struct FacetOptions {
  kj::Own<channel::ActorClassChannel> actorClass;
  kj::Maybe<kj::OneOf<kj::String, channel::ActorId>> id;  // none: its parent's
};

class FacetStarter final : public kj::Refcounted {
 public:
  FacetStarter(js::Turn& turn, v8::Local<v8::Function> callback);

  // Not in a turn. Fails with what the callback threw, or says that its event is over.
  kj::Promise<FacetOptions> start();

 private:
  IoOwn<v8::Global<v8::Function>> callback_;
  kj::Own<TurnGate> gate_;  // what the callback's event could enter, it can
};

class DurableObjectFacets final : public js::Object {
 public:
  static constexpr const char* kClassName = "DurableObjectFacets";
  static constexpr size_t kNameBytesMax = 256;
  static const js::Class kClass;

  explicit DurableObjectFacets(IoOwn<ActorHost> host) : host_(kj::mv(host)) {}

  Fetcher* get(js::Turn& turn, kj::String name, v8::Local<v8::Function> callback);
  void abort(js::Turn& turn, kj::String name, js::Arguments arguments);
  void remove(js::Turn& turn, kj::String name);
  void clone(js::Turn& turn, kj::String source, kj::String destination);

  const js::Class& jsClass() const override { return kClass; }

 private:
  ActorHost& actor(js::Turn& turn) { return host_.get(IoContext::current(turn)); }

  IoOwn<ActorHost> host_;
};

}  // namespace ocapd::api
