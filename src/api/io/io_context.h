// IoContext: what API objects need of the event they run in; worker/ makes one for each event.
//
// Owns      all I/O begun in the event, and the promises that will resume its JavaScript.
// Destroying
//           it cancels everything: nothing resumes afterwards.
// Lives     from the event's first turn to the end of its response and waitUntil work.
// Threads   its lane.
// Errors    failures of background tasks go to taskFailed(), implemented by the owner.
// See       docs/ARCHITECTURE.md
#pragma once

#include <kj/async.h>
#include <kj/timer.h>

#include "src/api/io/io_own.h"
#include "src/api/io/timer_queue.h"
#include "src/api/io/turn_gate.h"
#include "src/channel/service_channel.h"
#include "src/js/isolate.h"
#include "src/js/tunnel.h"
#include "src/js/turn.h"

namespace ocapd::api {

class IoContext : private kj::TaskSet::ErrorHandler {
 public:
  explicit IoContext(js::Isolate& isolate);
  virtual ~IoContext() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(IoContext);

  // The event whose turn this is. Throws the documented error at a script's top level.
  static IoContext& current(js::Turn& turn);
  static bool exists(js::Turn& turn) { return turn.isolate().event != nullptr; }

  // What the event may reach.
  virtual channel::ServiceChannel& globalOutbound() = 0;
  virtual const kj::HttpHeaderTable& headerTable() = 0;
  virtual kj::Timer& timer() = 0;
  // The time by which timers are set; unlike timer().now() not that of the last wait for I/O.
  virtual kj::TimePoint now() { return timer().now(); }
  // setTimeout() and the like.
  TimerQueue& timers() { return timers_; }

  // Of an actor: what turns that continue this one enter through. Null when nothing holds them
  // back.
  virtual kj::Own<TurnGate> turnGate() { return {}; }
  // Of an actor: what is said to the outside waits for this, if there is anything to wait for.
  virtual kj::Maybe<kj::Promise<void>> outputHeld() { return nullptr; }

  // Runs one turn of this event. Not from within a turn. Errors that `body` throws are reported
  // through turnFailed().
  template <typename Body>
  void runTurn(Body&& body) {
    auto outcome = isolate_.run([&](js::Turn& turn) {
      isolate_.event = this;
      KJ_DEFER(isolate_.event = nullptr);
      auto failure = turn.catching([&] { body(turn); });
      KJ_IF_MAYBE(reason, failure) {
        turnFailed(turn, *reason);
      }
      turn.v8->PerformMicrotaskCheckpoint();
    });
    freeAbandoned();
    if (outcome != js::Isolate::Outcome::Finished) turnTerminated(outcome);
  }

  // Ends the event: whoever waits for its answer fails with `reason`. The first reason counts.
  void abort(kj::Exception reason);
  // Fails once abort() has been called, and never resolves.
  kj::Promise<void> aborted();
  // ctx.abort(): the same with a JavaScript value, and the turn ends where it is.
  void abortNow(js::Turn& turn, kj::Exception reason);

  // Work that may run turns of this event later; keeps the event from counting as hung.
  void addTask(kj::Promise<void> task) { tasks_.add(kj::mv(task)); }

  // The same, but the event lives until it is done, beyond its response.
  void addLastingTask(kj::Promise<void> task);

  // Gives `thing` to the event.
  template <typename T>
  IoOwn<T> own(kj::Own<T> thing) {
    auto cell = kj::refcounted<typename IoOwn<T>::Cell>(kj::mv(thing));
    adopt(kj::addRef(*cell));
    return IoOwn<T>(kj::mv(cell));
  }

