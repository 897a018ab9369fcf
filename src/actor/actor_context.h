// ActorContext: the one context of all events of an actor's instance.
//
// Turns that continue enter through the input gate; what is said to the outside waits for the
// output gate.
//
// Lives     as long as the instance.
// Threads   its lane.
// See       src/api/io/io_context.h
#pragma once

#include "src/actor/input_gate.h"
#include "src/actor/sqlite_store.h"
#include "src/worker/request_context.h"

namespace ocapd::actor {

class Actor;

class ActorContext final : public worker::RequestContext {
 public:
  // `store` is null for ephemeral actors.
  ActorContext(Actor& actor, worker::Worker& worker, InputGate& gate, SqliteStore* store)
      : RequestContext(worker), actor_(actor), gate_(gate), store_(store) {}
  ~ActorContext() noexcept(false) { cancelAll(); }

  kj::Own<api::TurnGate> turnGate() override { return kj::addRef(gate_.current()); }
  kj::Maybe<kj::Promise<void>> outputHeld() override {
    KJ_IF_MAYBE(reason, gate_.broken()) {
      return kj::Promise<void>(kj::cp(*reason));
    }
    if (store_ == nullptr) return nullptr;
    return store_->outputHeld();
  }
  // What others hold of the actor's, and it of theirs, keeps it awake.
  kj::Own<void> holdSession() override;

 private:
  Actor& actor_;
  InputGate& gate_;
  SqliteStore* store_;
};

}  // namespace ocapd::actor
