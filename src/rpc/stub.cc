#include "src/rpc/stub.h"

#include <v8-container.h>

#include "src/js/isolate.h"
#include "src/rpc/call_state.h"
#include "src/rpc/hosted_object.h"
#include "src/rpc/reference.h"
#include "src/rpc/rpc_script.h"
#include "src/rpc/visibility.h"

namespace ocapd::rpc {

namespace {

constexpr kj::StringPtr kStubDisposed = "RPC stub used after being disposed."_kj;
constexpr kj::StringPtr kPromiseDisposed = "RPC promise used after being disposed."_kj;

v8::Local<v8::Promise> thenOf(js::Turn& turn, v8::Local<v8::Promise> promise,
                              v8::Local<v8::Value> fulfilled, v8::Local<v8::Value> rejected) {
  auto function = [](v8::Local<v8::Value> value) {
    return value->IsFunction() ? value.As<v8::Function>() : v8::Local<v8::Function>();
  };
  auto onFulfilled = function(fulfilled);
  auto onRejected = function(rejected);
  if (onFulfilled.IsEmpty()) {
    onFulfilled = turn.function([](js::Turn&, v8::Local<v8::Value> value) { return value; });
  }
  if (onRejected.IsEmpty()) return turn.check(promise->Then(turn.context, onFulfilled));
  return turn.check(promise->Then(turn.context, onFulfilled, onRejected));
}

v8::Local<v8::Promise> finallyOf(js::Turn& turn, v8::Local<v8::Promise> promise,
                                 v8::Local<v8::Value> done) {
  auto method = turn.get(promise, "finally").As<v8::Function>();
  return turn.check(method->Call(turn.context, promise, 1, &done)).As<v8::Promise>();
}

}  // namespace

// ---- RpcTarget ----

RpcTarget* RpcTarget::create(js::Turn& turn) {
  return turn.make<RpcTarget>();
}

v8::Local<v8::Value> rpcTargetPrototype(js::Turn& turn) {
  auto constructor =
      turn.check(turn.isolate().classTemplate(RpcTarget::kClass)->GetFunction(turn.context));
  return turn.get(constructor, "prototype");
}

// ---- Remote ----

bool isRemote(const js::Object& object) {
  return dynamic_cast<const Remote*>(&object) != nullptr;
}

v8::Intercepted remoteMember(v8::Local<v8::Name> name,
                             const v8::PropertyCallbackInfo<v8::Value>& info) {
  js::Turn turn(info.GetIsolate());
  try {
    auto text = turn.utf8(name.As<v8::String>());
    if (text == "then") return v8::Intercepted::kNo;  // or stubs would be thenables
    auto* native = turn.unwrapAny(info.This());
    auto* remote = native == nullptr ? nullptr : dynamic_cast<Remote*>(native);
    if (remote == nullptr) return v8::Intercepted::kNo;
    if (remote->depth() > Remote::kPathMax) {
      throw js::Error::type("RPC pipelined property path is too deep (max ", Remote::kPathMax,
                            ").");
    }
    info.GetReturnValue().Set(turn.wrap(*turn.make<RpcProperty>(*remote, kj::mv(text))));
  } catch (...) {
    turn.rethrowToJs();
  }
  return v8::Intercepted::kYes;
}

void callRemote(const v8::FunctionCallbackInfo<v8::Value>& info) {
  js::Turn turn(info.GetIsolate());
  try {
    auto* remote = dynamic_cast<Remote*>(turn.unwrapAny(info.This()));
    KJ_ASSERT(remote != nullptr, "only remote objects are called like this");
    v8::LocalVector<v8::Value> arguments(turn.v8);
    for (int i = 0; i < info.Length(); ++i) arguments.push_back(info[i]);
    kj::Maybe<v8::Local<v8::Value>> list;
    if (info.Length() > 0) {
      list = v8::Array::New(turn.v8, arguments.data(), arguments.size()).As<v8::Value>();
    }
    info.GetReturnValue().Set(turn.wrap(*send(turn, *remote, false, list)));
  } catch (...) {
    turn.rethrowToJs();
  }
}

// ---- RpcStub ----

RpcStub::RpcStub(js::Turn& turn, kj::Own<channel::Capability> capability)
    : capability_(api::IoContext::current(turn).own(kj::mv(capability))) {}

RpcStub* RpcStub::create(js::Turn& turn, v8::Local<v8::Object> object) {
  auto& context = api::IoContext::current(turn);
  if (auto* other = turn.unwrap<RpcStub>(object)) {
    return turn.make<RpcStub>(turn, other->share(turn));
  }
  bool isPlain = modeOf(turn, object) == Mode::Instance;
  if (!isPlain && modeOf(turn, object) != Mode::Class) {
    throw js::Error::type(
        "RpcStubs can only wrap plain objects, functions, and RpcTarget derivatives.");
  }
  return turn.make<RpcStub>(turn, host(turn, context, object));
}

kj::Own<channel::Capability> RpcStub::share(js::Turn& turn) {
  if (disposed_) {
    return newBrokenCapability(kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                                             kj::str("jsg.Error: ", kStubDisposed)));
  }
  return capability_.get(api::IoContext::current(turn)).addRef();
}

