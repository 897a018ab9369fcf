// TimerQueue: the timers of one event, run in order of their due time, each in its own turn.
//
// Owns      what the timers are to run, until they are cleared, have run, or the event ends.
// Lives     as long as its IoContext.
// Threads   its lane.
// Limits    kTimersMax at a time; set() throws QuotaExceededError beyond.
// See       https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers
#pragma once

#include <map>

#include <kj/async.h>
#include <kj/function.h>
#include <kj/map.h>
#include <kj/timer.h>

#include "src/api/io/turn_gate.h"
#include "src/js/turn.h"

namespace ocapd::api {

class IoContext;

// A delay as JavaScript gives it: what is no number, or less than 0, is 0.
kj::Duration toTimerDelay(double milliseconds);

class TimerQueue {
 public:
  static constexpr size_t kTimersMax = 10'000;
  // Beyond any event's life: what Infinity means.
  static constexpr kj::Duration kDelayMax = 100 * 365 * kj::DAYS;

  enum class Repeat : uint8_t { Once, UntilCleared };
  using Fire = kj::Function<void(js::Turn&)>;
  using Id = uint32_t;  // from 1

  explicit TimerQueue(IoContext& context) : context_(context) {}
  KJ_DISALLOW_COPY_AND_MOVE(TimerQueue);

  Id set(kj::Duration delay, Repeat repeat, Fire fire);
  // Unknown ids do nothing.
  void clear(Id id);
  // All of them: the event has ended.
  void clear();

 private:
  // Timers due at the same time run in the order they were set.
  struct Key {
    kj::TimePoint due;
    uint64_t sequence;
    bool operator==(const Key&) const = default;
    bool operator<(const Key& other) const {
      return due < other.due || (due == other.due && sequence < other.sequence);
    }
  };
  struct Timer {
    Id id;
    kj::Duration delay;
    Repeat repeat;
    Fire fire;
    kj::Own<TurnGate> gate;  // of an actor: what was current when the timer was set
  };

  void insert(Timer timer);
  // Runs until no timer is left.
  kj::Promise<void> run();
  void fireDue();
  void fire(Timer timer);
  void fireBehindGate(Timer timer);

  IoContext& context_;
  std::map<Key, Timer> byDue_;
  kj::HashMap<Id, Key> keys_;
  kj::HashMap<Id, Timer> waiting_;  // due, and not yet let in by their gates
  Id lastId_ = 0;
  uint64_t nextSequence_ = 0;
  bool running_ = false;
  kj::Maybe<Id> firing_;  // the repeating timer whose turn it is; none once cleared
  // Wakes run() when what it waits for is no longer the earliest.
  kj::Own<kj::PromiseFulfiller<void>> changed_;
};

}  // namespace ocapd::api
