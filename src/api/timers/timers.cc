#include "src/api/timers/timers.h"

#include <v8-container.h>

#include "src/api/io/io_context.h"
#include "src/js/async_context.h"

namespace ocapd::api {

namespace {

constexpr int kFirstArgument = 2;  // of the callback, behind callback and delay

// https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps
template <TimerQueue::Repeat kRepeat>
double setTimer(js::Turn& turn, js::Arguments call, v8::Local<v8::Function> callback,
                kj::Maybe<double> delay) {
  auto& context = IoContext::current(turn);
  v8::Global<v8::Function> function(turn.v8, callback);
  v8::Global<v8::Array> arguments;
  if (call.info.Length() > kFirstArgument) {
    auto array = v8::Array::New(turn.v8, call.info.Length() - kFirstArgument);
    for (int i = kFirstArgument; i < call.info.Length(); ++i) {
      turn.check(
          array->CreateDataProperty(turn.context, uint32_t(i - kFirstArgument), call.info[i]));
    }
    arguments.Reset(turn.v8, array);
  }
  return context.timers().set(
      toTimerDelay(delay.orDefault(0)), kRepeat,
      [function = kj::mv(function), arguments = kj::mv(arguments),
       frame = js::AsyncContextFrame::capture(turn.v8)](js::Turn& inner) {
        js::AsyncContextFrame::Scope scope(inner.v8, frame);
        v8::LocalVector<v8::Value> values(inner.v8);
        if (!arguments.IsEmpty()) {
          auto array = arguments.Get(inner.v8);
          for (uint32_t i = 0; i < array->Length(); ++i) {
            values.push_back(inner.check(array->Get(inner.context, i)));
          }
        }
        inner.check(function.Get(inner.v8)->Call(inner.context, inner.context->Global(),
                                                 int(values.size()), values.data()));
      });
}

void clearTimer(js::Turn& turn, kj::Maybe<double> id) {
  auto& context = IoContext::current(turn);
  double value = id.orDefault(0);
  if (value >= 1 && value <= UINT32_MAX) context.timers().clear(TimerQueue::Id(value));
}

// https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#microtask-queuing
void queueMicrotask(js::Turn& turn, v8::Local<v8::Function> callback) {
  turn.v8->EnqueueMicrotask(callback);
}

constexpr js::Member kFunctions[] = {
    js::function<&setTimer<TimerQueue::Repeat::Once>>("setTimeout"),
    js::function<&clearTimer>("clearTimeout"),
    js::function<&setTimer<TimerQueue::Repeat::UntilCleared>>("setInterval"),
    js::function<&clearTimer>("clearInterval"),
    js::function<&queueMicrotask>("queueMicrotask"),
};

}  // namespace

void installTimers(js::GlobalBuilder& global) {
  for (const js::Member& function : kFunctions) global.add(function);
}

}  // namespace ocapd::api
