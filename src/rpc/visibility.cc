#include "src/rpc/visibility.h"

#include "src/rpc/rpc_script.h"
#include "src/rpc/stub.h"

namespace ocapd::rpc {

namespace {

constexpr kj::StringPtr kReservedAtEntrypoints[] = {
    "fetch"_kj,          "connect"_kj,        "alarm"_kj, "webSocketMessage"_kj,
    "webSocketClose"_kj, "webSocketError"_kj, "dup"_kj,   "constructor"_kj,
};
constexpr kj::StringPtr kReserved[] = {"dup"_kj, "constructor"_kj};

// Prototype chains of Proxies may have no end.
constexpr uint kPrototypesMax = 1000;

bool isReserved(kj::StringPtr name, Root root) {
  auto names = root == Root::Entrypoint ? kj::ArrayPtr<const kj::StringPtr>(kReservedAtEntrypoints)
                                        : kj::ArrayPtr<const kj::StringPtr>(kReserved);
  for (auto each : names) {
    if (each == name) return true;
  }
  return false;
}

// What a Proxy pretends to be. Its traps may run.
Mode modeOfProxy(js::Turn& turn, v8::Local<v8::Object> proxy) {
  auto target = rpcTargetPrototype(turn);
  auto plain = objectPrototype(turn);
  v8::Local<v8::Value> each = prototypeOf(turn, proxy);
  if (each == plain) return Mode::Instance;
  for (uint i = 0; i < kPrototypesMax && each->IsObject(); ++i) {
    if (each == target) return Mode::Class;
    each = prototypeOf(turn, each.As<v8::Object>());
  }
  return proxy->IsCallable() ? Mode::Instance : Mode::None;
}

}  // namespace

Mode modeOf(js::Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsObject()) return Mode::None;
  auto object = value.As<v8::Object>();
  if (value->IsProxy()) return modeOfProxy(turn, object);
  if (auto* native = turn.unwrapAny(value)) {
    if (native->jsClass().isA(RpcTarget::kClass)) return Mode::Class;
    return isRemote(*native) ? Mode::Remote : Mode::None;
  }
  if (value->IsFunction()) return Mode::Instance;
  if (object->GetPrototypeV2() == objectPrototype(turn)) return Mode::Instance;
  return Mode::None;
}

kj::Maybe<v8::Local<v8::Value>> findMember(js::Turn& turn, v8::Local<v8::Object> object, Mode mode,
                                           Root root, v8::Local<v8::String> name) {
  auto text = turn.utf8(name);
  if (isReserved(text, root)) {
    throw js::Error::type("'", text, "' is a reserved method and cannot be called over RPC.");
  }
  switch (mode) {
    case Mode::None: return nullptr;
    case Mode::Remote: return turn.check(object->Get(turn.context, name));
    case Mode::Instance: {
      if (!turn.check(object->HasOwnProperty(turn.context, name))) return nullptr;
      auto value = turn.check(object->Get(turn.context, name));
      if (value->IsUndefined()) return nullptr;
      return value;
    }
    case Mode::Class: {
      if (turn.check(object->HasOwnProperty(turn.context, name))) return nullptr;
      auto value = turn.check(object->Get(turn.context, name));
      auto inherited = turn.check(objectPrototype(turn).As<v8::Object>()->Get(turn.context, name));
      if (value->StrictEquals(inherited)) return nullptr;
      return value;
    }
  }
  KJ_UNREACHABLE;
}

}  // namespace ocapd::rpc
