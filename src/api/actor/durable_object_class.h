// DurableObjectClass: a Durable Object class without a namespace, for facets.
//
// The three Loopback classes are what `ctx.exports` has for the classes of the worker itself, with
// or without a namespace: to be called with `{props}` for a DurableObjectClass of these props.
//
// Owns      a channel to the class, or what makes one.
// Errors    DataCloneError for props that cannot be; see rpc/props.h.
// Spec      https://developers.cloudflare.com/workers/runtime-apis/context/#exports
#pragma once

#include <kj/function.h>

#include "src/api/actor/durable_object_namespace.h"
#include "src/channel/actor_class_channel.h"
#include "src/channel/props.h"

namespace ocapd::api {

class DurableObjectClass : public js::Object {
 public:
  static constexpr const char* kClassName = "DurableObjectClass";
  static const js::Class kClass;

  explicit DurableObjectClass(kj::Own<channel::ActorClassChannel> channel)
      : channel_(kj::mv(channel)) {}

  channel::ActorClassChannel& channel() { return *channel_; }
  const js::Class& jsClass() const override { return kClass; }

 private:
  kj::Own<channel::ActorClassChannel> channel_;
};

// Makes channels to one class of this same worker.
using LoopbackClassSource =
    kj::Function<kj::Own<channel::ActorClassChannel>(kj::Maybe<kj::Own<channel::Props>> props)>;

// What all three of them are.
class LoopbackActorClass {
 public:
  explicit LoopbackActorClass(LoopbackClassSource source) : source_(kj::mv(source)) {}

  kj::Own<channel::ActorClassChannel> newChannel(kj::Maybe<kj::Own<channel::Props>> props) {
    return source_(kj::mv(props));
  }

 private:
  LoopbackClassSource source_;
};

class LoopbackDurableObjectClass final : public DurableObjectClass, public LoopbackActorClass {
 public:
  static constexpr const char* kClassName = "LoopbackDurableObjectClass";
  static const js::Class kClass;

  explicit LoopbackDurableObjectClass(LoopbackClassSource source)
      : DurableObjectClass(source(nullptr)), LoopbackActorClass(kj::mv(source)) {}

  const js::Class& jsClass() const override { return kClass; }
};

class LoopbackDurableObjectNamespace final : public DurableObjectNamespace,
                                             public LoopbackActorClass {
 public:
  static constexpr const char* kClassName = "LoopbackDurableObjectNamespace";
  static const js::Class kClass;

  LoopbackDurableObjectNamespace(channel::ActorNamespace& target, LoopbackClassSource source)
      : DurableObjectNamespace(target), LoopbackActorClass(kj::mv(source)) {}

  const js::Class& jsClass() const override { return kClass; }
};

class LoopbackColoLocalActorNamespace final : public ColoLocalActorNamespace,
                                              public LoopbackActorClass {
 public:
  static constexpr const char* kClassName = "LoopbackColoLocalActorNamespace";
  static const js::Class kClass;

  LoopbackColoLocalActorNamespace(channel::ActorNamespace& target, LoopbackClassSource source)
      : ColoLocalActorNamespace(target), LoopbackActorClass(kj::mv(source)) {}

  const js::Class& jsClass() const override { return kClass; }
};

// The class that a value stands for where one is asked for; null: it is none.
kj::Own<channel::ActorClassChannel> actorClassOf(js::Turn& turn, v8::Local<v8::Value> value);

}  // namespace ocapd::api
