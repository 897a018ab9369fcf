#include <v8-isolate.h>

#include "src/api/node/bindings/tables.h"

namespace ocapd::api::node {

namespace {

// The frame is an immutable Map that lib/async_hooks.js makes, or undefined.
v8::Local<v8::Value> getFrame(js::Turn& turn) {
  return turn.v8->GetContinuationPreservedEmbedderData();
}

void setFrame(js::Turn& turn, v8::Local<v8::Value> frame) {
  turn.v8->SetContinuationPreservedEmbedderData(frame);
}

constexpr js::Member kFunctions[] = {
    js::function<&getFrame>("getContinuationPreservedEmbedderData"),
    js::function<&setFrame>("setContinuationPreservedEmbedderData"),
};

}  // namespace

constinit const Binding kAsyncContext{"async_context_frame", kFunctions};

}  // namespace ocapd::api::node
