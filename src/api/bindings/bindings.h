// Bindings of the config whose objects are made by a built-in script: each is a class over requests
// to the service that the binding names.
//
// Owns      nothing: the objects hold the service's Fetcher.
// Threads   the lane's.
// Spec      https://developers.cloudflare.com/workers/runtime-apis/bindings/
#pragma once

#include "src/api/fetch/fetcher.h"
#include "src/js/global_builder.h"

namespace ocapd::api {

// After fetch, events, forms and the streams.
extern const js::Builtin kBindings;

enum class BindingKind : uint8_t { KvNamespace, R2Bucket, Queue, AnalyticsEngine };

// What is bound, over requests to `service`. `dataset` is an analytics engine's; others ignore it.
v8::Local<v8::Value> newBinding(js::Turn& turn, BindingKind kind,
                                kj::Own<channel::ServiceChannel> service, kj::StringPtr dataset);

// A database behind `service`: connections to a host name of its own lead there.
struct HyperdriveOptions {
  kj::StringPtr database;
  kj::StringPtr user;
  kj::StringPtr password;
  kj::StringPtr scheme;
};
v8::Local<v8::Value> newHyperdrive(js::Turn& turn, kj::Own<channel::ServiceChannel> service,
                                   const HyperdriveOptions& options);

// The exports of a module that makes an object of other bindings, such as
// "cloudflare-internal:d1-api"; none when there is no such module.
kj::Maybe<v8::Local<v8::Object>> wrappedBindingModule(js::Turn& turn, kj::StringPtr specifier);

}  // namespace ocapd::api
