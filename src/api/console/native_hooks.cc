#include "src/api/console/native_hooks.h"

#include <v8-container.h>
#include <v8-proxy.h>

namespace ocapd::api {

namespace {

v8::Local<v8::Value> list(js::Turn& turn, std::vector<v8::Local<v8::Value>> elements) {
  return v8::Array::New(turn.v8, elements.data(), elements.size());
}

kj::StringPtr kindName(js::Turn& turn, v8::Local<v8::Value> value) {
  if (value->IsProxy()) return "Proxy"_kj;
  if (turn.unwrapAny(value) != nullptr) return "Api"_kj;
  if (value->IsArray()) return "Array"_kj;
  if (value->IsTypedArray()) return "TypedArray"_kj;
  if (value->IsDataView()) return "DataView"_kj;
  if (value->IsArrayBuffer()) return "ArrayBuffer"_kj;
  if (value->IsSharedArrayBuffer()) return "SharedArrayBuffer"_kj;
  if (value->IsMap()) return "Map"_kj;
  if (value->IsSet()) return "Set"_kj;
  if (value->IsWeakMap()) return "WeakMap"_kj;
  if (value->IsWeakSet()) return "WeakSet"_kj;
  if (value->IsMapIterator()) return "MapIterator"_kj;
  if (value->IsSetIterator()) return "SetIterator"_kj;
  if (value->IsPromise()) return "Promise"_kj;
  if (value->IsDate()) return "Date"_kj;
  if (value->IsRegExp()) return "RegExp"_kj;
  if (value->IsNativeError()) return "Error"_kj;
  if (value->IsArgumentsObject()) return "Arguments"_kj;
  if (value->IsModuleNamespaceObject()) return "Module"_kj;
  if (value->IsNumberObject()) return "Number"_kj;
  if (value->IsStringObject()) return "String"_kj;
  if (value->IsBooleanObject()) return "Boolean"_kj;
  if (value->IsBigIntObject()) return "BigInt"_kj;
  if (value->IsSymbolObject()) return "Symbol"_kj;
  bool isAsync = value->IsAsyncFunction();
  if (value->IsGeneratorFunction()) {
    return isAsync ? "AsyncGeneratorFunction"_kj : "GeneratorFunction"_kj;
  }
  return isAsync ? "AsyncFunction"_kj : ""_kj;
}

}  // namespace

v8::Local<v8::Value> kindOf(js::Turn& turn, v8::Local<v8::Value> value) {
  return turn.name(kindName(turn, value));
}

v8::Local<v8::Value> getProxyDetails(js::Turn& turn, v8::Local<v8::Value> value) {
  auto proxy = value.As<v8::Proxy>();
  return list(turn, {proxy->GetTarget(), proxy->GetHandler()});
}

v8::Local<v8::Value> getPromiseState(js::Turn& turn, v8::Local<v8::Value> value) {
  auto promise = value.As<v8::Promise>();
  auto state = promise->State();
  v8::Local<v8::Value> result = turn.undefined();
  if (state != v8::Promise::kPending) result = promise->Result();
  return list(turn, {v8::Integer::New(turn.v8, int(state)), result});
}

v8::Local<v8::Value> previewEntries(js::Turn& turn, v8::Local<v8::Object> collection) {
  bool isKeyValue = false;
  v8::Local<v8::Array> entries;
  if (!collection->PreviewEntries(&isKeyValue).ToLocal(&entries)) {
    entries = v8::Array::New(turn.v8, 0);
  }
  return list(turn, {entries, v8::Boolean::New(turn.v8, isKeyValue)});
}

v8::Local<v8::Value> ownNonIndexKeys(js::Turn& turn, v8::Local<v8::Object> object,
                                     bool onlyEnumerable) {
  auto filter = onlyEnumerable ? v8::ONLY_ENUMERABLE : v8::ALL_PROPERTIES;
  return turn.check(object->GetPropertyNames(turn.context, v8::KeyCollectionMode::kOwnOnly, filter,
                                             v8::IndexFilter::kSkipIndices));
}

v8::Local<v8::Value> describeApi(js::Turn& turn, v8::Local<v8::Value> value) {
  auto* native = turn.unwrapAny(value);
  if (native == nullptr) return list(turn, {turn.name(""), turn.undefined(), turn.undefined()});
  js::Preview preview;
  native->preview(turn, preview);
  auto orUndefined = [&](bool present, std::vector<v8::Local<v8::Value>>& elements) {
    return present ? list(turn, elements) : turn.undefined();
  };
  return list(turn,
              {turn.name(native->jsClass().name), orUndefined(preview.isMapLike, preview.entries),
               orUndefined(!preview.internals.empty(), preview.internals)});
}

}  // namespace ocapd::api
