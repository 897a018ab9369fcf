#include "src/rpc/hosted_object.h"

#include <kj/debug.h>

#include "src/rpc/invocation.h"
#include "src/rpc/rpc_script.h"

namespace ocapd::rpc {

namespace {

using channel::Capability;

constexpr kj::StringPtr kHostGone =
    "jsg.Error: The execution context which hosts this callback is no longer running."_kj;

struct HostedObject {
  v8::Global<v8::Object> object;
  Stubs transferred;  // disposed with it
  bool hasDisposer = false;
};

// Runs the object's [Symbol.dispose] and lets go of it.
void disposeLater(api::IoContext& context, kj::Own<HostedObject> object, kj::Own<void> hold) {
  auto& reference = context;
  context.addTask(
      kj::evalLater([&reference, object = kj::mv(object), hold = kj::mv(hold)]() mutable {
        reference.runTurn([&](js::Turn& turn) {
          for (auto& stub : object->transferred) stub->dispose();
          if (!object->hasDisposer) return;
          auto value = object->object.Get(turn.v8);
          auto disposer = turn.check(value->Get(turn.context, v8::Symbol::GetDispose(turn.v8)));
          if (!disposer->IsFunction()) return;
          turn.check(disposer.As<v8::Function>()->Call(turn.context, value, 0, nullptr));
        });
      }));
}

class HostedCapability final : public Capability {
 public:
  HostedCapability(api::IoOwn<HostedObject> object, kj::Own<void> hold, kj::Own<api::TurnGate> gate)
      : object_(kj::mv(object)), hold_(kj::mv(hold)), gate_(kj::mv(gate)) {}

  ~HostedCapability() noexcept(false) {
    auto* context = object_.owner();
    if (context == nullptr) return;
    auto& object = object_.get(*context);
    if (!object.hasDisposer && object.transferred.empty()) return;
    disposeLater(*context, object_.take(*context), kj::mv(hold_));
  }

  kj::Promise<Result> call(Call call) override {
    auto* context = object_.owner();
    if (context == nullptr) return hostGone();
    auto pair = kj::newPromiseAndFulfiller<Result>();
    auto answer = context->own(kj::heap<Answer>(kj::mv(pair.fulfiller)));
    // Not within the caller's turn, which may be one of the same isolate; in the order of calls.
    kj::Own<api::TurnGate> gate;
    if (gate_.get() != nullptr) gate = kj::addRef(*gate_);
    context->enterThrough(
        kj::mv(gate), [this, self = kj::addRef(*this), context, call = kj::mv(call),
                       answer = kj::mv(answer)](js::Turn& turn) mutable {
          auto object = object_.get(*context).object.Get(turn.v8);
          auto mode = modeOf(turn, object);
          invoke(turn, *context, {.object = object, .mode = mode}, kj::mv(call), kj::mv(answer));
        });
    return kj::mv(pair.promise);
  }

 private:
  static kj::Exception hostGone() {
    return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::str(kHostGone));
  }

  api::IoOwn<HostedObject> object_;
  kj::Own<void> hold_;
  kj::Own<api::TurnGate> gate_;  // an actor's critical section lets in the calls it caused
};

class HeldCapability final : public Capability {
 public:
  HeldCapability(kj::Own<Capability> inner, kj::Own<void> hold)
      : hold_(kj::mv(hold)), inner_(kj::mv(inner)) {}
  kj::Promise<Result> call(Call call) override { return inner_->call(kj::mv(call)); }
  kj::Promise<Result> callPipelined(Call call, kj::Own<Capability>& result) override {
    return inner_->callPipelined(kj::mv(call), result);
  }

 private:
  kj::Own<void> hold_;
  kj::Own<Capability> inner_;
};

class BrokenCapability final : public Capability {
 public:
  explicit BrokenCapability(kj::Exception reason) : reason_(kj::mv(reason)) {}
  kj::Promise<Result> call(Call) override { return kj::cp(reason_); }

