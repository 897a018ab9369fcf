// LoopbackServiceStub: an entrypoint of the worker itself, in `ctx.exports`. Calling it with
// `{props}` gives a service binding with these props.
//
// Errors    DataCloneError for props that cannot be; see rpc/props.h.
// Spec      https://developers.cloudflare.com/workers/runtime-apis/context/#exports
#pragma once

#include "src/api/fetch/fetcher.h"

namespace ocapd::api {

class LoopbackServiceStub final : public Fetcher {
 public:
  static constexpr const char* kClassName = "LoopbackServiceStub";
  static const js::Class kClass;

  LoopbackServiceStub(kj::Own<channel::ServiceChannel> channel, kj::String entrypoint)
      : Fetcher(kj::mv(channel)), entrypoint_(kj::mv(entrypoint)) {}

  Fetcher* specialize(js::Turn& turn, v8::Local<v8::Value> options);

  const js::Class& jsClass() const override { return kClass; }

 private:
  kj::String entrypoint_;
};

}  // namespace ocapd::api
