// WorkerServices: makes the services of the Plan that run JavaScript.
//
// Owns      V8 (the engine is started when the first worker is made).
// Lives     longer than the server, which owns the services.
// Threads   the lane of the event loop.
// Errors    a script that does not start is an error of the config, told by link().
#pragma once

#include "src/actor/actor_control.h"
#include "src/js/engine.h"
#include "src/server/inspector_server.h"
#include "src/server/logger.h"
#include "src/server/service.h"
#include "src/worker/worker.h"

namespace ocapd::server {

class WorkerServices final : public WorkerServiceFactory {
 public:
  WorkerServices(kj::Timer& timer, Logger& logger) : timer_(timer), logger_(logger) {}

  // Starts V8 with its own flags, before the first worker is made. Returns what is wrong with
  // them, if anything; the engine is not started then.
  kj::Maybe<kj::String> startEngine(kj::ArrayPtr<const kj::StringPtr> v8Flags);

  // Limits of each worker, before the first is made; 0: none.
  struct Limits {
    kj::Duration turnTimeMax = 0 * kj::SECONDS;
    size_t heapBytesMax = 0;
  };
  void setLimits(const Limits& limits) {
    turnTimeMax_ = limits.turnTimeMax;
    isolateOptions_.heapBytesMax = limits.heapBytesMax;
  }

  // Workers can be debugged through it. Before the first is made; it outlives them.
  void setInspector(InspectorServer& inspector) { inspector_ = &inspector; }

  // For tests: every turn ends with a garbage collection. Before the first worker is made.
  void stressCollector() { isolateOptions_.collectEachTurn = true; }

  kj::Own<Service> makeWorker(kj::StringPtr name, const config::WorkerService& worker,
                              const kj::HttpHeaderTable& headerTable,
                              ErrorReporter& errors) override;

 private:
  friend class WorkerService;

  // console.* of all workers: human lines to stdout and stderr, or JSON lines to stdout.
  class Console final : public worker::ConsoleSink {
   public:
    explicit Console(Logger& logger);
    void write(Level level, kj::StringPtr text) override;
    bool wantsColors() override { return colors_; }

   private:
    Logger& logger_;
    const bool colors_;
  };

  kj::Timer& timer_;
  Logger& logger_;
  Console console_{logger_};
  actor::ActorControl actorControl_;
  js::Isolate::Options isolateOptions_;
  kj::Duration turnTimeMax_ = 0 * kj::SECONDS;
  InspectorServer* inspector_ = nullptr;
  kj::Maybe<js::Engine> engine_;
  kj::Maybe<worker::Lane> lane_;
};

}  // namespace ocapd::server
