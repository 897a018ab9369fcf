#include "src/js/dom_exception.h"

#include <v8-container.h>

#include "src/js/dom_exception_js.h"
#include "src/js/isolate.h"

namespace ocapd::js {

constinit const Builtin kDomException{.name = "DOMException", .source = kDomExceptionJs};

namespace {

v8::Local<v8::Value> call(Turn& turn, kj::StringPtr function,
                          std::initializer_list<v8::Local<v8::Value>> arguments) {
  auto builtin = turn.isolate().builtin(turn, kDomException);
  return turn.check(turn.get(builtin, function)
                        .As<v8::Function>()
                        ->Call(turn.context, turn.undefined(), int(arguments.size()),
                               const_cast<v8::Local<v8::Value>*>(arguments.begin())));
}

}  // namespace

v8::Local<v8::Value> newDomException(Turn& turn, kj::StringPtr name, kj::StringPtr message) {
  return call(turn, "create", {turn.string(message), turn.string(name)});
}

v8::Local<v8::Object> newDomException(Turn& turn, const DomExceptionParts& parts) {
  return call(turn, "create", {parts.message, parts.name, parts.stack}).As<v8::Object>();
}

kj::Maybe<DomExceptionParts> domExceptionParts(Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsObject()) return nullptr;
  auto parts = call(turn, "parts", {value});
  if (!parts->IsArray()) return nullptr;
  auto array = parts.As<v8::Array>();
  return DomExceptionParts{turn.check(array->Get(turn.context, 0)),
                           turn.check(array->Get(turn.context, 1)),
                           turn.check(array->Get(turn.context, 2))};
}

}  // namespace ocapd::js
