#include "src/worker/request_context.h"

#include <kj/debug.h>

namespace ocapd::worker {

void RequestContext::turnFailed(js::Turn& turn, v8::Local<v8::Value> reason) {
  worker_.reportException(turn, reason);
  auto exception = js::toKj(turn, reason);
  KJ_LOG(INFO, "uncaught exception", worker_.options_.name, exception.getDescription());
}

void RequestContext::turnTerminated(js::Isolate::Outcome outcome) {
  switch (outcome) {
    case js::Isolate::Outcome::Finished:
    case js::Isolate::Outcome::Stopped: return;  // who stopped it has said why
    case js::Isolate::Outcome::OutOfMemory:
      worker_.condemned_ = true;
      return abort(KJ_EXCEPTION(OVERLOADED, "jsg.Error: Worker exceeded its memory limit."));
    case js::Isolate::Outcome::OutOfTime:
      worker_.condemned_ = true;
      return abort(KJ_EXCEPTION(OVERLOADED, "jsg.Error: Worker exceeded CPU time limit."));
  }
}

}  // namespace ocapd::worker
