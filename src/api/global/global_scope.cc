#include "src/api/global/global_scope.h"

#include <v8-container.h>

#include "src/api/forms/blob.h"
#include "src/api/global/global_scope_js.h"
#include "src/api/io/io_context.h"
#include "src/api/io/report_error.h"
#include "src/js/dictionary.h"
#include "src/js/sequence.h"
#include "src/js/structured_clone.h"

namespace ocapd::api {

namespace {

struct CloneOptions {
  static constexpr const char* kDictionaryName = "StructuredCloneOptions";
  v8::Local<v8::Value> transfer;
};

[[noreturn]] void throwNoSequence() {
  throw js::Error::type(
      "Incorrect type for the 'transfer' field on 'StructuredCloneOptions': the "
      "provided value is not of type 'Array'.");
}

v8::LocalVector<v8::Object> toTransferList(js::Turn& turn, v8::Local<v8::Value> value) {
  v8::LocalVector<v8::Object> list(turn.v8);
  if (value.IsEmpty() || value->IsUndefined()) return list;
  if (!value->IsObject()) throwNoSequence();
  auto object = value.As<v8::Object>();
  auto method = js::iteratorMethod(turn, object);
  if (!method->IsFunction()) throwNoSequence();
  auto array = v8::Array::New(turn.v8);
  js::forEachElement(turn, object, method, [&](v8::Local<v8::Value> each) {
    if (!each->IsObject()) throw js::Error::type("Object is not transferable");
    turn.check(array->CreateDataProperty(turn.context, array->Length(), each));
  });
  for (uint32_t i = 0; i < array->Length(); ++i) {
    list.push_back(turn.check(array->Get(turn.context, i)).As<v8::Object>());
  }
  return list;
}

}  // namespace

}  // namespace ocapd::api

namespace ocapd::js {

inline constexpr Field<api::CloneOptions> kCloneOptions[] = {
    field<&api::CloneOptions::transfer>("transfer"),
};
template <>
struct Convert<api::CloneOptions> : DictionaryConvert<api::CloneOptions, kCloneOptions> {};

}  // namespace ocapd::js

namespace ocapd::api {

namespace {

js::Object* copyBlob(js::Turn& turn, js::Object& object) {
  auto& blob = static_cast<Blob&>(object);
  return turn.make<Blob>(turn, blob.share(), kj::str(blob.type()));
}

constexpr js::Cloneable kCloneables[] = {{Blob::kClass, &copyBlob}};

// https://html.spec.whatwg.org/multipage/structured-data.html#dom-structuredclone
v8::Local<v8::Value> structuredClone(js::Turn& turn, AnyValue value,
                                     kj::Maybe<CloneOptions> options) {
  auto transfer = toTransferList(turn, options.orDefault(CloneOptions()).transfer);
  return js::structuredClone(turn, value.value, transfer, kCloneables);
}

constexpr js::Member kFunctions[] = {
    js::function<&structuredClone>("structuredClone"),
    js::function<&reportError>("reportError"),
};

// The event waits for it; how it ends is nobody's business.
void keepAlive(js::Turn& turn, v8::Local<v8::Value> value) {
  auto promise = value.As<v8::Promise>();
  promise->MarkAsHandled();
  auto ignore = [](js::Turn& inner, v8::Local<v8::Value>) { return inner.undefined(); };
  auto settled =
      turn.check(promise->Then(turn.context, turn.function(ignore), turn.function(ignore)));
  IoContext::current(turn).waitUntil(turn, settled);
}

constexpr js::Member kNatives[] = {js::function<&keepAlive>("keepAlive")};

constinit const js::Builtin kGlobalScope{
    .name = "Navigator", .source = kGlobalScopeJs, .natives = kNatives};

}  // namespace

void installGlobalScope(js::GlobalBuilder& global) {
  for (const js::Member& function : kFunctions) global.add(function);
  global.add(kGlobalScope);
}

}  // namespace ocapd::api
