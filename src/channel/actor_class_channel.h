// ActorClassChannel: a Durable Object class as something to be handed on: not an instance.
//
// Lives     reference-counted on its lane.
// Threads   its lane only.
#pragma once

#include <kj/refcount.h>

namespace ocapd::channel {

class ActorClassChannel : public kj::Refcounted {
 public:
  kj::Own<ActorClassChannel> addRef() { return kj::addRef(*this); }
};

}  // namespace ocapd::channel
