#include "src/js/snapshot.h"

#include <kj/debug.h>
#include <kj/map.h>
#include <v8-context.h>
#include <v8-cppgc.h>
#include <v8-exception.h>
#include <v8-script.h>
#include <v8-snapshot.h>

#include "src/js/templates.h"

namespace ocapd::js {

namespace {

// What errors of global functions say they belong to.
constexpr const char* kGlobalName = "ServiceWorkerGlobalScope";

v8::Local<v8::String> toString(v8::Isolate* isolate, kj::StringPtr text) {
  return v8::String::NewFromUtf8(isolate, text.begin(), v8::NewStringType::kNormal,
                                 int(text.size()))
      .ToLocalChecked();
}

v8::Local<v8::Object> intrinsicPrototype(v8::Local<v8::Context> context, Intrinsic which) {
  // What an instance of the language's own inherits from, two steps up.
  const char* source = which == Intrinsic::IteratorPrototype
                           ? "Object.getPrototypeOf(Object.getPrototypeOf([].values()))"
                           : "Object.getPrototypeOf(Object.getPrototypeOf((async function* () "
                             "{}).prototype))";
  auto script = v8::Script::Compile(context, toString(v8::Isolate::GetCurrent(), source));
  return script.ToLocalChecked()->Run(context).ToLocalChecked().As<v8::Object>();
}

// Templates can only inherit from templates; their prototype objects can change while the context
// is new.
void inheritFromIntrinsic(v8::Isolate* isolate, v8::Local<v8::Context> context, const Class& cls,
                          v8::Local<v8::FunctionTemplate> made) {
  if (cls.inherits == Intrinsic::ObjectPrototype) return;
  auto constructor = made->GetFunction(context).ToLocalChecked();
  auto prototype =
      constructor->Get(context, toString(isolate, "prototype")).ToLocalChecked().As<v8::Object>();
  prototype->SetPrototypeV2(context, intrinsicPrototype(context, cls.inherits)).Check();
  prototype->Delete(context, toString(isolate, "constructor")).Check();
}

void addGlobals(v8::Isolate* isolate, v8::Local<v8::Context> context, const GlobalBuilder& global,
                kj::ArrayPtr<v8::Local<v8::FunctionTemplate>> templates) {
  auto object = context->Global();
  for (size_t i : kj::indices(templates)) {
    const Class& cls = *global.classes()[i];
    inheritFromIntrinsic(isolate, context, cls, templates[i]);
    if (!cls.exposed) continue;
    auto constructor = templates[i]->GetFunction(context).ToLocalChecked();
    object->DefineOwnProperty(context, toString(isolate, cls.name), constructor, v8::DontEnum)
        .Check();
  }
  for (auto* function : global.functions()) {
    auto made =
        makeFunction(isolate, *function, kGlobalName)->GetFunction(context).ToLocalChecked();
    object->DefineOwnProperty(context, toString(isolate, function->name), made).Check();
  }
}

v8::Local<v8::Value> runBuiltin(v8::Isolate* isolate, v8::Local<v8::Context> context,
                                const Builtin& builtin, v8::Local<v8::Object> earlier) {
  v8::TryCatch tryCatch(isolate);
  v8::ScriptOrigin origin(toString(isolate, kj::str("ocapd-internal:", builtin.name)));
  v8::ScriptCompiler::Source source(toString(isolate, builtin.source), origin);
  auto natives = v8::Object::New(isolate);
  for (const Member& native : builtin.natives) {
    natives
        ->Set(context, toString(isolate, native.name),
              makeFunction(isolate, native, builtin.name)->GetFunction(context).ToLocalChecked())
        .Check();
  }
  v8::Local<v8::Value> arguments[] = {natives, earlier};
  v8::Local<v8::Script> script;
  v8::Local<v8::Value> function;
  v8::Local<v8::Value> result;
  if (!v8::ScriptCompiler::Compile(context, &source, v8::ScriptCompiler::kEagerCompile)
           .ToLocal(&script) ||
      !script->Run(context).ToLocal(&function) ||
      !function.As<v8::Function>()
           ->Call(context, v8::Undefined(isolate), 2, arguments)
           .ToLocal(&result)) {
    v8::String::Utf8Value text(isolate, tryCatch.Exception());
    auto message = tryCatch.Message();
    KJ_FAIL_REQUIRE("built-in script failed", builtin.name, *text,
                    message.IsEmpty() ? 0 : message->GetLineNumber(context).FromMaybe(0));
  }
  KJ_REQUIRE(result->IsObject(), "built-in script must give an object or function", builtin.name);
  earlier->Set(context, toString(isolate, builtin.name), result).Check();
  return result;
}

}  // namespace

kj::Array<kj::byte> makeSnapshot(Engine& engine, const GlobalBuilder& global) {
  auto references = global.externalReferences();
  std::unique_ptr<v8::ArrayBuffer::Allocator> allocator(
      v8::ArrayBuffer::Allocator::NewDefaultAllocator());

  auto* isolate = v8::Isolate::Allocate();
  auto foreground = engine.platform().addIsolate(isolate);
  v8::Isolate::CreateParams parameters;
  parameters.external_references = references.begin();
  parameters.array_buffer_allocator = allocator.get();
  v8::StartupData blob;
  {
    v8::SnapshotCreator creator(isolate, parameters);
    {
      v8::HandleScope handles(isolate);
      auto context = v8::Context::New(isolate);
      v8::Context::Scope contextScope(context);

      kj::HashMap<const Class*, v8::Local<v8::FunctionTemplate>> byClass;
      auto templates = KJ_MAP(cls, global.classes())->v8::Local<v8::FunctionTemplate> {
        v8::Local<v8::FunctionTemplate> parent;
        if (cls->parent != nullptr) {
          parent =
              KJ_ASSERT_NONNULL(byClass.find(cls->parent), "parent must be added first", cls->name);
        }
        auto made = makeTemplate(isolate, *cls, parent);
        byClass.insert(cls, made);
        return made;
      };
      for (auto& made : templates) creator.AddData(made);
      addGlobals(isolate, context, global, templates);
      auto earlier = v8::Object::New(isolate, v8::Null(isolate), nullptr, nullptr, 0);
      for (auto* builtin : global.builtins()) {
        creator.AddData(context, runBuiltin(isolate, context, *builtin, earlier));
      }
      creator.SetDefaultContext(context);
    }
    foreground->close();
    blob = creator.CreateBlob(v8::SnapshotCreator::FunctionCodeHandling::kKeep);
  }
  isolate->Dispose();  // a creator that was handed its isolate leaves it alone
  engine.platform().removeIsolate(isolate);
  KJ_DEFER(delete[] blob.data);
  return kj::heapArray<kj::byte>(reinterpret_cast<const kj::byte*>(blob.data),
                                 size_t(blob.raw_size));
}

}  // namespace ocapd::js