RpcStub* RpcStub::dup(js::Turn& turn) {
  if (disposed_) throw js::Error::plain(kStubDisposed);
  return turn.make<RpcStub>(turn, share(turn));
}

void RpcStub::dispose() {
  disposed_ = true;
  capability_ = api::IoOwn<channel::Capability>();
}

Remote::Way RpcStub::begin(js::Turn& turn, kj::Vector<kj::String>&) {
  if (disposed_) throw js::Error::plain(kStubDisposed);
  return {share(turn), nullptr, nullptr};
}

// ---- RpcPromise ----

RpcPromise::RpcPromise(js::Turn& turn, v8::Local<v8::Promise> settled, kj::Own<CallState> state)
    : settled_(turn.v8, settled), state_(api::IoContext::current(turn).own(kj::mv(state))) {}

js::Promise RpcPromise::then(js::Turn& turn, v8::Local<v8::Value> fulfilled,
                             v8::Local<v8::Value> rejected) {
  return thenOf(turn, settled_.Get(turn.v8), fulfilled, rejected);
}

js::Promise RpcPromise::catch_(js::Turn& turn, v8::Local<v8::Value> rejected) {
  return thenOf(turn, settled_.Get(turn.v8), turn.undefined(), rejected);
}

js::Promise RpcPromise::finally(js::Turn& turn, v8::Local<v8::Value> done) {
  return finallyOf(turn, settled_.Get(turn.v8), done);
}

void RpcPromise::dispose(js::Turn& turn) {
  disposed_ = true;
  auto& state = state_.get(api::IoContext::current(turn));
  if (state.isSettled()) return state.disposeResult();
  state.disposeOnArrival = true;
}

Remote::Way RpcPromise::begin(js::Turn& turn, kj::Vector<kj::String>&) {
  if (disposed_) throw js::Error::plain(kPromiseDisposed);
  auto& context = api::IoContext::current(turn);
  auto& state = state_.get(context);
  auto settled = settled_.Get(turn.v8);
  switch (settled->State()) {
    case v8::Promise::kPending: return {state.pipeline(), nullptr, nullptr};
    case v8::Promise::kRejected: turn.throwValue(settled->Result());
    case v8::Promise::kFulfilled: break;
  }
  // By the same rules, at home.
  auto value = settled->Result();
  if (!value->IsObject()) {
    throw js::Error::type("Can't pipeline on RPC that did not return an object.");
  }
  if (auto* stub = turn.unwrap<RpcStub>(value)) return {stub->share(turn), nullptr, nullptr};
  return {hostBorrowed(turn, context, value.As<v8::Object>()), nullptr, nullptr};
}

