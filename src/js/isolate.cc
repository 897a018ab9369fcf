#include "src/js/isolate.h"

#include <kj/debug.h>
#include <v8-statistics.h>

namespace ocapd::js {

Isolate::Isolate(Engine& engine, const GlobalBuilder& global, kj::ArrayPtr<const kj::byte> snapshot,
                 Options options)
    : engine_(engine),
      references_(global.externalReferences()),
      snapshot_{reinterpret_cast<const char*>(snapshot.begin()), int(snapshot.size())},
      allocator_(v8::ArrayBuffer::Allocator::NewDefaultAllocator()),
      v8_(v8::Isolate::Allocate()),
      foreground_(engine.platform().addIsolate(v8_)),
      collectEachTurn_(options.collectEachTurn) {
  v8::Isolate::CreateParams parameters;
  parameters.snapshot_blob = &snapshot_;
  parameters.external_references = references_.begin();
  parameters.array_buffer_allocator_shared = allocator_;
  if (options.heapBytesMax > 0) {
    parameters.constraints.set_max_old_generation_size_in_bytes(options.heapBytesMax);
  }
  parameters.constraints.set_max_young_generation_size_in_bytes(options.youngBytesMax);
  // Not concurrent: native objects trace plain containers that their own turn changes.
  v8::CppHeapCreateParams heapParameters({});
  heapParameters.marking_support = cppgc::Heap::MarkingType::kIncremental;
  auto cppHeap = v8::CppHeap::Create(&engine.platform(), heapParameters);
  allocation_ = &cppHeap->GetAllocationHandle();
  parameters.cpp_heap = cppHeap.release();  // the isolate owns it from here on
  v8::Isolate::Initialize(v8_, parameters);

  v8_->SetData(0, this);
  v8_->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
  v8_->SetCaptureStackTraceForUncaughtExceptions(true, 20);

  v8_->AddNearHeapLimitCallback(&nearHeapLimit, this);

  v8::Isolate::Scope isolateScope(v8_);
  v8::HandleScope handles(v8_);
  auto context = v8::Context::New(v8_);
  context->AllowCodeGenerationFromStrings(false);
  context_.Reset(v8_, context);
  for (size_t i : kj::indices(global.classes())) {
    auto made = v8_->GetDataFromSnapshotOnce<v8::FunctionTemplate>(i).ToLocalChecked();
    classes_.insert(global.classes()[i], Slot{v8::Global<v8::FunctionTemplate>(v8_, made)});
  }
  for (size_t i : kj::indices(global.builtins())) {
    auto value = context->GetDataFromSnapshotOnce<v8::Object>(i).ToLocalChecked();
    builtins_.insert(global.builtins()[i], v8::Global<v8::Object>(v8_, value));
  }
}

Isolate::~Isolate() noexcept(false) {
  KJ_ASSERT(!running_, "an isolate was destroyed during its own turn");
  foreground_->close();
  classes_.clear();
  builtins_.clear();
  context_.Reset();
  v8_->Dispose();
  engine_.platform().removeIsolate(v8_);
}

size_t Isolate::nearHeapLimit(void* self, size_t currentLimit, size_t) {
  auto& isolate = *static_cast<Isolate*>(self);
  isolate.stopReason_ = Outcome::OutOfMemory;
  isolate.v8_->TerminateExecution();
  return currentLimit + kHeapReserveBytes;
}

Isolate::Outcome Isolate::recover() {
  v8::Isolate::Scope isolateScope(v8_);
  auto reason = stopReason_.exchange(Outcome::Finished);
  v8_->CancelTerminateExecution();
  if (reason != Outcome::OutOfMemory) return reason;
  // Collects what the turn left, and puts the limit back to what it was.
  v8_->LowMemoryNotification();
  v8_->RemoveNearHeapLimitCallback(&nearHeapLimit, 0);
  v8_->AutomaticallyRestoreInitialHeapLimit();
  v8_->AddNearHeapLimitCallback(&nearHeapLimit, this);
  return reason;
}

void Isolate::beginCollection() {
  nativeGarbageBytes_ = 0;
  v8::HeapStatistics statistics;
  v8_->GetHeapStatistics(&statistics);
  nativeGarbageBytesMax_ = kj::max(kNativeGarbageBytesMin, statistics.used_heap_size());
  // Incremental: the mutator goes on. V8 acts on a rise of the pressure only.
  v8_->MemoryPressureNotification(v8::MemoryPressureLevel::kModerate);
  v8_->MemoryPressureNotification(v8::MemoryPressureLevel::kNone);
}

v8::Local<v8::FunctionTemplate> Isolate::classTemplate(const Class& cls) {
  return KJ_ASSERT_NONNULL(classes_.find(&cls), "class is in no install() list", cls.name)
      .constructor.Get(v8_);
}

v8::Local<v8::Object> Isolate::builtin(Turn& turn, const Builtin& which) {
  return KJ_ASSERT_NONNULL(builtins_.find(&which), "script is in no install() list", which.name)
      .Get(turn.v8);
}

}  // namespace ocapd::js