  // Continues in a turn of this event: `then(turn, value)` once `outcome` is there, or
  // `otherwise(turn, exception)`.
  template <typename T, typename Then, typename Otherwise>
  void continueIn(kj::Promise<T> outcome, Then then, Otherwise otherwise) {
    auto gate = turnGate();
    if (gate.get() != nullptr) {
      tasks_.add(continueBehind(kj::mv(gate), kj::mv(outcome), kj::mv(then), kj::mv(otherwise)));
      return;
    }
    auto onError = [this, otherwise = kj::mv(otherwise)](kj::Exception&& exception) mutable {
      runTurn([&](js::Turn& turn) { otherwise(turn, kj::mv(exception)); });
    };
    if constexpr (std::is_void_v<T>) {
      tasks_.add(outcome.then(
          [this, then = kj::mv(then)]() mutable { runTurn([&](js::Turn& turn) { then(turn); }); },
          kj::mv(onError)));
    } else {
      tasks_.add(outcome.then(
          [this, then = kj::mv(then)](T&& value) mutable {
            runTurn([&](js::Turn& turn) { then(turn, kj::mv(value)); });
          },
          kj::mv(onError)));
    }
  }

  // A JavaScript promise for an outcome of I/O: `make(turn, value)` gives what it resolves to; a
  // failure rejects it with what `explain(turn, exception)` gives, as a rule its translation.
  template <typename T, typename Make>
  v8::Local<v8::Promise> awaitIo(js::Turn& turn, kj::Promise<T> outcome, Make make) {
    return awaitIo(turn, kj::mv(outcome), kj::mv(make),
                   [](js::Turn& inner, kj::Exception&& exception) {
                     return js::toJs(inner, kj::mv(exception));
                   });
  }
  template <typename T, typename Make, typename Explain>
  v8::Local<v8::Promise> awaitIo(js::Turn& turn, kj::Promise<T> outcome, Make make,
                                 Explain explain) {
    auto resolver = turn.check(v8::Promise::Resolver::New(turn.context));
    auto settle = kj::refcounted<Settle>(turn, resolver);
    auto onError = [settle = kj::addRef(*settle), explain = kj::mv(explain)](
                       js::Turn& inner, kj::Exception&& exception) mutable {
      settle->rejectLater(inner, [explain = kj::mv(explain), exception = kj::mv(exception)](
                                     js::Turn& innermost, v8::Local<v8::Value>) mutable {
        return explain(innermost, kj::mv(exception));
      });
    };
    if constexpr (std::is_void_v<T>) {
      continueIn(
          kj::mv(outcome),
          [settle = kj::mv(settle), make = kj::mv(make)](js::Turn& inner) mutable {
            settle->resolve(inner, [&] { return make(inner); });
          },
          kj::mv(onError));
    } else {
      continueIn(
          kj::mv(outcome),
          [settle = kj::mv(settle), make = kj::mv(make)](js::Turn& inner, T&& value) mutable {
            settle->resolve(inner, [&] { return make(inner, kj::mv(value)); });
          },
          kj::mv(onError));
    }
    return resolver->GetPromise();
  }

  // Runs a turn of this event soon, not within the caller's; in the order in which it was asked
  // for.
  void enter(kj::Function<void(js::Turn&)> body) { enterThrough(turnGate(), kj::mv(body)); }
  // The same through the gate that was current when what is entered now began; null: none.
  void enterThrough(kj::Own<TurnGate> gate, kj::Function<void(js::Turn&)> body);

  // Keeps open the RPC session whose event this is, for as long as something that passed through it
  // is held; null for other events.
  virtual kj::Own<void> holdSession() { return {}; }

  // ctx.waitUntil(): keeps the event alive until the promise settles, beyond its response.
  void waitUntil(js::Turn& turn, v8::Local<v8::Value> promise);
  // Resolves when no waitUntil() promise is open.
  kj::Promise<void> waitUntilDone() { return waitUntilTasks_.onEmpty(); }
  bool isWaitingUntil() { return !waitUntilTasks_.isEmpty(); }

  // Work that what has ended still owes JavaScript; it keeps the event alive as waitUntil() does.
  void addFinalTask(kj::Promise<void> task) { waitUntilTasks_.add(kj::mv(task)); }

