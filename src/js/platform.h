// Platform: V8's background threads and per-isolate task queues, woken instead of polled.
//
// Owns      the worker threads (started when first needed) and every queue's tasks.
// Lives     as long as the process uses V8.
// Threads   any; a ForegroundTasks is drained on its isolate's lane only.
// Limits    kThreadsMax background threads.
// See       v8-platform.h
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include <kj/async.h>
#include <kj/timer.h>
#include <v8-platform.h>

namespace ocapd::js {

// The tasks V8 wants run on one isolate's thread.
class ForegroundTasks final : public v8::TaskRunner,
                              public std::enable_shared_from_this<ForegroundTasks> {
 public:
  ForegroundTasks() = default;
  ~ForegroundTasks() noexcept override {}

  // Runs what is due, in order, until nothing is. The isolate must be entered. Returns whether
  // anything ran.
  bool runDue();

  // Resolves when runDue() has something to do: at once, when a task is posted, or when the next
  // delayed one is due. One waiter at a time. Needs a KJ event loop on the calling thread.
  kj::Promise<void> whenDue(kj::Timer& timer);

  // Forgets all tasks and takes no more: the isolate is about to go.
  void close();

  bool IdleTasksEnabled() override { return false; }
  bool NonNestableTasksEnabled() const override { return true; }
  bool NonNestableDelayedTasksEnabled() const override { return true; }

 private:
  using Clock = std::chrono::steady_clock;
  using Fulfiller = kj::CrossThreadPromiseFulfiller<void>;

  void PostTaskImpl(std::unique_ptr<v8::Task> task, const v8::SourceLocation&) override;
  void PostNonNestableTaskImpl(std::unique_ptr<v8::Task> task, const v8::SourceLocation&) override;
  void PostDelayedTaskImpl(std::unique_ptr<v8::Task> task, double delaySeconds,
                           const v8::SourceLocation&) override;
  void PostNonNestableDelayedTaskImpl(std::unique_ptr<v8::Task> task, double delaySeconds,
                                      const v8::SourceLocation&) override;
  void PostIdleTaskImpl(std::unique_ptr<v8::IdleTask>, const v8::SourceLocation&) override;
  void post(std::unique_ptr<v8::Task> task, Clock::time_point due);

  std::mutex mutex_;
  std::multimap<Clock::time_point, std::unique_ptr<v8::Task>> tasks_;  // equal keys keep order
  kj::Maybe<kj::Own<Fulfiller>> waiter_;
  bool closed_ = false;
};

class Platform final : public v8::Platform {
 public:
  static constexpr int kThreadsMax = 3;

  Platform();
  ~Platform() noexcept;

  // Between v8::Isolate::Allocate() and Initialize(), and after Dispose().
  std::shared_ptr<ForegroundTasks> addIsolate(v8::Isolate* isolate);
  void removeIsolate(v8::Isolate* isolate);

  int NumberOfWorkerThreads() override { return threadCount_; }
  std::shared_ptr<v8::TaskRunner> GetForegroundTaskRunner(v8::Isolate* isolate,
                                                          v8::TaskPriority) override;
  bool IdleTasksEnabled(v8::Isolate*) override { return false; }
  double MonotonicallyIncreasingTime() override;
  double CurrentClockTimeMillis() override { return SystemClockTimeMillis(); }
  v8::TracingController* GetTracingController() override { return &tracing_; }

 protected:
  std::unique_ptr<v8::JobHandle> CreateJobImpl(v8::TaskPriority priority,
                                               std::unique_ptr<v8::JobTask> task,
                                               const v8::SourceLocation&) override;
  void PostTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<v8::Task> task,
                                  const v8::SourceLocation&) override;
  void PostDelayedTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<v8::Task> task,
                                         double delaySeconds, const v8::SourceLocation&) override;

 private:
  using Clock = std::chrono::steady_clock;

  void startThreads();  // mutex_ held
  void runWorker();

  v8::TracingController tracing_;
  const int threadCount_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<Clock::time_point, std::unique_ptr<v8::Task>> workerTasks_;
  std::unordered_map<v8::Isolate*, std::shared_ptr<ForegroundTasks>> foreground_;
  std::vector<std::thread> threads_;
  bool stopping_ = false;
};

}  // namespace ocapd::js
