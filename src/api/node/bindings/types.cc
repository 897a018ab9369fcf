#include "src/api/node/bindings/tables.h"

namespace ocapd::api::node {

namespace {

template <bool (v8::Value::*kTest)() const>
bool is(js::Turn&, v8::Local<v8::Value> value) {
  return ((*value)->*kTest)();
}

template <bool (v8::Value::*... kTests)() const>
bool isAnyOf(js::Turn&, v8::Local<v8::Value> value) {
  return (... || ((*value)->*kTests)());
}

constexpr js::Member kFunctions[] = {
    js::function<&is<&v8::Value::IsExternal>>("isExternal"),
    js::function<&is<&v8::Value::IsDate>>("isDate"),
    js::function<&is<&v8::Value::IsArgumentsObject>>("isArgumentsObject"),
    js::function<&is<&v8::Value::IsBigIntObject>>("isBigIntObject"),
    js::function<&is<&v8::Value::IsBooleanObject>>("isBooleanObject"),
    js::function<&is<&v8::Value::IsNumberObject>>("isNumberObject"),
    js::function<&is<&v8::Value::IsStringObject>>("isStringObject"),
    js::function<&is<&v8::Value::IsSymbolObject>>("isSymbolObject"),
    js::function<&isAnyOf<&v8::Value::IsNumberObject, &v8::Value::IsStringObject,
                          &v8::Value::IsBooleanObject, &v8::Value::IsBigIntObject,
                          &v8::Value::IsSymbolObject>>("isBoxedPrimitive"),
    js::function<&is<&v8::Value::IsNativeError>>("isNativeError"),
    js::function<&is<&v8::Value::IsRegExp>>("isRegExp"),
    js::function<&is<&v8::Value::IsAsyncFunction>>("isAsyncFunction"),
    js::function<&is<&v8::Value::IsGeneratorFunction>>("isGeneratorFunction"),
    js::function<&is<&v8::Value::IsGeneratorObject>>("isGeneratorObject"),
    js::function<&is<&v8::Value::IsPromise>>("isPromise"),
    js::function<&is<&v8::Value::IsMap>>("isMap"),
    js::function<&is<&v8::Value::IsSet>>("isSet"),
    js::function<&is<&v8::Value::IsMapIterator>>("isMapIterator"),
    js::function<&is<&v8::Value::IsSetIterator>>("isSetIterator"),
    js::function<&is<&v8::Value::IsWeakMap>>("isWeakMap"),
    js::function<&is<&v8::Value::IsWeakSet>>("isWeakSet"),
    js::function<&is<&v8::Value::IsArrayBuffer>>("isArrayBuffer"),
    js::function<&is<&v8::Value::IsDataView>>("isDataView"),
    js::function<&is<&v8::Value::IsSharedArrayBuffer>>("isSharedArrayBuffer"),
    js::function<&is<&v8::Value::IsProxy>>("isProxy"),
    js::function<&is<&v8::Value::IsModuleNamespaceObject>>("isModuleNamespaceObject"),
    js::function<&isAnyOf<&v8::Value::IsArrayBuffer, &v8::Value::IsSharedArrayBuffer>>(
        "isAnyArrayBuffer"),
};

}  // namespace

constinit const Binding kTypes{"types", kFunctions};

}  // namespace ocapd::api::node
