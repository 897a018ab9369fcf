// Isolate: one JavaScript heap with one context, born from the startup snapshot.
//
// Owns      the v8::Isolate, its CppHeap and every native object JavaScript reaches.
// Lives     on its lane; must outlive what keeps handles into it. Engine and the snapshot bytes
//           outlive it.
// Threads   its lane only, except terminate().
// Limits    Options::heapBytesMax; a turn that reaches it is terminated, the isolate goes on.
// See       docs/ARCHITECTURE.md
#pragma once

#include <atomic>

#include <kj/array.h>
#include <kj/map.h>
#include <v8-context.h>
#include <v8-cppgc.h>
#include <v8-isolate.h>
#include <v8-persistent-handle.h>
#include <v8-snapshot.h>
#include <v8-template.h>

#include "src/js/engine.h"
#include "src/js/global_builder.h"
#include "src/js/turn.h"

namespace ocapd::js {

class ModuleLoader;

class Isolate {
 public:
  struct Options {
    // Old generation; V8's default for the machine when 0.
    size_t heapBytesMax = 0;
    // The garbage of short events dies in here. Small, so that it stays in the processor's cache
    // and out of the memory bill.
    size_t youngBytesMax = 3 * 1024 * 1024;
    // For tests: everything unreachable is collected after each turn.
    bool collectEachTurn = false;
  };

  Isolate(Engine& engine, const GlobalBuilder& global, kj::ArrayPtr<const kj::byte> snapshot,
          Options options);
  ~Isolate() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(Isolate);

  // How a turn ended; what is not Finished was stopped halfway.
  enum class Outcome : uint8_t {
    Finished,
    OutOfMemory,  // heapBytesMax
    OutOfTime,    // the engine's limit
    Stopped,      // stopTurn()
  };

  // One turn: enters, runs `body(Turn&)`, drains microtasks, leaves. Never nested in this isolate.
  // `body` catches JavaScript exceptions within.
  template <typename Body>
  Outcome run(Body&& body) {
    KJ_ASSERT(!running_, "a turn began inside a turn of the same isolate");
    {
      running_ = true;
      engine_.watchdog().begin(*this);
      KJ_DEFER({
        engine_.watchdog().end();
        running_ = false;
      });
      runWatched(kj::fwd<Body>(body));
    }
    return stopReason_ == Outcome::Finished ? Outcome::Finished : recover();
  }

  // Ends the turn where it is: no more JavaScript runs in it.
  void stopTurn() {
    stopReason_ = Outcome::Stopped;
    v8_->TerminateExecution();
  }
  // The same, from the watchdog's thread.
  void stopForTime() {
    stopReason_ = Outcome::OutOfTime;
    v8_->TerminateExecution();
  }

  bool running() const { return running_; }
  v8::Isolate* v8() const { return v8_; }
  ForegroundTasks& foregroundTasks() { return *foreground_; }
  cppgc::AllocationHandle& allocation() { return *allocation_; }
  v8::Local<v8::FunctionTemplate> classTemplate(const Class& cls);
  // Says that about so many bytes outside of V8's sight became garbage, such as the strings of
  // requests. When that is more than the live heap, a collection is begun: V8 would let them pile
  // up, as they do not count against its limits.
  void addNativeGarbage(size_t bytes) {
    nativeGarbageBytes_ += bytes;
    if (nativeGarbageBytes_ > nativeGarbageBytesMax_) beginCollection();
  }

  // The value of a built-in script.
  v8::Local<v8::Object> builtin(Turn& turn, const Builtin& which);

  // The bundle's modules, while there is one.
  ModuleLoader* modules = nullptr;
  // Who is told of promises that were rejected without a handler.
  void* rejections = nullptr;
  // Whatever the owner of the isolate wants its native functions to find.
  void* owner = nullptr;
  // The same for the event whose turn it is; null outside of events.
  void* event = nullptr;

 private:
  template <typename Body>
  void runWatched(Body&& body) {
    v8::Isolate::Scope isolateScope(v8_);
    v8::HandleScope handles(v8_);
    auto context = context_.Get(v8_);
    v8::Context::Scope contextScope(context);
    Turn turn(v8_);
    try {
      body(turn);
      v8_->PerformMicrotaskCheckpoint();
      if (collectEachTurn_) v8_->LowMemoryNotification();
    } catch (Thrown&) {
      KJ_ASSERT(v8_->IsExecutionTerminating() || stopReason_ != Outcome::Finished,
                "a turn let an exception escape");
    }
  }

  static constexpr size_t kNativeGarbageBytesMin = 6 * 1024 * 1024;

  // What a turn that filled the heap may use on top until it has unwound.
  static constexpr size_t kHeapReserveBytes = 64 * 1024 * 1024;

  void beginCollection();
  static size_t nearHeapLimit(void* self, size_t currentLimit, size_t initialLimit);
  Outcome recover();

  struct Slot {
    v8::Global<v8::FunctionTemplate> constructor;
  };

  Engine& engine_;
  kj::Array<intptr_t> references_;
  v8::StartupData snapshot_;
  std::shared_ptr<v8::ArrayBuffer::Allocator> allocator_;
  v8::Isolate* v8_;
  std::shared_ptr<ForegroundTasks> foreground_;
  cppgc::AllocationHandle* allocation_ = nullptr;
  v8::Global<v8::Context> context_;
  kj::HashMap<const Class*, Slot> classes_;
  kj::HashMap<const Builtin*, v8::Global<v8::Object>> builtins_;
  size_t nativeGarbageBytes_ = 0;
  size_t nativeGarbageBytesMax_ = kNativeGarbageBytesMin;
  bool running_ = false;
  const bool collectEachTurn_;
  // Set by the heap's callback during a turn, and by the watchdog's thread.
  std::atomic<Outcome> stopReason_ = Outcome::Finished;
};

}  // namespace ocapd::js
