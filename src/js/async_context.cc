#include "src/js/async_context.h"

#include <v8-primitive.h>

namespace ocapd::js {

AsyncContextFrame AsyncContextFrame::capture(v8::Isolate* isolate) {
  AsyncContextFrame result;
  auto frame = isolate->GetContinuationPreservedEmbedderData();
  if (!frame->IsUndefined()) result.frame_.Reset(isolate, frame);
  return result;
}

AsyncContextFrame::Scope::Scope(v8::Isolate* isolate, const AsyncContextFrame& frame)
    : isolate_(isolate), before_(isolate->GetContinuationPreservedEmbedderData()) {
  auto next = frame.frame_.IsEmpty() ? v8::Local<v8::Value>(v8::Undefined(isolate))
                                     : frame.frame_.Get(isolate);
  isolate->SetContinuationPreservedEmbedderData(next);
}

AsyncContextFrame::Scope::~Scope() noexcept {
  isolate_->SetContinuationPreservedEmbedderData(before_);
}

}  // namespace ocapd::js
