#include "src/api/workers/workers_module.h"

#include <stdio.h>
#include <unistd.h>

#include "src/api/fetch/fetcher.h"
#include "src/api/io/io_context.h"
#include "src/api/io/worker_host.h"
#include "src/api/workers/entrypoint_classes.h"
#include "src/api/workers/workers_module_js.h"
#include "src/rpc/stub.h"

namespace ocapd::api {

namespace {

v8::Local<v8::Value> currentEnv(js::Turn& turn) {
  if (WorkerHost::of(turn).has(compat::CompatFlag::DisallowImportableEnv)) return turn.undefined();
  return WorkerHost::of(turn).env(turn);
}

v8::Local<v8::Value> currentExports(js::Turn& turn) {
  auto& host = WorkerHost::of(turn);
  if (host.has(compat::CompatFlag::DisallowImportableEnv)) return turn.undefined();
  return host.exports(turn);
}

v8::Local<v8::Value> frame(js::Turn& turn) {
  return turn.v8->GetContinuationPreservedEmbedderData();
}

void setFrame(js::Turn& turn, v8::Local<v8::Value> frame) {
  turn.v8->SetContinuationPreservedEmbedderData(frame);
}

void waitUntil(js::Turn& turn, v8::Local<v8::Value> promise) {
  IoContext::current(turn).waitUntil(turn, promise);
}

// Ends the process, as documented: a worker's last resort in a development server of its own.
// Differs: the reference's process dies by a signal; here it exits.
void abortIsolate(js::Turn& turn, v8::Local<v8::Value> reason) {
  auto text = reason->IsUndefined() ? kj::str("(none)")
                                    : turn.utf8(turn.check(reason->ToString(turn.context)));
  fprintf(stderr, "abortIsolate() called, terminating process; reason = %s\n", text.cStr());
  fflush(stderr);
  _exit(1);
}

constexpr js::Member kNatives[] = {
    js::function<&currentEnv>("currentEnv"), js::function<&currentExports>("currentExports"),
    js::function<&frame>("frame"),           js::function<&setFrame>("setFrame"),
    js::function<&waitUntil>("waitUntil"),   js::function<&abortIsolate>("abortIsolate"),
};

v8::Local<v8::Value> constructorOf(js::Turn& turn, const js::Class& cls) {
  return turn.check(turn.isolate().classTemplate(cls)->GetFunction(turn.context));
}

}  // namespace

constinit const js::Builtin kWorkersModule{
    .name = "workersModule", .source = kWorkersModuleJs, .natives = kNatives};

v8::Local<v8::Object> workersModule(js::Turn& turn) {
  auto exports = turn.isolate().builtin(turn, kWorkersModule);
  turn.set(exports, "DurableObject", constructorOf(turn, DurableObjectBase::kClass));
  turn.set(exports, "RpcPromise", constructorOf(turn, rpc::RpcPromise::kClass));
  turn.set(exports, "RpcProperty", constructorOf(turn, rpc::RpcProperty::kClass));
  turn.set(exports, "RpcStub", constructorOf(turn, rpc::RpcStub::kClass));
  turn.set(exports, "RpcTarget", constructorOf(turn, rpc::RpcTarget::kClass));
  turn.set(exports, "ServiceStub", constructorOf(turn, Fetcher::kClass));
  turn.set(exports, "WorkerEntrypoint", constructorOf(turn, WorkerEntrypoint::kClass));
  turn.set(exports, "WorkflowEntrypoint", constructorOf(turn, WorkflowEntrypoint::kClass));
  return exports;
}

}  // namespace ocapd::api
