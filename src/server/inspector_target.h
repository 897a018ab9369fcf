// InspectorTarget: a worker as the clients of the inspector see it; the border between the lane
// that runs it and the inspector's own thread.
//
// Owns      messages on their way.
// Lives     shared by both sides. The worker comes and goes; without one messages are dropped.
// Threads   post() is called by the inspector's thread, the rest by the lane; what clients are sent
//           leaves through Outlet, on the lane.
// Limits    kWaitingMax messages wait for the lane; beyond that the session is closed.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include <kj/async.h>
#include <kj/refcount.h>

#include "src/js/inspector.h"
#include "src/worker/worker.h"

namespace ocapd::server {

class InspectorTarget final : public kj::AtomicRefcounted,
                              public js::Inspector::Clients,
                              public worker::Debugger {
 public:
  static constexpr size_t kWaitingMax = 10'000;

  // Takes what is for a client to the inspector's thread.
  class Outlet {
   public:
    virtual void send(js::Inspector::SessionId session, kj::String message) const = 0;
  };

  struct Item {
    enum class Kind : uint8_t { Open, Message, Close };
    Kind kind;
    js::Inspector::SessionId session;
    kj::String text;
  };

  // `lane` is the executor of the lane.
  InspectorTarget(kj::String id, kj::Own<const kj::Executor> lane, const Outlet& outlet)
      : id_(kj::mv(id)), lane_(kj::mv(lane)), outlet_(outlet) {}

  kj::StringPtr id() const { return id_; }

  // Any thread. False when too much is waiting. The promise is to be kept until it resolves; it
  // does so when the lane has seen the item.
  kj::Maybe<kj::Promise<void>> post(Item item);

  // The last isolate that came counts: a worker that reached a limit is followed by another.
  void attach(js::Isolate& isolate) override;
  void detach(js::Isolate& isolate) override;
  void reportException(js::Turn& turn, v8::Local<v8::Value> reason) override;

 private:
  void send(js::Inspector::SessionId session, kj::String message) override;
  bool waitForMore() override;
  void deliver();
  void handleAll(js::Turn& turn);
  std::deque<Item> takeAll();

  const kj::String id_;
  const kj::Own<const kj::Executor> lane_;
  const Outlet& outlet_;
  js::Isolate* isolate_ = nullptr;  // changed by the lane, under the mutex
  kj::Maybe<js::Inspector> inspector_;
  kj::HashSet<js::Inspector::SessionId> sessions_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Item> items_;
};

}  // namespace ocapd::server
