// TurnGate: asked before a turn of an actor runs; other events have none.
//
// What begins in a turn (I/O, timers) keeps the gate that was current then, and enters through it:
// so that a critical section lets in what it waits for itself, and nothing else.
//
// Lives     reference-counted; held by what waits to enter.
// Threads   its lane.
// Errors    enter() fails once the actor is broken.
// See       src/actor/input_gate.h
#pragma once

#include <kj/async.h>
#include <kj/refcount.h>

namespace ocapd::api {

class TurnGate : public kj::Refcounted {
 public:
  // The right to run one turn. Destroying it lets the next one in.
  class Pass {
   public:
    virtual ~Pass() noexcept(false) {}
    // Right before the turn.
    virtual void use() = 0;
  };

  virtual kj::Promise<kj::Own<Pass>> enter() = 0;
};

}  // namespace ocapd::api
