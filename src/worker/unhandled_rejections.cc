#include "src/worker/unhandled_rejections.h"

#include <kj/debug.h>

#include "src/api/events/scope_events.h"

namespace ocapd::worker {

UnhandledRejections::UnhandledRejections(js::Isolate& isolate) : isolate_(isolate) {
  isolate.rejections = this;
  isolate.v8()->SetPromiseRejectCallback(&rejected);
  isolate.v8()->AddMicrotasksCompletedCallback(&microtasksDone, this);
}

UnhandledRejections::~UnhandledRejections() noexcept(false) {
  isolate_.rejections = nullptr;
  isolate_.v8()->SetPromiseRejectCallback(nullptr);
  isolate_.v8()->RemoveMicrotasksCompletedCallback(&microtasksDone, this);
}

void UnhandledRejections::rejected(v8::PromiseRejectMessage message) {
  auto* v8Isolate = v8::Isolate::GetCurrent();
  auto* isolate = static_cast<js::Isolate*>(v8Isolate->GetData(0));
  auto* self = static_cast<UnhandledRejections*>(isolate->rejections);
  if (self == nullptr) return;
  auto promise = message.GetPromise();
  switch (message.GetEvent()) {
    case v8::kPromiseRejectWithNoHandler:
      self->unhandled_.push_back(
          {v8::Global<v8::Promise>(v8Isolate, promise),
           v8::Global<v8::Value>(v8Isolate, message.GetValue().IsEmpty()
                                                ? v8::Undefined(v8Isolate).As<v8::Value>()
                                                : message.GetValue())});
      return;
    case v8::kPromiseHandlerAddedAfterReject: {
      for (auto each = self->unhandled_.begin(); each != self->unhandled_.end(); ++each) {
        if (each->promise != promise) continue;
        self->unhandled_.erase(each);
        return;
      }
      for (auto each = self->told_.begin(); each != self->told_.end(); ++each) {
        if (*each != promise) continue;
        self->told_.erase(each);
        self->handledLate_.push_back({v8::Global<v8::Promise>(v8Isolate, promise),
                                      v8::Global<v8::Value>(v8Isolate, promise->Result())});
        return;
      }
      return;
    }
    case v8::kPromiseRejectAfterResolved:
    case v8::kPromiseResolveAfterResolved: return;
  }
}

void UnhandledRejections::microtasksDone(v8::Isolate* v8Isolate, void* data) {
  auto& self = *static_cast<UnhandledRejections*>(data);
  if (self.unhandled_.empty() && self.handledLate_.empty()) return;
  v8::HandleScope handles(v8Isolate);
  js::Turn turn(v8Isolate);
  self.report(turn);
}

void UnhandledRejections::report(js::Turn& turn) {
  auto unhandled = kj::mv(unhandled_);
  auto late = kj::mv(handledLate_);
  unhandled_.clear();
  handledLate_.clear();
  auto tell = [&](kj::StringPtr type, Rejection& rejection) {
    auto failure = turn.catching([&] {
      if (!api::scopeHasListeners(turn, type)) return;
      api::dispatchRejection(turn, type, rejection.promise.Get(turn.v8),
                             rejection.reason.Get(turn.v8));
    });
    KJ_IF_MAYBE(reason, failure) {
      KJ_LOG(INFO, "a listener failed", type);
    }
  };
  for (auto& each : unhandled) {
    tell("unhandledrejection", each);
    each.promise.SetWeak();
    told_.push_back(kj::mv(each.promise));
  }
  while (!told_.empty() && (told_.size() > kWatchedMax || told_.front().IsEmpty())) {
    told_.pop_front();
  }
  for (auto& each : late) tell("rejectionhandled", each);
}

}  // namespace ocapd::worker
