// WorkerEntrypoint, DurableObject and WorkflowEntrypoint: what the classes of a worker
// extend to say what they are. Exports of "cloudflare:workers".
//
// Spec      https://developers.cloudflare.com/workers/runtime-apis/rpc/
#pragma once

#include "src/js/class.h"

namespace ocapd::api {

// An instance has own properties `ctx` and `env`, the constructor's parameters.
class WorkerEntrypoint final : public js::Object {
 public:
  static constexpr const char* kClassName = "WorkerEntrypoint";
  static const js::Class kClass;
  static WorkerEntrypoint* create(js::Turn& turn, js::Arguments arguments,
                                  v8::Local<v8::Object> ctx, v8::Local<v8::Object> env);
  const js::Class& jsClass() const override { return kClass; }
};

class DurableObjectBase final : public js::Object {
 public:
  static constexpr const char* kClassName = "DurableObjectBase";
  static const js::Class kClass;
  static DurableObjectBase* create(js::Turn& turn, js::Arguments arguments,
                                   v8::Local<v8::Object> ctx, v8::Local<v8::Object> env);
  const js::Class& jsClass() const override { return kClass; }
};

class WorkflowEntrypoint final : public js::Object {
 public:
  static constexpr const char* kClassName = "WorkflowEntrypoint";
  static const js::Class kClass;
  static WorkflowEntrypoint* create(js::Turn& turn, js::Arguments arguments,
                                    v8::Local<v8::Object> ctx, v8::Local<v8::Object> env);
  const js::Class& jsClass() const override { return kClass; }
};

}  // namespace ocapd::api
