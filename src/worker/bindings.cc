// What the bindings of a worker's config become in `env`. Part of Worker.

#include <v8-array-buffer.h>
#include <v8-json.h>
#include <v8-wasm.h>

#include "src/api/actor/durable_object_class.h"
#include "src/api/fetch/fetcher.h"
#include "src/api/workers/debug_port.h"
#include "src/api/workers/unsafe_eval.h"
#include "src/worker/worker.h"

namespace ocapd::worker {

v8::Local<v8::Value> Worker::bindingValue(js::Turn& turn, Binding& binding) {
  KJ_SWITCH_ONEOF(binding.value) {
    KJ_CASE_ONEOF(text, Binding::Text) {
      return turn.string(text.text);
    }
    KJ_CASE_ONEOF(json, Binding::Json) {
      return turn.check(v8::JSON::Parse(turn.context, turn.string(json.json)));
    }
    KJ_CASE_ONEOF(data, Binding::Data) {
      auto buffer = v8::ArrayBuffer::New(turn.v8, data.data.size());
      if (data.data.size() > 0) memcpy(buffer->Data(), data.data.begin(), data.data.size());
      return buffer;
    }
    KJ_CASE_ONEOF(wasm, Binding::Wasm) {
      return turn.check(v8::WasmModuleObject::Compile(
          turn.v8, v8::MemorySpan<const uint8_t>(wasm.wasm.begin(), wasm.wasm.size())));
    }
    KJ_CASE_ONEOF(null, Binding::Null) {
      return v8::Null(turn.v8);
    }
    KJ_CASE_ONEOF(eval, Binding::UnsafeEval) {
      return turn.wrap(*turn.make<api::UnsafeEval>());
    }
    KJ_CASE_ONEOF(wrapped, Binding::Wrapped) {
      return wrap(turn, wrapped, binding.name);
    }
    KJ_CASE_ONEOF(service, Binding::Service) {
      return turn.wrap(*turn.make<api::Fetcher>(service->addRef()));
    }
    KJ_CASE_ONEOF(product, Binding::Product) {
      return api::newBinding(turn, product.kind, product.service->addRef(), product.dataset);
    }
    KJ_CASE_ONEOF(database, Binding::Hyperdrive) {
      return api::newHyperdrive(
          turn, database.service->addRef(),
          {database.database, database.user, database.password, database.scheme});
    }
    KJ_CASE_ONEOF(port, Binding::DebugPort) {
      return turn.wrap(*turn.make<api::DebugPortConnector>(port.finder));
    }
    KJ_CASE_ONEOF(actorClass, Binding::ActorClass) {
      return turn.wrap(*turn.make<api::DurableObjectClass>(actorClass->addRef()));
    }
    KJ_CASE_ONEOF(actors, Binding::ActorNamespace) {
      if (actors.target.isEphemeral()) {
        return turn.wrap(*turn.make<api::ColoLocalActorNamespace>(actors.target));
      }
      return turn.wrap(*turn.make<api::DurableObjectNamespace>(actors.target));
    }
  }
  KJ_UNREACHABLE;
}

v8::Local<v8::Object> Worker::processEnvironment(js::Turn& turn) {
  auto result = v8::Object::New(turn.v8);
  if (!flags().has(compat::CompatFlag::NodejsCompatPopulateProcessEnv)) return result;
  for (auto& binding : options_.bindings) {
    auto add = [&](kj::StringPtr text) {
      turn.check(result->Set(turn.context, turn.string(binding.name), turn.string(text)));
    };
    KJ_IF_MAYBE(text, binding.value.tryGet<Binding::Text>()) add(text->text);
    KJ_IF_MAYBE(json, binding.value.tryGet<Binding::Json>()) add(json->json);
  }
  return result;
}

v8::Local<v8::Value> Worker::wrap(js::Turn& turn, Binding::Wrapped& wrapped, kj::StringPtr name) {
  auto inner = v8::Object::New(turn.v8);
  for (auto& each : wrapped.innerBindings) {
    turn.check(inner->Set(turn.context, turn.string(each.name), bindingValue(turn, each)));
  }
  auto exports = KJ_ASSERT_NONNULL(modules_).importInternal(turn, wrapped.moduleName);
  KJ_IF_MAYBE(module, exports) {
    auto function = turn.get(*module, wrapped.entrypoint);
    if (!function->IsFunction()) {
      throw js::Error::plain("Wrapped binding \"", name, "\": the module \"", wrapped.moduleName,
                             "\" does not export a function named \"", wrapped.entrypoint, "\".");
    }
    v8::Local<v8::Value> arguments[] = {inner};
    return turn.check(
        function.As<v8::Function>()->Call(turn.context, turn.undefined(), 1, arguments));
  }
  throw js::Error::plain("Wrapped binding \"", name, "\": no such module \"", wrapped.moduleName,
                         "\". It has to be an internal module of an extension or of ocapd.");
}

}  // namespace ocapd::worker
