#include "src/worker/entrypoint.h"

#include "src/api/events/scope_events.h"
#include "src/api/workers/entrypoint_classes.h"
#include "src/js/isolate.h"

namespace ocapd::worker {

namespace {

bool extends(js::Turn& turn, v8::Local<v8::Value> cls, const js::Class& base) {
  auto wanted =
      turn.check(turn.isolate().classTemplate(base)->GetFunction(turn.context)).As<v8::Value>();
  v8::Local<v8::Value> each = cls;
  while (each->IsObject()) {
    if (each == wanted) return true;
    each = each.As<v8::Object>()->GetPrototypeV2();
  }
  return false;
}

}  // namespace

Entrypoint classifyExport(js::Turn& turn, kj::StringPtr name, v8::Local<v8::Value> exported) {
  if (!exported->IsObject()) {
    // Pinned text.
    throw js::Error::type("Incorrect type for map entry '", name,
                          "': the provided value is not of type 'function or ExportedHandler'.");
  }
  Entrypoint entrypoint;
  entrypoint.name = kj::str(name);
  entrypoint.value.Reset(turn.v8, exported.As<v8::Object>());
  if (exported->IsFunction()) {
    if (extends(turn, exported, api::WorkerEntrypoint::kClass)) {
      entrypoint.kind = Entrypoint::Kind::Class;
    } else if (extends(turn, exported, api::WorkflowEntrypoint::kClass)) {
      entrypoint.kind = Entrypoint::Kind::Workflow;
    } else {
      entrypoint.kind = Entrypoint::Kind::ActorClass;
      entrypoint.supportsRpc = extends(turn, exported, api::DurableObjectBase::kClass);
    }
    return entrypoint;
  }
  auto fetch = turn.get(exported.As<v8::Object>(), "fetch");
  if (fetch->IsFunction()) entrypoint.fetch.Reset(turn.v8, fetch.As<v8::Function>());
  return entrypoint;
}

bool Entrypoint::hasHandler(js::Turn& turn, kj::StringPtr handler) const {
  if (kind == Kind::Script) return api::scopeHasListeners(turn, handler);
  auto object = value.Get(turn.v8);
  if (kind == Kind::Handlers) return turn.get(object, handler)->IsFunction();
  auto prototype = turn.get(object, "prototype");
  return prototype->IsObject() && turn.get(prototype.As<v8::Object>(), handler)->IsFunction();
}

}  // namespace ocapd::worker
