#include "src/js/dom_exception.h"

#include <v8-container.h>
#include <v8-object.h>

#include "src/js/dom_exception_js.h"
#include "src/js/isolate.h"

namespace ocapd::js {

namespace {

// On every DOMException, where native code sees it without running JavaScript.
v8::Local<v8::Private> brandOf(v8::Isolate* isolate) {
  return v8::Private::ForApi(isolate,
                             v8::String::NewFromUtf8Literal(isolate, "ocapd:DOMException",
                                                            v8::NewStringType::kInternalized));
}

void brand(Turn& turn, v8::Local<v8::Object> made) {
  turn.check(made->SetPrivate(turn.context, brandOf(turn.v8), v8::True(turn.v8)));
}

constexpr Member kNatives[] = {function<&brand>("brand")};

v8::Local<v8::Value> call(Turn& turn, kj::StringPtr function,
                          std::initializer_list<v8::Local<v8::Value>> arguments) {
  auto builtin = turn.isolate().builtin(turn, kDomException);
  return turn.check(turn.get(builtin, function)
                        .As<v8::Function>()
                        ->Call(turn.context, turn.undefined(), int(arguments.size()),
                               const_cast<v8::Local<v8::Value>*>(arguments.begin())));
}

}  // namespace

constinit const Builtin kDomException{
    .name = "DOMException", .source = kDomExceptionJs, .natives = kNatives};

bool isDomException(Turn& turn, v8::Local<v8::Object> object) {
  return object->HasPrivate(turn.context, brandOf(turn.v8)).FromMaybe(false);
}

v8::Local<v8::Value> newDomException(Turn& turn, kj::StringPtr name, kj::StringPtr message) {
  return call(turn, "create", {turn.string(message), turn.string(name)});
}

v8::Local<v8::Object> newDomException(Turn& turn, const DomExceptionParts& parts) {
  return call(turn, "create", {parts.message, parts.name, parts.stack}).As<v8::Object>();
}

kj::Maybe<DomExceptionParts> domExceptionParts(Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsObject() || !isDomException(turn, value.As<v8::Object>())) return nullptr;
  auto array = call(turn, "parts", {value}).As<v8::Array>();
  return DomExceptionParts{turn.check(array->Get(turn.context, 0)),
                           turn.check(array->Get(turn.context, 1)),
                           turn.check(array->Get(turn.context, 2))};
}

}  // namespace ocapd::js
