// atob() and btoa().
//
// Errors    DOMException InvalidCharacterError.
// Spec      https://html.spec.whatwg.org/multipage/webappapis.html#atob
#pragma once

#include "src/js/class.h"

namespace ocapd::api {

v8::Local<v8::Value> atob(js::Turn& turn, v8::Local<v8::String> data);
v8::Local<v8::Value> btoa(js::Turn& turn, v8::Local<v8::String> data);

extern const js::Member kAtob;
extern const js::Member kBtoa;

}  // namespace ocapd::api
