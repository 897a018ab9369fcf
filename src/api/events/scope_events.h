// Events dispatched to the global object: those of service-worker scripts, and promise rejections.
//
// Errors    a listener's exception is the caller's.
#pragma once

#include "src/js/turn.h"

namespace ocapd::api {

bool scopeHasListeners(js::Turn& turn, kj::StringPtr type);

// What a listener passed to respondWith(); none when nobody answered.
kj::Maybe<v8::Local<v8::Value>> dispatchFetch(js::Turn& turn, v8::Local<v8::Value> request);
void dispatchScheduled(js::Turn& turn, v8::Local<v8::Value> controller);
void dispatchQueue(js::Turn& turn, v8::Local<v8::Value> batch);

// "unhandledrejection" or "rejectionhandled". False when a listener prevented the default.
bool dispatchRejection(js::Turn& turn, kj::StringPtr type, v8::Local<v8::Value> promise,
                       v8::Local<v8::Value> reason);

}  // namespace ocapd::api
