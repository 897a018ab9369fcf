// ActorInstance: a Durable Object that is awake, as far as its events need to know it.
//
// Its events share one long-lived context and one object, instead of having their own.
//
// Lives     longer than its events.
// Threads   its lane.
// See       src/actor/live_actor.h
#pragma once

#include <v8-object.h>

namespace ocapd::js {
class Turn;
}

namespace ocapd::worker {

class RequestContext;

class ActorInstance {
 public:
  virtual RequestContext& context() = 0;
  virtual v8::Local<v8::Object> object(js::Turn& turn) = 0;
};

}  // namespace ocapd::worker