 private:
  kj::Exception reason_;
};

bool hasDisposer(js::Turn& turn, v8::Local<v8::Object> object) {
  return turn.check(object->Has(turn.context, v8::Symbol::GetDispose(turn.v8)));
}

kj::Own<Capability> hostAs(js::Turn& turn, api::IoContext& context, v8::Local<v8::Object> object,
                           bool disposes, Stubs transferred) {
  auto hosted = kj::heap<HostedObject>();
  hosted->object.Reset(turn.v8, object);
  hosted->transferred = kj::mv(transferred);
  hosted->hasDisposer = disposes;
  return kj::refcounted<HostedCapability>(context.own(kj::mv(hosted)), context.holdSession(),
                                          context.turnGate());
}

}  // namespace

kj::Own<Capability> host(js::Turn& turn, api::IoContext& context, v8::Local<v8::Object> object) {
  return hostAs(turn, context, object, hasDisposer(turn, object), {});
}

kj::Own<Capability> hostBorrowed(js::Turn& turn, api::IoContext& context,
                                 v8::Local<v8::Object> object) {
  return hostAs(turn, context, object, false, {});
}

kj::Maybe<HostedResult> hostResult(js::Turn& turn, api::IoContext& context,
                                   v8::Local<v8::Value> value, channel::Message& message,
                                   Stubs transferred) {
  if (!value->IsObject()) return nullptr;
  auto object = value.As<v8::Object>();
  auto mode = modeOf(turn, object);
  // What travels by reference is its own pipeline.
  bool isReference = mode == Mode::Class || object->IsCallable() || object->IsProxy();
  if (isReference && message.externals.size() == 1 &&
      message.externals[0].is<kj::Own<Capability>>()) {
    for (auto& stub : transferred) stub->dispose();
    return HostedResult{message.externals[0].get<kj::Own<Capability>>()->addRef(), false};
  }
  if (mode == Mode::None && transferred.empty()) return nullptr;
  bool disposes = mode == Mode::Instance &&
                  turn.check(object->HasOwnProperty(turn.context, v8::Symbol::GetDispose(turn.v8)));
  return HostedResult{hostAs(turn, context, object, disposes, kj::mv(transferred)), disposes};
}

v8::Local<v8::Object> duplicateForSending(js::Turn& turn, v8::Local<v8::Object> target) {
  auto dup = turn.get(target, "dup");
  if (!dup->IsFunction()) return target;
  auto copy = turn.check(dup.As<v8::Function>()->Call(turn.context, target, 0, nullptr));
  bool isTarget = turn.unwrap<RpcTarget>(copy) != nullptr;
  if (target->IsProxy()) {
    if (copy->IsObject() && modeOf(turn, copy) == modeOf(turn, target))
      return copy.As<v8::Object>();
    throw js::Error::dom(
        "DataCloneError",
        "Couldn't create a stub for the Proxy because it has a dup() method which did not return "
        "the same underlying type (RpcTarget or Function) as the Proxy itself represents. Either "
        "remove the dup() method or make sure it returns an RpcTarget.");
  }
  if (target->IsFunction()) {
    if (copy->IsFunction()) return copy.As<v8::Object>();
    throw js::Error::dom(
        "DataCloneError",
        "Couldn't create a stub for the function because it has a dup() method which did not "
        "return another function. Either remove the dup() method or make sure it returns a "
        "function.");
  }
  if (isTarget) return copy.As<v8::Object>();
  throw js::Error::dom(
      "DataCloneError",
      "Couldn't create a stub for the RcpTarget because it has a dup() method which did not return "
      "another RpcTarget. Either remove the dup() method or make sure it returns an RpcTarget.");
}

kj::Own<Capability> shareInSession(api::IoContext& context, kj::Own<Capability> capability) {
  auto hold = context.holdSession();
  if (hold.get() == nullptr) return capability;
  return kj::refcounted<HeldCapability>(kj::mv(capability), kj::mv(hold));
}

kj::Own<Capability> newBrokenCapability(kj::Exception reason) {
  return kj::refcounted<BrokenCapability>(kj::mv(reason));
}

}  // namespace ocapd::rpc
