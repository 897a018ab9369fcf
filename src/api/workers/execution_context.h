// ExecutionContext: the third parameter of an event handler, `ctx`.
//
// Owns      the parsed props.
// Errors    waitUntil() after the event has ended throws the cross-request error.
// Spec      https://developers.cloudflare.com/workers/runtime-apis/context/
#pragma once

#include "src/api/io/io_context.h"
#include "src/channel/props.h"
#include "src/js/class.h"

namespace ocapd::api {

class ExecutionContext final : public js::Object {
 public:
  static constexpr const char* kClassName = "ExecutionContext";
  static const js::Class kClass;

  explicit ExecutionContext(kj::Maybe<kj::Own<channel::Props>> props)
      : propsSource_(kj::mv(props)) {}

  void waitUntil(js::Turn& turn, v8::Local<v8::Value> promise);
  void passThroughOnException(js::Turn& turn);
  v8::Local<v8::Value> props(js::Turn& turn);
  v8::Local<v8::Value> exports(js::Turn& turn);
  void abort(js::Turn& turn, v8::Local<v8::Value> reason);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  kj::Maybe<kj::Own<channel::Props>> propsSource_;
  v8::TracedReference<v8::Value> props_;  // read when first asked for
};

}  // namespace ocapd::api
