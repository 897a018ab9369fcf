#include "src/api/events/abort_signal.h"

#include "src/api/events/events.h"
#include "src/js/isolate.h"

namespace ocapd {

namespace {

v8::Local<v8::Value> call(js::Turn& turn, kj::StringPtr function,
                          std::initializer_list<v8::Local<v8::Value>> arguments) {
  auto builtin = turn.isolate().builtin(turn, api::kEvents);
  return turn.check(turn.get(builtin, function)
                        .As<v8::Function>()
                        ->Call(turn.context, turn.undefined(), int(arguments.size()),
                               const_cast<v8::Local<v8::Value>*>(arguments.begin())));
}

}  // namespace

namespace api {

AbortSignal AbortSignal::create(js::Turn& turn) {
  return {call(turn, "newAbortSignal", {}).As<v8::Object>()};
}

void AbortSignal::abort(js::Turn& turn, v8::Local<v8::Value> reason) const {
  call(turn, "signalAbort", {object, reason});
}

kj::Maybe<v8::Local<v8::Value>> AbortSignal::reason(js::Turn& turn) const {
  auto reason = call(turn, "abortReason", {object});
  if (!reason->IsObject()) return nullptr;
  return turn.get(reason.As<v8::Object>(), "value");
}

void AbortSignal::onAbort(js::Turn& turn, js::Turn::Native algorithm) const {
  call(turn, "onAbort", {object, turn.function(kj::mv(algorithm))});
}

}  // namespace api

namespace js {

api::AbortSignal Convert<api::AbortSignal>::from(Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsObject() || !call(turn, "isAbortSignal", {value})->IsTrue()) {
    throw TypeMismatch{kName};
  }
  return {value.As<v8::Object>()};
}

}  // namespace js

}  // namespace ocapd
