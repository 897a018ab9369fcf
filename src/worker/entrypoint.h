// Entrypoint: one export of a worker's main module that can receive events.
//
// Owns      handles into the isolate.
// Lives     as long as its Worker.
// Threads   its lane.
// See       https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/rpc/
#pragma once

#include <kj/string.h>
#include <v8-persistent-handle.h>

#include "src/js/turn.h"

namespace ocapd::worker {

struct Entrypoint {
  enum class Kind : uint8_t {
    Handlers,    // an object with handler functions
    Class,       // extends WorkerEntrypoint: an instance for each event
    ActorClass,  // extends DurableObject, or any other class or function
    Workflow,    // extends WorkflowEntrypoint
    Script,      // listeners of the global object (service-worker syntax)
  };

  kj::String name;
  Kind kind = Kind::Handlers;
  bool supportsRpc = true;         // ActorClass: declared with `extends DurableObject`
  v8::Global<v8::Object> value;    // the object or the class; empty for Script
  v8::Global<v8::Function> fetch;  // of Handlers, if it has one

  bool isStateless() const { return kind != Kind::ActorClass; }
  // Whether instances have a method of that name; own properties count for Handlers only.
  bool hasHandler(js::Turn& turn, kj::StringPtr name) const;
};

// What an exported value can receive. Throws the reference's error for what can receive nothing.
Entrypoint classifyExport(js::Turn& turn, kj::StringPtr name, v8::Local<v8::Value> exported);

}  // namespace ocapd::worker
