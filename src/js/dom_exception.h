// DOMException: the exception of web standards, a built-in script (dom_exception.js). C++ throws it
// as js::Error::dom(name, ...).
//
// Spec      https://webidl.spec.whatwg.org/#idl-DOMException
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::js {

// In every GlobalBuilder.
extern const Builtin kDomException;

v8::Local<v8::Value> newDomException(Turn& turn, kj::StringPtr name, kj::StringPtr message);

// Runs no JavaScript.
bool isDomException(Turn& turn, v8::Local<v8::Object> object);

// The parts of a DOMException that survive cloning; empty for any other value.
struct DomExceptionParts {
  v8::Local<v8::Value> name;
  v8::Local<v8::Value> message;
  v8::Local<v8::Value> stack;
};
kj::Maybe<DomExceptionParts> domExceptionParts(Turn& turn, v8::Local<v8::Value> value);
v8::Local<v8::Object> newDomException(Turn& turn, const DomExceptionParts& parts);

}  // namespace ocapd::js
