#include <v8-container.h>
#include <v8-debug.h>
#include <v8-external.h>
#include <v8-proxy.h>

#include "src/api/node/bindings/tables.h"

namespace ocapd::api::node {

namespace {

v8::Local<v8::Value> arrayOf(js::Turn& turn, std::initializer_list<v8::Local<v8::Value>> elements) {
  return v8::Array::New(turn.v8, const_cast<v8::Local<v8::Value>*>(elements.begin()),
                        elements.size());
}

v8::Local<v8::Value> getOwnNonIndexProperties(js::Turn& turn, v8::Local<v8::Object> object,
                                              uint32_t filter) {
  return turn.check(object->GetPropertyNames(turn.context, v8::KeyCollectionMode::kOwnOnly,
                                             v8::PropertyFilter(filter),
                                             v8::IndexFilter::kSkipIndices));
}

v8::Local<v8::Value> getConstructorName(js::Turn&, v8::Local<v8::Object> object) {
  return object->GetConstructorName();
}

v8::Local<v8::Value> getExternalValue(js::Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsExternal()) return turn.undefined();
  auto address = reinterpret_cast<uint64_t>(value.As<v8::External>()->Value());
  return v8::BigInt::NewFromUnsigned(turn.v8, address);
}

v8::Local<v8::Value> getPromiseDetails(js::Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsPromise()) return turn.undefined();
  auto promise = value.As<v8::Promise>();
  auto state = v8::Integer::New(turn.v8, promise->State());
  if (promise->State() == v8::Promise::kPending) return arrayOf(turn, {state});
  return arrayOf(turn, {state, promise->Result()});
}

// With a second argument that is false: the target alone.
v8::Local<v8::Value> getProxyDetails(js::Turn& turn, v8::Local<v8::Value> value,
                                     v8::Local<v8::Value> both) {
  if (!value->IsProxy()) return turn.undefined();
  auto proxy = value.As<v8::Proxy>();
  if (both->IsUndefined() || both->IsTrue()) {
    return arrayOf(turn, {proxy->GetTarget(), proxy->GetHandler()});
  }
  return proxy->GetTarget();
}

// With a second argument: [entries, whether they are keys and values in turns].
v8::Local<v8::Value> previewEntries(js::Turn& turn, js::Arguments call,
                                    v8::Local<v8::Value> value) {
  if (!value->IsObject()) return turn.undefined();
  bool isKeyValue = false;
  v8::Local<v8::Array> entries;
  if (!value.As<v8::Object>()->PreviewEntries(&isKeyValue).ToLocal(&entries)) {
    return turn.undefined();
  }
  if (call.info.Length() < 2) return entries;
  return arrayOf(turn, {entries, v8::Boolean::New(turn.v8, isKeyValue)});
}

v8::Local<v8::Value> getCallSites(js::Turn& turn, uint32_t frames) {
  constexpr uint32_t kFramesMax = 200;
  // One more: the frame of the function that asks.
  auto stack = v8::StackTrace::CurrentStackTrace(turn.v8, int(kj::min(frames, kFramesMax)) + 1);
  auto result = v8::Array::New(turn.v8);
  for (int i = 1; i < stack->GetFrameCount(); ++i) {
    auto frame = stack->GetFrame(turn.v8, uint32_t(i));
    auto orEmpty = [&](v8::Local<v8::String> text) {
      return text.IsEmpty() ? v8::String::Empty(turn.v8) : text;
    };
    auto site = v8::Object::New(turn.v8);
    turn.set(site, "functionName", orEmpty(frame->GetFunctionName()));
    turn.set(site, "scriptId", turn.string(kj::str(frame->GetScriptId())));
    turn.set(site, "scriptName", orEmpty(frame->GetScriptName()));
    turn.set(site, "lineNumber", v8::Integer::New(turn.v8, frame->GetLineNumber()));
    turn.set(site, "columnNumber", v8::Integer::New(turn.v8, frame->GetColumn()));
    turn.set(site, "column", v8::Integer::New(turn.v8, frame->GetColumn()));
    turn.check(result->CreateDataProperty(turn.context, uint32_t(i - 1), site));
  }
  return result;
}

bool isConstructor(js::Turn&, v8::Local<v8::Value> value) {
  return value->IsFunction() && value.As<v8::Function>()->IsConstructor();
}

bool arrayBufferViewHasBuffer(js::Turn&, v8::Local<v8::Value> value) {
  return value->IsArrayBufferView() && value.As<v8::ArrayBufferView>()->HasBuffer();
}

// An object whose values are private symbols, by their names: keys that nobody sees.
v8::Local<v8::Value> privateSymbols(js::Turn& turn, v8::Local<v8::Object> names) {
  auto made = v8::ObjectTemplate::New(turn.v8);
  auto list = names.As<v8::Array>();
  for (uint32_t i = 0; i < list->Length(); ++i) {
    auto name = turn.check(list->Get(turn.context, i)).As<v8::String>();
    made->Set(name, v8::Private::New(turn.v8, name));
  }
  return turn.check(made->NewInstance(turn.context));
}

constexpr js::Member kFunctions[] = {
    js::function<&getOwnNonIndexProperties>("getOwnNonIndexProperties"),
    js::function<&getConstructorName>("getConstructorName"),
    js::function<&getExternalValue>("getExternalValue"),
    js::function<&getPromiseDetails>("getPromiseDetails"),
    js::function<&getProxyDetails>("getProxyDetails"),
    js::function<&previewEntries>("previewEntries"),
    js::function<&getCallSites>("getCallSites"),
    js::function<&isConstructor>("isConstructor"),
    js::function<&arrayBufferViewHasBuffer>("arrayBufferViewHasBuffer"),
    js::function<&privateSymbols>("privateSymbols"),
};

}  // namespace

constinit const Binding kUtil{"util", kFunctions};

}  // namespace ocapd::api::node
