// Tells a worker's author of an exception that nobody caught.
//
// Differs: no event is fired at the global object; the worker's console shows the error.
// Spec      https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception
#pragma once

#include "src/js/convert.h"

namespace ocapd::api {

// A parameter that must be there and may be anything.
struct AnyValue {
  v8::Local<v8::Value> value;
};

void reportError(js::Turn& turn, AnyValue error);

}  // namespace ocapd::api

namespace ocapd::js {

template <>
struct Convert<api::AnyValue> {
  static constexpr const char* kName = "Value";
  static api::AnyValue from(Turn&, v8::Local<v8::Value> value) { return {value}; }
};

}  // namespace ocapd::js
