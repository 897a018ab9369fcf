// ActorClass: a Durable Object class of a worker, with the props its instances have.
//
// Every class channel of this process is one. The worker is found when an instance is to be made,
// as one that has reached a limit is replaced by another.
//
// Lives     reference-counted; the service it belongs to lives longer.
// Threads   its lane.
#pragma once

#include <kj/function.h>

#include "src/channel/actor_class_channel.h"
#include "src/worker/worker.h"

namespace ocapd::worker {

class ActorClass final : public channel::ActorClassChannel {
 public:
  using FindWorker = kj::Function<Worker&()>;

  ActorClass(FindWorker findWorker, kj::String name, kj::Maybe<kj::Own<channel::Props>> props)
      : findWorker_(kj::mv(findWorker)), name_(kj::mv(name)), props_(kj::mv(props)) {}

  static ActorClass& of(channel::ActorClassChannel& channel) {
    return kj::downcast<ActorClass>(channel);
  }

  Worker& worker() { return findWorker_(); }
  kj::StringPtr name() const { return name_; }
  kj::Maybe<kj::Own<channel::Props>> props() { return channel::addRef(props_); }

 private:
  FindWorker findWorker_;
  kj::String name_;
  kj::Maybe<kj::Own<channel::Props>> props_;
};

}  // namespace ocapd::worker