  // ctx.passThroughOnException(): a failing handler is to be answered by globalOutbound.
  void passThroughOnException() { passThrough_ = true; }
  bool passesThroughOnException() const { return passThrough_; }

  // Resolves once nothing is under way that could resume the event's JavaScript.
  kj::Promise<void> idle();

  js::Isolate& isolate() { return isolate_; }

 protected:
  // A turn threw with nobody to catch it.
  virtual void turnFailed(js::Turn& turn, v8::Local<v8::Value> reason) = 0;
  // A turn was stopped halfway: the event cannot go on. Calls abort().
  virtual void turnTerminated(js::Isolate::Outcome outcome) = 0;
  // Cancels everything now; for destructors of derived classes whose members tasks use.
  void cancelAll();

 private:
  struct Settle : public kj::Refcounted {
    Settle(js::Turn& turn, v8::Local<v8::Promise::Resolver> resolver)
        : resolver(turn.v8, resolver) {}

    template <typename Make>
    void resolve(js::Turn& turn, Make&& make) {
      v8::Local<v8::Value> value;
      auto failure = turn.catching([&] { value = make(); });
      KJ_IF_MAYBE(reason, failure) {
        return reject(turn, *reason);
      }
      turn.check(resolver.Get(turn.v8)->Resolve(turn.context, value));
    }
    void reject(js::Turn& turn, v8::Local<v8::Value> reason) {
      turn.check(resolver.Get(turn.v8)->Reject(turn.context, reason));
    }
    // Makes the reason in a microtask that leads to whoever awaits the promise: an error's stack
    // then names them.
    void rejectLater(js::Turn& turn, js::Turn::Native makeReason);

    v8::Global<v8::Promise::Resolver> resolver;
  };

  // continueIn() for an actor. A broken gate ends it quietly: the actor has been told why.
  template <typename T, typename Then, typename Otherwise>
  kj::Promise<void> continueBehind(kj::Own<TurnGate> gate, kj::Promise<T> outcome, Then then,
                                   Otherwise otherwise) {
    kj::Maybe<kj::Exception> failure;
    if constexpr (std::is_void_v<T>) {
      try {
        co_await outcome;
      } catch (kj::Exception& exception) {
        failure = kj::mv(exception);
      }
      auto pass = co_await gate->enter();
      pass->use();
      if (failure == nullptr) runTurn([&](js::Turn& turn) { then(turn); });
    } else {
      kj::Maybe<T> value;
      try {
        value = co_await outcome;
      } catch (kj::Exception& exception) {
        failure = kj::mv(exception);
      }
      auto pass = co_await gate->enter();
      pass->use();
      KJ_IF_MAYBE(given, value) {
        runTurn([&](js::Turn& turn) { then(turn, kj::mv(*given)); });
      }
    }
    KJ_IF_MAYBE(exception, failure) {
      runTurn([&](js::Turn& turn) { otherwise(turn, kj::mv(*exception)); });
    }
  }

  friend void abandon(IoCell& cell);
  void adopt(kj::Own<IoCell> cell);
  void freeAbandoned();
  void taskFailed(kj::Exception&& exception) override;

  js::Isolate& isolate_;
  using Cells = kj::List<IoCell, &IoCell::link>;
  static void freeAll(Cells& cells);
  Cells cells_;
  Cells abandoned_;  // freed at the end of the turn
  bool passThrough_ = false;
  kj::Maybe<kj::Exception> abortReason_;
  kj::Vector<kj::Own<kj::PromiseFulfiller<void>>> abortWaiters_;
  TimerQueue timers_;
  kj::Maybe<kj::ForkedPromise<void>> idle_;  // since somebody has waited for it
  struct Told : public kj::Refcounted {
    bool value = false;
  };
  kj::Own<Told> idleIsTold_;  // whether idle_ has come true; may outlive the event
  kj::TaskSet waitUntilTasks_;
  kj::TaskSet tasks_;
};

}  // namespace ocapd::api
