#include "src/js/watchdog.h"

#include <pthread.h>

#include "src/js/isolate.h"

namespace ocapd::js {

Watchdog::~Watchdog() noexcept {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Watchdog::wake() {
  std::lock_guard lock(mutex_);
  if (!thread_.joinable()) {
    pthread_getcpuclockid(pthread_self(), &laneClock_);
    thread_ = std::thread([this] { watch(); });
  }
  asleep_.store(false);
  changed_.notify_one();
}

int64_t Watchdog::laneNanos() const {
  timespec now;
  clock_gettime(laneClock_, &now);
  return int64_t(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

void Watchdog::watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (current_.load() == nullptr) {
      // Looked at again after saying so: a turn that begins now either sees it or is seen.
      asleep_.store(true);
      if (current_.load() == nullptr) {
        changed_.wait(lock, [this] { return stopping_ || !asleep_.load(); });
      }
      asleep_.store(false);
      continue;
    }
    auto turn = turn_.load();
    auto start = laneNanos();
    int64_t left = limitNanos_;
    while (!stopping_ && turn_.load() == turn && left > 0) {
      changed_.wait_for(lock, std::chrono::nanoseconds(left));
      left = limitNanos_ - (laneNanos() - start);
    }
    if (stopping_ || turn_.load() != turn) continue;
    firing_.store(true);
    auto* isolate = current_.load();
    if (turn_.load() == turn && isolate != nullptr) isolate->stopForTime();
    firing_.store(false);
    // Until it has unwound.
    while (!stopping_ && turn_.load() == turn) {
      changed_.wait_for(lock, std::chrono::milliseconds(10));
    }
  }
}

}  // namespace ocapd::js