void RpcPromise::Trace(cppgc::Visitor* visitor) const {
  Remote::Trace(visitor);
  visitor->Trace(settled_);
}

// ---- RpcProperty ----

v8::Local<v8::Promise> RpcProperty::read(js::Turn& turn) {
  auto* promise = send(turn, *this, true, nullptr);
  return promise->then(turn, turn.undefined(), turn.undefined());
}

js::Promise RpcProperty::then(js::Turn& turn, v8::Local<v8::Value> fulfilled,
                              v8::Local<v8::Value> rejected) {
  return thenOf(turn, read(turn), fulfilled, rejected);
}

js::Promise RpcProperty::catch_(js::Turn& turn, v8::Local<v8::Value> rejected) {
  return thenOf(turn, read(turn), turn.undefined(), rejected);
}

js::Promise RpcProperty::finally(js::Turn& turn, v8::Local<v8::Value> done) {
  return finallyOf(turn, read(turn), done);
}

Remote::Way RpcProperty::begin(js::Turn& turn, kj::Vector<kj::String>& reversedPath) {
  reversedPath.add(kj::str(name_));
  return parent_->begin(turn, reversedPath);
}

void RpcProperty::Trace(cppgc::Visitor* visitor) const {
  Remote::Trace(visitor);
  visitor->Trace(parent_);
}

// ---- tables ----

namespace {

constexpr const char* kSpec = "https://developers.cloudflare.com/workers/runtime-apis/rpc/";

constexpr js::Member kTargetMembers[] = {js::constructor<&RpcTarget::create>()};
constexpr js::Member kStubMembers[] = {
    js::constructor<&RpcStub::create>(),
    js::method<&RpcStub::dup>("dup"),
    js::method<&RpcStub::dispose>(nullptr).alsoAs(js::Symbol::Dispose),
};
constexpr js::Member kPromiseMembers[] = {
    js::method<&RpcPromise::then>("then"),
    js::method<&RpcPromise::catch_>("catch"),
    js::method<&RpcPromise::finally>("finally"),
    js::method<&RpcPromise::dispose>(nullptr).alsoAs(js::Symbol::Dispose),
};
constexpr js::Member kPropertyMembers[] = {
    js::method<&RpcProperty::then>("then"),
    js::method<&RpcProperty::catch_>("catch"),
    js::method<&RpcProperty::finally>("finally"),
};

}  // namespace

constinit const js::Class RpcTarget::kClass{.name = kClassName,
                                            .spec = kSpec,
                                            .members = kTargetMembers,
                                            .exposed = false,
                                            .constructorName = "RpcTarget"};
constinit const js::Class RpcStub::kClass{.name = kClassName,
                                          .spec = kSpec,
                                          .members = kStubMembers,
                                          .exposed = false,
                                          .constructorName = "RpcStub",
                                          .wildcard = &remoteMember,
                                          .call = &callRemote};
constinit const js::Class RpcPromise::kClass{.name = kClassName,
                                             .spec = kSpec,
                                             .members = kPromiseMembers,
                                             .exposed = false,
                                             .constructorName = "RpcPromise",
                                             .wildcard = &remoteMember,
                                             .call = &callRemote};
constinit const js::Class RpcProperty::kClass{.name = kClassName,
                                              .spec = kSpec,
                                              .members = kPropertyMembers,
                                              .exposed = false,
                                              .constructorName = "RpcProperty",
                                              .wildcard = &remoteMember,
                                              .call = &callRemote};
constinit const js::Class Reference::kClass{.name = kClassName, .exposed = false};

void install(js::GlobalBuilder& global) {
  global.add(RpcTarget::kClass)
      .add(RpcStub::kClass)
      .add(RpcPromise::kClass)
      .add(RpcProperty::kClass)
      .add(Reference::kClass)
      .add(kRpc);
}

}  // namespace ocapd::rpc
