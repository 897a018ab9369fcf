// SessionCount: how much of an RPC session is left.
//
// Owns      nothing; shared by the session's event and by every hold on it.
// Threads   its lane.
#pragma once

#include <kj/async.h>
#include <kj/refcount.h>

namespace ocapd::worker {

class SessionCount final : public kj::Refcounted {
 public:
  // A reason for the session to go on: a call under way, a capability that is held.
  kj::Own<void> hold() { return kj::heap<Hold>(kj::addRef(*this)); }

  // Resolves when the last hold has gone; to be called once, while there is one.
  kj::Promise<void> whenOver() {
    auto pair = kj::newPromiseAndFulfiller<void>();
    over_ = kj::mv(pair.fulfiller);
    return kj::mv(pair.promise);
  }

 private:
  struct Hold {
    explicit Hold(kj::Own<SessionCount> count) : count(kj::mv(count)) { ++this->count->holds_; }
    ~Hold() noexcept(false) {
      if (--count->holds_ == 0 && count->over_.get() != nullptr) count->over_->fulfill();
    }
    KJ_DISALLOW_COPY_AND_MOVE(Hold);
    kj::Own<SessionCount> count;
  };

  size_t holds_ = 0;
  kj::Own<kj::PromiseFulfiller<void>> over_;
};

}  // namespace ocapd::worker
