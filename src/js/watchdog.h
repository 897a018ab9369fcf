// Watchdog: ends turns that take too long.
//
// Its thread sleeps while no turn runs; a turn that begins wakes it only then. What counts is the
// processor time of the lane, so that a busy machine or a debugger ends nobody's turn.
//
// Owns      its thread, started with the first turn.
// Lives     longer than the isolates it watches.
// Threads   begin() and end() on the lane; the rest is its own.
// Limits    a turn is ended after one to two times the limit.
#pragma once

#include <time.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <kj/time.h>

namespace ocapd::js {

class Isolate;

class Watchdog {
 public:
  Watchdog() = default;
  ~Watchdog() noexcept;
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // 0: no limit. Before the first turn.
  void setTurnTimeMax(kj::Duration limit) { limitNanos_ = limit / kj::NANOSECONDS; }

  void begin(Isolate& isolate) {
    if (limitNanos_ == 0) return;
    current_.store(&isolate);
    turn_.fetch_add(1);
    if (asleep_.load()) wake();
  }
  void end() {
    if (limitNanos_ == 0) return;
    current_.store(nullptr);
    turn_.fetch_add(1);
    while (firing_.load()) {
    }
  }

 private:
  void wake();
  void watch();
  int64_t laneNanos() const;

  int64_t limitNanos_ = 0;
  std::atomic<Isolate*> current_ = nullptr;
  std::atomic<uint64_t> turn_ = 0;  // changes when a turn begins or ends
  std::atomic<bool> asleep_ = true;
  std::atomic<bool> firing_ = false;  // end() waits, so that no later turn is hit
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  clockid_t laneClock_ = 0;
  std::thread thread_;
};

}  // namespace ocapd::js
