#include "src/worker/request_context.h"

#include <kj/debug.h>

namespace ocapd::worker {

void RequestContext::turnFailed(js::Turn& turn, v8::Local<v8::Value> reason) {
  auto exception = js::toKj(turn, reason);
  KJ_LOG(INFO, "uncaught exception", worker_.options_.name, exception.getDescription());
}

}  // namespace ocapd::worker
