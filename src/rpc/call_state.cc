#include "src/rpc/call_state.h"

#include <kj/debug.h>

#include "src/js/isolate.h"
#include "src/js/tunnel.h"
#include "src/rpc/error_transfer.h"
#include "src/rpc/rpc_script.h"

namespace ocapd::rpc {

namespace {

using channel::Capability;

kj::Exception noMembers(const Capability::Call& call) {
  auto name = call.path.size() == 0 ? kj::str("(this)") : kj::str(call.path[0]);
  return kj::Exception(
      kj::Exception::Type::FAILED, __FILE__, __LINE__,
      call.path.size() == 0
          ? kj::str("remote.jsg.TypeError: \"(this)\" is not a function.")
          : kj::str("remote.jsg.TypeError: The RPC receiver does not implement the method \"", name,
                    "\"."));
}

}  // namespace

kj::Promise<Capability::Result> PendingCapability::call(Call call) {
  if (resolved_) {
    KJ_IF_MAYBE(target, target_) {
      return (*target)->call(kj::mv(call));
    }
    return noMembers(call);
  }
  auto pair = kj::newPromiseAndFulfiller<Result>();
  waiting_.add(Waiting{kj::mv(call), kj::mv(pair.fulfiller)});
  return kj::mv(pair.promise);
}

void PendingCapability::resolve(kj::Maybe<kj::Own<Capability>> target) {
  resolved_ = true;
  target_ = kj::mv(target);
  for (auto& each : waiting_) {
    KJ_IF_MAYBE(capability, target_) {
      // The promise it is turned into keeps the call going.
      auto answered = (*capability)->call(kj::mv(each.call));
      auto fulfiller = kj::mv(each.fulfiller);
      auto& reference = *fulfiller;
      answered
          .then([&reference](Result&& result) { reference.fulfill(kj::mv(result)); },
                [&reference](kj::Exception&& reason) { reference.reject(kj::mv(reason)); })
          .attach(kj::mv(fulfiller), (*capability)->addRef())
          .detach([](kj::Exception&&) {});
    } else {
      each.fulfiller->reject(noMembers(each.call));
    }
  }
  waiting_.clear();
}

void PendingCapability::reject(kj::Exception reason) {
  for (auto& each : waiting_) each.fulfiller->reject(kj::cp(reason));
  waiting_.clear();
  resolved_ = true;
  class Broken final : public Capability {
   public:
    explicit Broken(kj::Exception reason) : reason_(kj::mv(reason)) {}
    kj::Promise<Result> call(Call) override { return kj::cp(reason_); }

   private:
    kj::Exception reason_;
  };
  target_ = kj::Own<Capability>(kj::refcounted<Broken>(kj::mv(reason)));
}

kj::Own<Capability> CallState::pipeline() {
  if (early.get() != nullptr) return early->addRef();
  KJ_IF_MAYBE(pending, pending_) {
    return (*pending)->addRef();
  }
  auto pending = kj::refcounted<PendingCapability>();
  auto result = pending->addRef();
  pending_ = kj::mv(pending);
  return result;
}

void CallState::arrived(Capability::Result& result) {
  settled_ = true;
  early = nullptr;
  KJ_SWITCH_ONEOF(result) {
    KJ_CASE_ONEOF(returned, Capability::Returned) {
      KJ_IF_MAYBE(pending, pending_) {
        kj::Maybe<kj::Own<Capability>> target;
        if (returned.pipeline.get() != nullptr) target = returned.pipeline->addRef();
        (*pending)->resolve(kj::mv(target));
      }
    }
    KJ_CASE_ONEOF(threw, Capability::Threw) {
      failed(threw.exception);
    }
  }
}

void CallState::failed(const kj::Exception& reason) {
  settled_ = true;
  early = nullptr;
  KJ_IF_MAYBE(pending, pending_) {
    (*pending)->reject(kj::cp(reason));
  }
}

void CallState::disposeResult() {
  for (auto& stub : stubs) stub->dispose();
  stubs.clear();
  remoteDisposer = nullptr;
}

namespace {

// An object result can be disposed of: with it, all stubs that came in it.
void makeDisposable(js::Turn& turn, api::IoContext& context, v8::Local<v8::Value> value,
                    CallState& state) {
  if (!value->IsObject() || turn.unwrap<RpcStub>(value) != nullptr) return;
  v8::Local<v8::Value> disposer = turn.undefined();
  if (!state.stubs.empty() || state.remoteDisposer.get() != nullptr) {
    auto share = context.own(state.addRef());
    disposer = turn.function(
        [&context, share = kj::mv(share)](js::Turn& inner, v8::Local<v8::Value>) mutable {
          // Disposing after the event has ended has nothing left to do.
          if (share.owner() == &context) share.get(context).disposeResult();
          return inner.undefined();
        });
  }
  callScript(turn, "makeDisposable", {value, disposer});
}

v8::Local<v8::Value> receive(js::Turn& turn, api::IoContext& context, CallState& state,
                             Capability::Returned returned) {
  if (returned.hasDisposer) state.remoteDisposer = kj::mv(returned.pipeline);
  auto value = deserialize(turn, context, kj::mv(returned.value), state.stubs);
  makeDisposable(turn, context, value, state);
  if (state.disposeOnArrival) state.disposeResult();
  return value;
}

Remote::Way sendOn(js::Turn& turn, api::IoContext& context, Remote& remote, bool isGet,
                   kj::Maybe<v8::Local<v8::Value>> arguments, CallState& state,
                   kj::Maybe<kj::Promise<Capability::Result>>& answered) {
  kj::Vector<kj::String> reversed;
  auto way = remote.begin(turn, reversed);
  Capability::Call call;
  auto path = kj::heapArrayBuilder<kj::String>(reversed.size());
  for (size_t i = reversed.size(); i > 0; --i) path.add(kj::mv(reversed[i - 1]));
  call.path = path.finish();
  call.isGet = isGet;
  Stubs transferred;
  KJ_IF_MAYBE(list, arguments) {
    call.arguments =
        serialize(turn, context, *list, optionsFor(turn, Options::Purpose::Arguments), transferred);
  }
  KJ_IF_MAYBE(held, context.outputHeld()) {
    answered = held->then([capability = way.capability->addRef(), call = kj::mv(call)]() mutable {
      return capability->call(kj::mv(call));
    });
  } else {
    answered = way.capability->callPipelined(kj::mv(call), state.early);
  }
  for (auto& stub : transferred) stub->dispose();
  return way;
}

}  // namespace

RpcPromise* send(js::Turn& turn, Remote& remote, bool isGet,
                 kj::Maybe<v8::Local<v8::Value>> arguments) {
  auto& context = api::IoContext::current(turn);
  auto state = kj::refcounted<CallState>();
  kj::Maybe<kj::Promise<Capability::Result>> answered;
  Remote::Way way;
  auto failure = turn.catching(
      [&] { way = sendOn(turn, context, remote, isGet, arguments, *state, answered); });
  KJ_IF_MAYBE(reason, failure) {
    state->failed(js::toKj(turn, *reason));
    return turn.make<RpcPromise>(turn, turn.rejected(*reason), kj::mv(state));
  }
  KJ_IF_MAYBE(session, way.session) {
    context.addTask(session->done.attach(kj::mv(way.target)));
  }
  auto onArrival = state->addRef();
  auto onFailure = state->addRef();
  auto forValue = state->addRef();
  auto arrived = KJ_ASSERT_NONNULL(answered).then(
      [state = kj::mv(onArrival)](Capability::Result&& result) mutable {
        state->arrived(result);
        return kj::mv(result);
      },
      [state = kj::mv(onFailure)](kj::Exception&& reason) mutable -> Capability::Result {
        state->failed(reason);
        kj::throwFatalException(kj::mv(reason));
      });
  auto settled = context.awaitIo(
      turn, kj::mv(arrived),
      [&context, state = kj::mv(forValue)](js::Turn& inner, Capability::Result result) mutable {
        KJ_SWITCH_ONEOF(result) {
          KJ_CASE_ONEOF(returned, Capability::Returned) {
            return receive(inner, context, *state, kj::mv(returned));
          }
          KJ_CASE_ONEOF(threw, Capability::Threw) {
            inner.throwValue(thrownValue(inner, context, kj::mv(threw)));
          }
        }
        KJ_UNREACHABLE;
      });
  return turn.make<RpcPromise>(turn, settled, kj::mv(state));
}

}  // namespace ocapd::rpc
