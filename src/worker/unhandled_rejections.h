// UnhandledRejections: promises that were rejected and nobody handles: `unhandledrejection` and
// `rejectionhandled` events of the global object.
//
// Owns      handles to the promises of the turn under way.
// Lives     as long as its isolate is in use.
// Threads   its lane; within turns.
// Limits    kWatchedMax promises are remembered for `rejectionhandled`.
// Spec      https://html.spec.whatwg.org/multipage/webappapis.html#unhandled-promise-rejections
#pragma once

#include <deque>
#include <vector>

#include "src/js/isolate.h"

namespace ocapd::worker {

class UnhandledRejections {
 public:
  explicit UnhandledRejections(js::Isolate& isolate);
  ~UnhandledRejections() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(UnhandledRejections);

 private:
  static constexpr size_t kWatchedMax = 1000;

  struct Rejection {
    v8::Global<v8::Promise> promise;
    v8::Global<v8::Value> reason;
  };

  static void rejected(v8::PromiseRejectMessage message);
  static void microtasksDone(v8::Isolate* isolate, void* self);
  void report(js::Turn& turn);

  js::Isolate& isolate_;
  std::vector<Rejection> unhandled_;          // of this turn
  std::vector<Rejection> handledLate_;        // told already, handled in this turn
  std::deque<v8::Global<v8::Promise>> told_;  // weak
};

}  // namespace ocapd::worker
