// Event: one event at a worker's entrypoint: its context, the call of its handler, and the wait
// for the answer. Base of the kinds of events.
//
// Owns      the event's RequestContext while the caller waits; hands it to the Worker when
//           waitUntil() work is left.
// Lives     until the caller drops it; that cancels the event.
// Threads   its lane.
// Errors    what the handler threw, tunnelled ("jsg.TypeError: …").
#pragma once

#include <kj/debug.h>

#include "src/worker/actor_instance.h"
#include "src/worker/request_context.h"

namespace ocapd::worker {

class Event {
 public:
  Event(Worker& worker, kj::Maybe<Entrypoint&> entrypoint, kj::Maybe<kj::Own<channel::Props>> props)
      : worker_(worker), entrypoint_(entrypoint), props_(kj::mv(props)) {}
  virtual ~Event() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(Event);

  // It is the actor that receives the event, in its own context. Before the event begins.
  void receiveBy(ActorInstance& actor) { actor_ = actor; }

  // Says in the log what a handler threw, with its stack.
  static void logFailure(js::Turn& turn, v8::Local<v8::Value> reason, kj::LogSeverity severity);

 protected:
  // Who receives the event: the handlers' object, or a new instance of the class.
  v8::Local<v8::Object> receiver(js::Turn& turn, Entrypoint& entrypoint,
                                 v8::Local<v8::Value> executionContext);
  v8::Local<v8::Value> makeExecutionContext(js::Turn& turn);
  // Calls the handler as (argument, env, ctx); none when there is no such handler.
  kj::Maybe<v8::Local<v8::Value>> callHandler(js::Turn& turn, Entrypoint& entrypoint,
                                              kj::StringPtr name, v8::Local<v8::Value> argument);

  // What take() makes of the settled promise. Fails when it rejects, when the event is aborted,
  // and when nothing is left that could settle it.
  template <typename T>
  kj::Promise<T> whenSettled(js::Turn& turn, v8::Local<v8::Promise> promise,
                             T (*take)(js::Turn&, v8::Local<v8::Value>)) {
    struct Answer : public kj::Refcounted {
      explicit Answer(kj::Own<kj::PromiseFulfiller<T>> fulfiller) : fulfiller(kj::mv(fulfiller)) {}
      kj::Own<kj::PromiseFulfiller<T>> fulfiller;
    };
    auto pair = kj::newPromiseAndFulfiller<T>();
    auto shared = kj::refcounted<Answer>(kj::mv(pair.fulfiller));
    auto sharedToo = kj::addRef(*shared);
    turn.whenSettled(
        promise,
        [shared = kj::mv(sharedToo), take](js::Turn& inner, v8::Local<v8::Value> value) mutable {
          KJ_IF_MAYBE(exception, kj::runCatchingExceptions([&] {
                        auto failure =
                            inner.catching([&] { shared->fulfiller->fulfill(take(inner, value)); });
                        KJ_IF_MAYBE(reason, failure) {
                          shared->fulfiller->reject(js::toKj(inner, *reason));
                        }
                      })) {
            shared->fulfiller->reject(kj::mv(*exception));
          }
          return inner.undefined();
        },
        [shared = kj::mv(shared), severity = logSeverity_](js::Turn& inner,
                                                           v8::Local<v8::Value> reason) mutable {
          logFailure(inner, reason, severity);
          shared->fulfiller->reject(js::toKj(inner, reason));
          return inner.undefined();
        });
    // What the handler has only just begun may be in a microtask.
    turn.v8->PerformMicrotaskCheckpoint();
    auto aborted = context_->aborted().then([]() -> T { KJ_UNREACHABLE; });
    // What an actor waits for may come with another event.
    if (actor_ != nullptr) return pair.promise.exclusiveJoin(kj::mv(aborted));
    auto hung = context_->idle().then([]() -> kj::Promise<T> { return hungException(); });
    return pair.promise.exclusiveJoin(kj::mv(hung)).exclusiveJoin(kj::mv(aborted));
  }

  // Runs a handler that is called for its effect: makes the context, calls, waits. Fails with
  // `missing` when there is no such handler.
  template <typename MakeArgument>
  kj::Promise<void> runHandler(kj::StringPtr name, kj::StringPtr missing,
                               MakeArgument makeArgument) {
    auto& entrypoint = KJ_UNWRAP_OR(entrypoint_, { return missingHandler(missing); });
    context_ = takeContext();
    if (context_->trace() != nullptr) context_->trace()->setEvent(describeForTrace());
    kj::Maybe<kj::Promise<void>> done;
    context_->runTurn([&](js::Turn& turn) {
      auto failure = turn.catching([&] {
        auto result = callHandler(turn, entrypoint, name, makeArgument(turn));
        KJ_IF_MAYBE(value, result) {
          done = whenSettled<Nothing>(turn, turn.resolved(*value),
                                      [](js::Turn&, v8::Local<v8::Value>) { return Nothing(); })
                     .ignoreResult();
        } else {
          done = missingHandler(missing);
        }
      });
      KJ_IF_MAYBE(reason, failure) {
        logFailure(turn, *reason, logSeverity_);
        done = kj::Promise<void>(js::toKj(turn, *reason));
      }
    });
    KJ_IF_MAYBE(promise, done) {
      return kj::mv(*promise);
    }
    return context_->aborted();
  }

  // Waits for the handler and then for waitUntil(): how the event ended. A failure is logged.
  kj::Promise<channel::Outcome> finished(kj::Promise<void> handled);

  // Members of the `event` that tail workers see, JSON; those that runHandler() runs.
  virtual kj::String describeForTrace() { return kj::str(); }

  // A context of the event's own, or its actor's.
  kj::Own<RequestContext> takeContext();

  struct Nothing {};
  static kj::Exception hungException();
  static kj::Exception missingHandler(kj::StringPtr text);

  Worker& worker_;
  kj::Maybe<Entrypoint&> entrypoint_;
  kj::Maybe<ActorInstance&> actor_;
  kj::Maybe<kj::Own<channel::Props>> props_;
  kj::Own<RequestContext> context_;
  kj::LogSeverity logSeverity_ = kj::LogSeverity::INFO;
};

}  // namespace ocapd::worker
