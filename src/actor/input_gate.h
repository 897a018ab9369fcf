// InputGate: lets one turn of an actor run at a time, and during a critical section only the turns
// that the section itself has caused.
//
// A section is a gate within a gate: it holds its parent's pass from its beginning to its end. What
// begins in a turn remembers the section that was current, and enters through it; once a section
// has ended, its gate leads to its parent's.
//
// Owns      its root section; sections own their parents.
// Lives     as long as the actor's instance; sections may outlive it, broken.
// Threads   its lane.
// Limits    kDepthMax sections within each other.
// Errors    after breakWith() every enter() fails with that reason, for good.
#pragma once

#include <cstdint>
#include <deque>

#include <kj/vector.h>

#include "src/api/io/turn_gate.h"

namespace ocapd::actor {

class InputGate {
 public:
  static constexpr uint32_t kDepthMax = 64;

  class Section final : public api::TurnGate {
   public:
    Section(InputGate& gate, kj::Own<Section> parent);
    ~Section() noexcept(false);

    kj::Promise<kj::Own<Pass>> enter() override { return enter(Order::Last); }
    // Of a section that is not the root: waits for its parent, ahead of ordinary events, and keeps
    // the parent shut until end().
    kj::Promise<void> begin();
    void end();
    bool hasEnded() const { return ended_; }
    uint32_t depth() const { return depth_; }

   private:
    friend class InputGate;
    class SectionPass;
    enum class Order : uint8_t { First, Last };
    using Fulfiller = kj::Own<kj::PromiseFulfiller<kj::Own<Pass>>>;

    kj::Promise<kj::Own<Pass>> enter(Order order);
    void leave();
    void letNextIn();
    void breakWith(const kj::Exception& reason);

    InputGate* gate_;  // null once that is gone
    kj::Own<Section> parent_;
    const uint32_t depth_;
    bool locked_ = false;
    bool ended_ = false;
    kj::Own<Pass> parentPass_;
    std::deque<Fulfiller> urgent_;
    std::deque<Fulfiller> waiting_;
  };

  InputGate();
  ~InputGate() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(InputGate);

  // That of the turn that is running, or the root.
  Section& current() { return current_ == nullptr ? *root_ : *current_; }
  kj::Own<Section> newSection();
  void breakWith(kj::Exception reason);
  kj::Maybe<const kj::Exception&> broken() const {
    return broken_.map([](const kj::Exception& reason) -> const kj::Exception& { return reason; });
  }

 private:
  kj::Maybe<kj::Exception> broken_;
  kj::Vector<Section*> sections_;  // all that are alive
  Section* current_ = nullptr;
  kj::Own<Section> root_;
};

}  // namespace ocapd::actor
