#include "src/worker/event.h"

#include <kj/debug.h>

#include "src/api/events/scope_events.h"
#include "src/api/workers/execution_context.h"

namespace ocapd::worker {

namespace {

// Pinned by public suites.
constexpr kj::StringPtr kHung =
    "jsg.Error: The Workers runtime canceled this request because it detected that your Worker's "
    "code had hung and would never generate a response. Refer to: "
    "https://developers.cloudflare.com/workers/observability/errors/"_kj;

}  // namespace

Event::~Event() noexcept(false) {
  if (actor_ != nullptr) return;  // the actor keeps its context
  if (context_.get() != nullptr && context_->isWaitingUntil()) worker_.linger(kj::mv(context_));
}

kj::Own<RequestContext> Event::takeContext() {
  KJ_IF_MAYBE(actor, actor_) {
    return kj::Own<RequestContext>(&actor->context(), kj::NullDisposer::instance);
  }
  auto context = kj::heap<RequestContext>(worker_);
  if (worker_.isTraced()) {
    kj::Maybe<kj::String> name;
    KJ_IF_MAYBE(entrypoint, entrypoint_) {
      if (entrypoint->name != "default") name = kj::str(entrypoint->name);
    }
    context->beginTrace(kj::mv(name));
  }
  return context;
}

kj::Exception Event::hungException() {
  return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::str(kHung));
}

kj::Exception Event::missingHandler(kj::StringPtr text) {
  return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                       kj::str("jsg.Error: ", text));
}

void Event::logFailure(js::Turn& turn, v8::Local<v8::Value> reason, kj::LogSeverity severity) {
  if (api::IoContext::exists(turn)) {
    auto& context = static_cast<RequestContext&>(api::IoContext::current(turn));
    context.reportException(turn, reason);
    if (context.trace() != nullptr) context.trace()->setOutcome(channel::Outcome::Exception);
  }
  if (!kj::_::Debug::shouldLog(severity)) return;
  v8::TryCatch ignored(turn.v8);  // what cannot be shown is not shown
  v8::Local<v8::Value> stack = reason;
  if (reason->IsNativeError()) {
    v8::Local<v8::Value> own;
    if (reason.As<v8::Object>()->Get(turn.context, turn.name("stack")).ToLocal(&own) &&
        own->IsString()) {
      stack = own;
    }
  }
  v8::Local<v8::String> text;
  if (!stack->ToDetailString(turn.context).ToLocal(&text)) return;
  kj::getExceptionCallback().logMessage(
      severity, __FILE__, __LINE__, 0,
      kj::str("uncaught exception; source = Uncaught (in promise); stack = ", turn.utf8(text),
              '\n'));
}

kj::Promise<channel::Outcome> Event::finished(kj::Promise<void> handled) {
  try {
    co_await handled;
    if (context_.get() != nullptr) co_await context_->waitUntilDone();
    co_return channel::Outcome::Ok;
  } catch (kj::Exception& exception) {
    KJ_LOG(INFO, "uncaught exception", exception);
    co_return exception.getType() == kj::Exception::Type::OVERLOADED
        ? channel::Outcome::ExceededMemory
        : channel::Outcome::Exception;
  }
}

v8::Local<v8::Value> Event::makeExecutionContext(js::Turn& turn) {
  return turn.wrap(*turn.make<api::ExecutionContext>(channel::addRef(props_)));
}

v8::Local<v8::Object> Event::receiver(js::Turn& turn, Entrypoint& entrypoint,
                                      v8::Local<v8::Value> executionContext) {
  KJ_IF_MAYBE(actor, actor_) {
    return actor->object(turn);
  }
  auto value = entrypoint.value.Get(turn.v8);
  if (entrypoint.kind == Entrypoint::Kind::Handlers) return value;
  KJ_REQUIRE(entrypoint.isStateless(),
             "a Durable Object class was named as a service's entrypoint; send events to one of "
             "its objects",
             entrypoint.name);
  v8::Local<v8::Value> arguments[] = {executionContext, worker_.env(turn)};
  return turn.check(value.As<v8::Function>()->NewInstance(turn.context, 2, arguments));
}

kj::Maybe<v8::Local<v8::Value>> Event::callHandler(js::Turn& turn, Entrypoint& entrypoint,
                                                   kj::StringPtr name,
                                                   v8::Local<v8::Value> argument) {
  if (entrypoint.kind == Entrypoint::Kind::Script) {
    if (!api::scopeHasListeners(turn, name)) return nullptr;
    if (name == "scheduled") api::dispatchScheduled(turn, argument);
    if (name == "queue") api::dispatchQueue(turn, argument);
    if (name == "tail") {
      throw js::Error::plain("tail events are for workers of ES modules; this one is a script.");
    }
    return turn.undefined();
  }
  auto executionContext = makeExecutionContext(turn);
  auto object = receiver(turn, entrypoint, executionContext);
  auto handler = turn.get(object, name);
  if (!handler->IsFunction()) return nullptr;
  v8::Local<v8::Value> arguments[] = {argument, worker_.env(turn), executionContext};
  return turn.check(handler.As<v8::Function>()->Call(turn.context, object, 3, arguments));
}

}  // namespace ocapd::worker
