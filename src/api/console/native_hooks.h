// What the console's formatter asks of the engine: native.js documents each hook.
//
// Errors    none; no hook runs user code.
#pragma once

#include "src/js/class.h"

namespace ocapd::api {

v8::Local<v8::Value> kindOf(js::Turn& turn, v8::Local<v8::Value> value);
v8::Local<v8::Value> getProxyDetails(js::Turn& turn, v8::Local<v8::Value> proxy);
v8::Local<v8::Value> getPromiseState(js::Turn& turn, v8::Local<v8::Value> promise);
v8::Local<v8::Value> previewEntries(js::Turn& turn, v8::Local<v8::Object> collection);
v8::Local<v8::Value> ownNonIndexKeys(js::Turn& turn, v8::Local<v8::Object> object,
                                     bool onlyEnumerable);
v8::Local<v8::Value> describeApi(js::Turn& turn, v8::Local<v8::Value> value);

}  // namespace ocapd::api
