#include "src/worker/request_context.h"

#include <string.h>

#include <kj/debug.h>

namespace ocapd::worker {

void RequestContext::turnFailed(js::Turn& turn, v8::Local<v8::Value> reason) {
  reportException(turn, reason);
  auto exception = js::toKj(turn, reason);
  KJ_LOG(INFO, "uncaught exception", worker_.options_.name, exception.getDescription());
}

void RequestContext::traceLog(api::WorkerHost::LogLevel level, kj::StringPtr argumentsJson) {
  constexpr kj::StringPtr kNames[] = {"debug"_kj, "info"_kj, "log"_kj, "warn"_kj, "error"_kj};
  trace_->addLog(kNames[size_t(level)], argumentsJson);
}

void RequestContext::reportException(js::Turn& turn, v8::Local<v8::Value> reason) {
  worker_.reportException(turn, reason);
  if (trace_.get() == nullptr) return;
  turn.catching([&] {
    if (!reason->IsNativeError()) {
      auto text = turn.utf8(turn.check(reason->ToDetailString(turn.context)));
      return trace_->addException("Error"_kj, text, nullptr);
    }
    auto textOf = [&](kj::StringPtr member) {
      auto value = turn.get(reason.As<v8::Object>(), member);
      return turn.utf8(turn.check(value->ToString(turn.context)));
    };
    auto stack = textOf("stack");
    kj::Maybe<kj::StringPtr> frames;
    // Without its first lines, which are the name and the message again.
    if (const char* first = strstr(stack.cStr(), "\n    at ")) frames = kj::StringPtr(first + 1);
    trace_->addException(textOf("name"), textOf("message"), frames);
  });
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
