#include "src/api/events/scope_events.h"

#include "src/api/events/events.h"
#include "src/js/isolate.h"

namespace ocapd::api {

namespace {

v8::Local<v8::Value> call(js::Turn& turn, kj::StringPtr function,
                          std::initializer_list<v8::Local<v8::Value>> arguments) {
  auto builtin = turn.isolate().builtin(turn, kEvents);
  return turn.check(turn.get(builtin, function)
                        .As<v8::Function>()
                        ->Call(turn.context, turn.undefined(), int(arguments.size()),
                               const_cast<v8::Local<v8::Value>*>(arguments.begin())));
}

}  // namespace

bool scopeHasListeners(js::Turn& turn, kj::StringPtr type) {
  return call(turn, "scopeHasListeners", {turn.string(type)})->IsTrue();
}

kj::Maybe<v8::Local<v8::Value>> dispatchFetch(js::Turn& turn, v8::Local<v8::Value> request) {
  auto answer = call(turn, "dispatchFetch", {request});
  if (!answer->IsObject()) return nullptr;
  return turn.get(answer.As<v8::Object>(), "value");
}

void dispatchScheduled(js::Turn& turn, v8::Local<v8::Value> controller) {
  call(turn, "dispatchScheduled", {controller});
}

void dispatchQueue(js::Turn& turn, v8::Local<v8::Value> batch) {
  call(turn, "dispatchQueue", {batch});
}

bool dispatchRejection(js::Turn& turn, kj::StringPtr type, v8::Local<v8::Value> promise,
                       v8::Local<v8::Value> reason) {
  return call(turn, "dispatchRejection", {turn.string(type), promise, reason})->IsTrue();
}

}  // namespace ocapd::api
