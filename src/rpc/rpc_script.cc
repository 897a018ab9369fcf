#include "src/rpc/rpc_script.h"

#include "src/js/isolate.h"
#include "src/rpc/reference.h"
#include "src/rpc/rpc_js.h"

namespace ocapd::rpc {

namespace {

bool isProxy(v8::Local<v8::Value> value) {
  return value->IsProxy();
}
bool isMap(v8::Local<v8::Value> value) {
  return value->IsMap();
}
bool isSet(v8::Local<v8::Value> value) {
  return value->IsSet();
}
v8::Local<v8::Value> referenceTo(js::Turn& turn, v8::Local<v8::Object> object) {
  return turn.wrap(*turn.make<Reference>(turn, object));
}

constexpr js::Member kNatives[] = {
    js::function<&isProxy>("isProxy"),
    js::function<&isMap>("isMap"),
    js::function<&isSet>("isSet"),
    js::function<&referenceTo>("referenceTo"),
};

}  // namespace

constinit const js::Builtin kRpc{.name = "rpc", .source = kRpcJs, .natives = kNatives};

v8::Local<v8::Value> callScript(js::Turn& turn, kj::StringPtr function,
                                std::initializer_list<v8::Local<v8::Value>> arguments) {
  auto builtin = turn.isolate().builtin(turn, kRpc);
  return turn.check(turn.get(builtin, function)
                        .As<v8::Function>()
                        ->Call(turn.context, turn.undefined(), int(arguments.size()),
                               const_cast<v8::Local<v8::Value>*>(arguments.begin())));
}

v8::Local<v8::Value> objectPrototype(js::Turn& turn) {
  return turn.get(turn.isolate().builtin(turn, kRpc), "ObjectPrototype");
}

v8::Local<v8::Value> prototypeOf(js::Turn& turn, v8::Local<v8::Object> object) {
  if (!object->IsProxy()) return object->GetPrototypeV2();
  return callScript(turn, "getPrototypeOf", {object});
}

}  // namespace ocapd::rpc
