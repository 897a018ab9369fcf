#include "src/js/platform.h"

#include <algorithm>

#include <kj/debug.h>
#include <libplatform/libplatform.h>

namespace ocapd::js {

namespace {

std::chrono::steady_clock::time_point after(double seconds) {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(
             std::chrono::duration<double>(seconds));
}

}  // namespace

// ---- ForegroundTasks ----

bool ForegroundTasks::runDue() {
  bool ranAny = false;
  while (true) {
    std::unique_ptr<v8::Task> task;
    {
      std::lock_guard lock(mutex_);
      auto next = tasks_.begin();
      if (next == tasks_.end() || next->first > Clock::now()) return ranAny;
      task = std::move(next->second);
      tasks_.erase(next);
    }
    task->Run();
    ranAny = true;
  }
}

kj::Promise<void> ForegroundTasks::whenDue(kj::Timer& timer) {
  std::lock_guard lock(mutex_);
  if (!tasks_.empty() && tasks_.begin()->first <= Clock::now()) return kj::READY_NOW;

  auto posted = kj::newPromiseAndCrossThreadFulfiller<void>();
  waiter_ = kj::mv(posted.fulfiller);
  if (tasks_.empty()) return kj::mv(posted.promise);

  auto delay = std::chrono::ceil<std::chrono::microseconds>(tasks_.begin()->first - Clock::now());
  return posted.promise.exclusiveJoin(timer.afterDelay(delay.count() * kj::MICROSECONDS));
}

void ForegroundTasks::close() {
  std::multimap<Clock::time_point, std::unique_ptr<v8::Task>> dropped;
  std::lock_guard lock(mutex_);
  closed_ = true;
  std::swap(dropped, tasks_);
  waiter_ = nullptr;
}

void ForegroundTasks::post(std::unique_ptr<v8::Task> task, Clock::time_point due) {
  std::lock_guard lock(mutex_);
  if (closed_) return;
  bool isFirst = tasks_.empty() || due < tasks_.begin()->first;
  tasks_.emplace(due, std::move(task));
  if (!isFirst) return;
  KJ_IF_MAYBE(waiter, waiter_) {
    (*waiter)->fulfill();
    waiter_ = nullptr;
  }
}

void ForegroundTasks::PostTaskImpl(std::unique_ptr<v8::Task> task, const v8::SourceLocation&) {
  post(std::move(task), Clock::time_point::min());
}
void ForegroundTasks::PostNonNestableTaskImpl(std::unique_ptr<v8::Task> task,
                                              const v8::SourceLocation&) {
  post(std::move(task), Clock::time_point::min());  // runDue() is never nested
}
void ForegroundTasks::PostDelayedTaskImpl(std::unique_ptr<v8::Task> task, double delaySeconds,
                                          const v8::SourceLocation&) {
  post(std::move(task), after(delaySeconds));
}
void ForegroundTasks::PostNonNestableDelayedTaskImpl(std::unique_ptr<v8::Task> task,
                                                     double delaySeconds,
                                                     const v8::SourceLocation&) {
  post(std::move(task), after(delaySeconds));
}
void ForegroundTasks::PostIdleTaskImpl(std::unique_ptr<v8::IdleTask>, const v8::SourceLocation&) {
  KJ_FAIL_ASSERT("V8 posted an idle task although idle tasks are declared unsupported");
}

// ---- Platform ----

Platform::Platform()
    : threadCount_(std::clamp<int>(int(std::thread::hardware_concurrency()) - 1, 1, kThreadsMax)) {}

Platform::~Platform() noexcept {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

std::shared_ptr<ForegroundTasks> Platform::addIsolate(v8::Isolate* isolate) {
  auto tasks = std::make_shared<ForegroundTasks>();
  std::lock_guard lock(mutex_);
  foreground_.emplace(isolate, tasks);
  return tasks;
}

void Platform::removeIsolate(v8::Isolate* isolate) {
  std::lock_guard lock(mutex_);
  foreground_.erase(isolate);
}

std::shared_ptr<v8::TaskRunner> Platform::GetForegroundTaskRunner(v8::Isolate* isolate,
                                                                  v8::TaskPriority) {
  std::lock_guard lock(mutex_);
  auto found = foreground_.find(isolate);
  KJ_ASSERT(found != foreground_.end(), "isolate was not added to the platform");
  return found->second;
}

double Platform::MonotonicallyIncreasingTime() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

std::unique_ptr<v8::JobHandle> Platform::CreateJobImpl(v8::TaskPriority priority,
                                                       std::unique_ptr<v8::JobTask> task,
                                                       const v8::SourceLocation&) {
  return v8::platform::NewDefaultJobHandle(this, priority, std::move(task), threadCount_);
}

void Platform::PostTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<v8::Task> task,
                                          const v8::SourceLocation& location) {
  PostDelayedTaskOnWorkerThreadImpl(priority, std::move(task), 0, location);
}

void Platform::PostDelayedTaskOnWorkerThreadImpl(v8::TaskPriority, std::unique_ptr<v8::Task> task,
                                                 double delaySeconds, const v8::SourceLocation&) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return;
    startThreads();
    workerTasks_.emplace(delaySeconds > 0 ? after(delaySeconds) : Clock::time_point::min(),
                         std::move(task));
  }
  wake_.notify_one();
}

void Platform::startThreads() {
  while (int(threads_.size()) < threadCount_) threads_.emplace_back([this] { runWorker(); });
}

void Platform::runWorker() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    auto next = workerTasks_.begin();
    if (next == workerTasks_.end()) {
      wake_.wait(lock);
    } else if (auto due = next->first; due > Clock::now()) {
      wake_.wait_until(lock, due);
    } else {
      auto task = std::move(next->second);
      workerTasks_.erase(next);
      lock.unlock();
      task->Run();
      task.reset();
      lock.lock();
    }
  }
}

}  // namespace ocapd::js
