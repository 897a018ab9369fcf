#include "src/api/workers/entrypoint_classes.h"

namespace ocapd::api {

namespace {

// As ordinary own properties: a subclass may shadow them.
void setContextAndEnv(js::Turn& turn, const js::Arguments& arguments, v8::Local<v8::Object> ctx,
                      v8::Local<v8::Object> env) {
  auto self = arguments.info.This();
  turn.check(self->CreateDataProperty(turn.context, turn.name("ctx"), ctx));
  turn.check(self->CreateDataProperty(turn.context, turn.name("env"), env));
}

}  // namespace

WorkerEntrypoint* WorkerEntrypoint::create(js::Turn& turn, js::Arguments arguments,
                                           v8::Local<v8::Object> ctx, v8::Local<v8::Object> env) {
  setContextAndEnv(turn, arguments, ctx, env);
  return turn.make<WorkerEntrypoint>();
}

DurableObjectBase* DurableObjectBase::create(js::Turn& turn, js::Arguments arguments,
                                             v8::Local<v8::Object> ctx, v8::Local<v8::Object> env) {
  setContextAndEnv(turn, arguments, ctx, env);
  return turn.make<DurableObjectBase>();
}

WorkflowEntrypoint* WorkflowEntrypoint::create(js::Turn& turn, js::Arguments arguments,
                                               v8::Local<v8::Object> ctx,
                                               v8::Local<v8::Object> env) {
  setContextAndEnv(turn, arguments, ctx, env);
  return turn.make<WorkflowEntrypoint>();
}

namespace {

constexpr js::Member kWorkerEntrypoint[] = {js::constructor<&WorkerEntrypoint::create>()};
constexpr js::Member kDurableObject[] = {js::constructor<&DurableObjectBase::create>()};
constexpr js::Member kWorkflowEntrypoint[] = {js::constructor<&WorkflowEntrypoint::create>()};
constexpr const char* kSpec = "https://developers.cloudflare.com/workers/runtime-apis/rpc/";

}  // namespace

constinit const js::Class WorkerEntrypoint::kClass{
    .name = kClassName, .spec = kSpec, .members = kWorkerEntrypoint, .exposed = false};
constinit const js::Class DurableObjectBase::kClass{
    .name = kClassName, .spec = kSpec, .members = kDurableObject, .exposed = false};
constinit const js::Class WorkflowEntrypoint::kClass{
    .name = kClassName, .spec = kSpec, .members = kWorkflowEntrypoint, .exposed = false};

}  // namespace ocapd::api
