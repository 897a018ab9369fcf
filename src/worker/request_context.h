// RequestContext: one event of a Worker, or all those of one of its Durable Objects.
//
// Owns      the event's I/O (IoContext).
// Lives     until the response is sent and waitUntil() work is done, or the caller is gone.
// Threads   its lane.
// See       src/api/io/io_context.h
#pragma once

#include "src/api/cache/cache_host.h"
#include "src/api/io/io_context.h"
#include "src/api/io/trace_sink.h"
#include "src/worker/session_count.h"
#include "src/worker/trace.h"
#include "src/worker/worker.h"

namespace ocapd::worker {

class RequestContext : public api::IoContext, public api::CacheHost, public api::TraceSink {
 public:
  explicit RequestContext(Worker& worker)
      : IoContext(worker.isolate_), worker_(worker), use_(worker) {}
  ~RequestContext() noexcept(false) {
    cancelAll();
    if (trace_.get() != nullptr) worker_.sendTrace(*trace_);
  }

  channel::ServiceChannel& globalOutbound() override { return *worker_.options_.globalOutbound; }
  kj::Maybe<channel::ServiceChannel&> cacheOutbound() override {
    return worker_.options_.cacheOutbound.map(
        [](kj::Own<channel::ServiceChannel>& outbound) -> channel::ServiceChannel& {
          return *outbound;
        });
  }
  const kj::HttpHeaderTable& headerTable() override { return worker_.lane_.headerTable; }
  kj::Timer& timer() override { return worker_.lane_.timer; }
  // Makes this the event of an RPC session.
  void setSession(kj::Own<SessionCount> session) { session_ = kj::mv(session); }
  kj::Own<void> holdSession() override {
    if (session_.get() == nullptr) return {};
    return session_->hold();
  }
  // What the event does is reported to tail workers once the context goes.
  void beginTrace(kj::Maybe<kj::String> entrypoint) {
    trace_ = kj::heap<Trace>(kj::mv(entrypoint));
  }
  // Null when nobody listens.
  Trace* trace() { return trace_.get(); }
  bool isTraced() override { return trace_.get() != nullptr; }
  void traceLog(api::WorkerHost::LogLevel level, kj::StringPtr argumentsJson) override;
  // Notes what nobody caught, for tail workers and debuggers. In a turn.
  void reportException(js::Turn& turn, v8::Local<v8::Value> reason);

  kj::TimePoint now() override {
    return kj::max(timer().now(), kj::systemPreciseMonotonicClock().now());
  }

 protected:
  void turnFailed(js::Turn& turn, v8::Local<v8::Value> reason) override;
  void turnTerminated(js::Isolate::Outcome outcome) override;

 private:
  Worker& worker_;
  Worker::Use use_;
  kj::Own<SessionCount> session_;
  kj::Own<Trace> trace_;
};

}  // namespace ocapd::worker
