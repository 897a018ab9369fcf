// AbortSignal as native code meets it: an object of the built-in script, checked and listened to.
//
// Lives     on the stack.
// Spec      https://dom.spec.whatwg.org/#interface-AbortSignal
#pragma once

#include "src/js/convert.h"

namespace ocapd::api {

struct AbortSignal {
  v8::Local<v8::Object> object;

  // One that nothing aborts.
  static AbortSignal create(js::Turn& turn);

  void abort(js::Turn& turn, v8::Local<v8::Value> reason) const;
  // Why it has aborted; none when it has not.
  kj::Maybe<v8::Local<v8::Value>> reason(js::Turn& turn) const;
  // Runs `algorithm(turn, reason)` when it aborts, before its listeners.
  void onAbort(js::Turn& turn, js::Turn::Native algorithm) const;
};

}  // namespace ocapd::api

namespace ocapd::js {

template <>
struct Convert<api::AbortSignal> {
  static constexpr const char* kName = "AbortSignal";
  static api::AbortSignal from(Turn& turn, v8::Local<v8::Value> value);
  static v8::Local<v8::Value> to(Turn&, api::AbortSignal signal) { return signal.object; }
};

}  // namespace ocapd::js
