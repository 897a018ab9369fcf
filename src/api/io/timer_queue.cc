#include "src/api/io/timer_queue.h"

#include "src/api/io/io_context.h"

namespace ocapd::api {

kj::Duration toTimerDelay(double milliseconds) {
  if (!(milliseconds > 0)) return 0 * kj::SECONDS;  // NaN too
  constexpr double kMost = double(TimerQueue::kDelayMax / kj::MILLISECONDS);
  return uint64_t(kj::min(milliseconds, kMost)) * kj::MILLISECONDS;
}

TimerQueue::Id TimerQueue::set(kj::Duration delay, Repeat repeat, Fire fire) {
  if (byDue_.size() >= kTimersMax) {
    // Pinned by the reference.
    throw js::Error::dom("QuotaExceededError",
                         "You have exceeded the number of active timeouts you may set. max active "
                         "timeouts: ",
                         kTimersMax, ", current active timeouts: ", byDue_.size());
  }
  Id id = ++lastId_;
  insert(Timer{id, kj::min(delay, kDelayMax), repeat, kj::mv(fire), context_.turnGate()});
  return id;
}

void TimerQueue::insert(Timer timer) {
  Key key{context_.now() + timer.delay, nextSequence_++};
  keys_.insert(timer.id, key);
  byDue_.emplace(key, kj::mv(timer));
  if (!running_) {
    running_ = true;
    context_.addTask(run());
  } else if (changed_.get() != nullptr && byDue_.begin()->first == key) {
    changed_->fulfill();
  }
}

void TimerQueue::clear(Id id) {
  KJ_IF_MAYBE(firing, firing_) {
    if (*firing == id) firing_ = nullptr;
  }
  waiting_.erase(id);
  KJ_IF_MAYBE(key, keys_.find(id)) {
    byDue_.erase(*key);
    keys_.erase(id);
  }
  // An event that waits for nothing else must be seen to wait for nothing.
  if (byDue_.empty() && changed_.get() != nullptr) changed_->fulfill();
}

void TimerQueue::clear() {
  byDue_.clear();
  keys_.clear();
  waiting_.clear();
}

kj::Promise<void> TimerQueue::run() {
  while (!byDue_.empty()) {
    auto pair = kj::newPromiseAndFulfiller<void>();
    changed_ = kj::mv(pair.fulfiller);
    co_await context_.timer().atTime(byDue_.begin()->first.due).exclusiveJoin(kj::mv(pair.promise));
    changed_ = nullptr;
    fireDue();
  }
  running_ = false;
}

void TimerQueue::fireDue() {
  auto now = context_.now();
  // Timers set meanwhile wait for the next round: I/O comes in between.
  uint64_t end = nextSequence_;
  while (!byDue_.empty()) {
    auto first = byDue_.begin();
    if (first->first.due > now || first->first.sequence >= end) return;
    auto timer = kj::mv(first->second);
    byDue_.erase(first);
    keys_.erase(timer.id);
    if (timer.gate.get() != nullptr) {
      fireBehindGate(kj::mv(timer));
    } else {
      fire(kj::mv(timer));
    }
  }
}

void TimerQueue::fire(Timer timer) {
  if (timer.repeat == Repeat::UntilCleared) firing_ = timer.id;
  context_.runTurn([&](js::Turn& turn) { timer.fire(turn); });
  bool again = firing_ != nullptr;
  firing_ = nullptr;
  if (again) insert(kj::mv(timer));
}

void TimerQueue::fireBehindGate(Timer timer) {
  Id id = timer.id;
  auto entered = timer.gate->enter();
  waiting_.insert(id, kj::mv(timer));
  context_.addTask(entered.then([this, id](kj::Own<TurnGate::Pass> pass) {
    KJ_IF_MAYBE(found, waiting_.find(id)) {
      auto due = kj::mv(*found);
      waiting_.erase(id);
      pass->use();
      fire(kj::mv(due));
    }
  }));
}

}  // namespace ocapd::api
