#include "src/js/module_loader.h"

#include <kj/debug.h>

#include "src/js/import_attributes.h"
#include "src/js/source_text.h"

namespace ocapd::js {

ModuleLoader::ModuleLoader(Isolate& isolate, Options options)
    : isolate_(isolate), names_(options.registry), options_(kj::mv(options)) {
  for (auto& module : options_.extensions) {
    auto record = kj::heap<Record>();
    record->name = kj::str(module.name);
    record->origin = Origin::Extension;
    record->extensionSource = module.source;
    record->visibleTo = module.visibleTo;
    add(kj::mv(record));
  }
  for (auto& source : options_.sources) {
    KJ_IF_MAYBE(name, names_.ofBundled(source.name)) {
      if (bundle_.find(*name) != nullptr) {
        throw Error::plain("Module \"", *name, "\" already added to bundle");
      }
      bundle_.insert(kj::mv(*name), &source);
    } else {
      throw Error::plain("Module name \"", source.name,
                         "\" leaves the bundle; give a path relative to its root.");
    }
  }
  script_ = kj::heap<Record>();
  script_->name = options_.registry == ModuleRegistry::Urls ? kj::str("file:///bundle/worker.js")
                                                            : kj::str("worker.js");
  script_->origin = Origin::Bundle;
  isolate.modules = this;
  isolate.v8()->SetHostImportModuleDynamicallyCallback(&importDynamically);
  isolate.v8()->SetHostInitializeImportMetaObjectCallback(&describeImportMeta);
}

ModuleLoader::~ModuleLoader() noexcept(false) {
  isolate_.modules = nullptr;
}

ModuleLoader& ModuleLoader::of(v8::Isolate* isolate) {
  return *static_cast<Isolate*>(isolate->GetData(0))->modules;
}

// ---- finding ----

ModuleLoader::Record& ModuleLoader::add(kj::Own<Record> record) {
  auto& reference = *record;
  records_.add(kj::mv(record));
  byName_.upsert(reference.name, &reference, [&](Record*& old, Record*&& added) { old = added; });
  return reference;
}

kj::Maybe<ModuleLoader::Record&> ModuleLoader::findRecord(kj::StringPtr name, Importer importer) {
  KJ_IF_MAYBE(found, byName_.find(name)) {
    if ((*found)->visibleTo == Importer::User || importer == Importer::Internal) return **found;
  }
  return nullptr;
}

kj::Maybe<ModuleLoader::Record&> ModuleLoader::findBuiltIn(Turn& turn, kj::StringPtr name,
                                                           Importer importer) {
  if (options_.builtIns == nullptr) return nullptr;
  KJ_IF_MAYBE(exports, options_.builtIns->exportsOf(turn, name, importer)) {
    auto record = kj::heap<Record>();
    record->name = kj::str(name);
    record->origin = Origin::BuiltIn;
    record->value.Reset(turn.v8, *exports);
    // What a user may import has been asked for as a user.
    record->visibleTo = importer;
    return add(kj::mv(record));
  }
  return nullptr;
}

kj::Maybe<ModuleLoader::Record&> ModuleLoader::findBundled(kj::StringPtr name) {
  KJ_IF_MAYBE(source, bundle_.find(names_.withoutInstance(name))) {
    auto record = kj::heap<Record>();
    record->name = kj::str(name);
    record->origin = Origin::Bundle;
    record->source = *source;
    return add(kj::mv(record));
  }
  return nullptr;
}

kj::Maybe<ModuleLoader::Record&> ModuleLoader::askFallback(Turn& turn, const Request& request) {
  if (options_.fallback == nullptr || request.referrer.origin != Origin::Bundle) return nullptr;
  auto name = names_.resolve(request.specifier, request.referrer.name)
                  .orDefault(kj::str(request.specifier));
  if (hasScheme(request.specifier)) name = kj::str(request.specifier);
  constexpr uint kRedirectsMax = 16;
  for (uint i = 0; i < kRedirectsMax; ++i) {
    KJ_IF_MAYBE(known, findRecord(name, Importer::User)) {
      return *known;
    }
    if (i > 0) {
      KJ_IF_MAYBE(bundled, findBundled(name)) {
        return *bundled;
      }
      KJ_IF_MAYBE(builtIn, findBuiltIn(turn, name, Importer::User)) {
        return *builtIn;
      }
    }
    auto answer = options_.fallback->find(
        {request.method, name, request.specifier, request.referrer.name, request.attributes});
    KJ_IF_MAYBE(given, answer) {
      KJ_SWITCH_ONEOF(given->found) {
        KJ_CASE_ONEOF(redirect, ModuleFallback::Redirect) {
          name = names_.resolve(redirect.specifier, request.referrer.name)
                     .orDefault(kj::str(redirect.specifier));
        }
        KJ_CASE_ONEOF(source, ModuleSource) {
          auto record = kj::heap<Record>();
          record->name = kj::mv(name);
          record->origin = Origin::Bundle;
          record->ownSource = kj::heap<ModuleSource>(kj::mv(source));
          record->source = record->ownSource.get();
          fallbackContents_.add(kj::mv(given->content));
          return add(kj::mv(record));
        }
      }
    } else {
      return nullptr;
    }
  }
  return nullptr;
}

kj::Maybe<ModuleLoader::Record&> ModuleLoader::tryFind(Turn& turn, const Request& request) {
  auto importer = request.referrer.importer();
  kj::StringPtr specifier = request.specifier;
  if (importer == Importer::User && hasScheme(specifier)) {
    // "node:path" may be a bundle's own module.
    KJ_IF_MAYBE(known, findRecord(specifier, importer)) {
      return *known;
    }
    KJ_IF_MAYBE(own, findBundled(specifier)) {
      return *own;
    }
  }
  if (options_.builtIns != nullptr) {
    KJ_IF_MAYBE(canonical, options_.builtIns->canonicalName(specifier)) {
      specifier = *canonical;
    }
  }
  KJ_IF_MAYBE(known, findRecord(specifier, importer)) {
    if (hasScheme(specifier) || known->origin != Origin::Bundle) return *known;
  }
  if (hasScheme(specifier)) {
    KJ_IF_MAYBE(builtIn, findBuiltIn(turn, specifier, importer)) {
      return *builtIn;
    }
  }
  if (importer == Importer::User) {
    KJ_IF_MAYBE(name, names_.resolve(specifier, request.referrer.name)) {
      KJ_IF_MAYBE(known, findRecord(*name, importer)) {
        return *known;
      }
      KJ_IF_MAYBE(bundled, findBundled(*name)) {
        return *bundled;
      }
    }
  }
  return askFallback(turn, request);
}

ModuleLoader::Record& ModuleLoader::find(Turn& turn, const Request& request) {
  KJ_IF_MAYBE(found, tryFind(turn, request)) {
    return *found;
  }
  if (request.method == ModuleFallback::Method::Require &&
      options_.registry == ModuleRegistry::Urls) {
    throw Error::plain("Module not found: ", request.specifier);
  }
  throw Error::plain(names_.notFound(request.specifier, request.referrer.name));
}

ModuleLoader::Record& ModuleLoader::recordOf(v8::Local<v8::Module> module) {
  auto [begin, end] = byModule_.equal_range(module->GetIdentityHash());
  for (auto each = begin; each != end; ++each) {
    if (each->second->module == module) return *each->second;
  }
  KJ_FAIL_ASSERT("V8 names a module that this loader did not make");
}

ModuleLoader::Record& ModuleLoader::referrerOf(kj::StringPtr name) {
  KJ_IF_MAYBE(found, byName_.find(name)) {
    return **found;
  }
  return *script_;
}

// ---- what V8 asks ----

ModuleLoader::Record& ModuleLoader::loadFor(
    Turn& turn, kj::StringPtr specifier, Record& referrer, bool isStatic,
    kj::ArrayPtr<const ModuleFallback::Attribute> attributes) {
  if (options_.registry == ModuleRegistry::Legacy) {
    checkImportAttributes(attributes, options_, specifier, false);
  }
  Request request{specifier, referrer, ModuleFallback::Method::Import, attributes};
  KJ_IF_MAYBE(found, tryFind(turn, request)) {
    bool isJson = found->source != nullptr && found->source->kind == ModuleSource::Kind::Json;
    checkImportAttributes(attributes, options_, specifier, isJson);
    return *found;
  }
  checkImportAttributes(attributes, options_, specifier, true);
  auto text = names_.notFound(specifier, referrer.name);
  if (isStatic && options_.registry == ModuleRegistry::Legacy) {
    throw Error::plain(text, "\n  imported from \"", referrer.name, "\"");
  }
  throw Error::plain(text);
}

v8::MaybeLocal<v8::Module> ModuleLoader::resolve(v8::Local<v8::Context> context,
                                                 v8::Local<v8::String> specifier,
                                                 v8::Local<v8::FixedArray> attributes,
                                                 v8::Local<v8::Module> referrer) {
  Turn turn(context->GetIsolate());
  try {
    auto& loader = of(turn.v8);
    auto given = readImportAttributes(turn, attributes, 3);
    auto& found =
        loader.loadFor(turn, turn.utf8(specifier), loader.recordOf(referrer), true, given);
    return loader.compiled(turn, found);
  } catch (...) {
    turn.rethrowToJs();
    return {};
  }
}

v8::MaybeLocal<v8::Promise> ModuleLoader::importDynamically(v8::Local<v8::Context> context,
                                                            v8::Local<v8::Data>,
                                                            v8::Local<v8::Value> referrerName,
                                                            v8::Local<v8::String> specifier,
                                                            v8::Local<v8::FixedArray> attributes) {
  Turn turn(context->GetIsolate());
  try {
    auto resolver = turn.check(v8::Promise::Resolver::New(turn.context));
    auto failure = turn.catching([&] {
      auto& loader = of(turn.v8);
      auto given = readImportAttributes(turn, attributes, 2);
      auto name =
          referrerName->IsString() ? turn.utf8(referrerName.As<v8::String>()) : kj::String();
      auto& found =
          loader.loadFor(turn, turn.utf8(specifier), loader.referrerOf(name), false, given);
      auto module = loader.compiled(turn, found);
      auto evaluated = loader.linkAndEvaluate(turn, module);
      v8::Global<v8::Module> kept(turn.v8, module);
      auto toNamespace =
          turn.function([kept = kj::mv(kept)](Turn& inner, v8::Local<v8::Value>) mutable {
            return kept.Get(inner.v8)->GetModuleNamespace();
          });
      turn.check(
          resolver->Resolve(turn.context, turn.check(evaluated->Then(turn.context, toNamespace))));
    });
    KJ_IF_MAYBE(reason, failure) {
      turn.check(resolver->Reject(turn.context, *reason));
    }
    return resolver->GetPromise();
  } catch (...) {
    turn.rethrowToJs();
    return {};
  }
}

// https://html.spec.whatwg.org/#hostgetimportmetaproperties, and Node's additions. The legacy
// registry's stays empty.
void ModuleLoader::describeImportMeta(v8::Local<v8::Context> context, v8::Local<v8::Module> module,
                                      v8::Local<v8::Object> meta) {
  Turn turn(context->GetIsolate());
  auto& loader = of(turn.v8);
  if (loader.options_.registry == ModuleRegistry::Legacy) return;
  try {
    auto& record = loader.recordOf(module);
    bool isMain = record.source != nullptr && record.source == loader.options_.sources.begin();
    turn.set(meta, "main", v8::Boolean::New(turn.v8, isMain));
    turn.set(meta, "url", turn.string(record.name));
    if (record.name.startsWith("file:")) {
      turn.set(meta, "filename", turn.string(loader.names_.filename(record.name)));
      turn.set(meta, "dirname", turn.string(loader.names_.dirname(record.name)));
    }
    auto resolve = turn.function([&loader, &record](Turn& inner, v8::Local<v8::Value> specifier) {
      auto text = inner.utf8(inner.check(specifier->ToString(inner.context)));
      if (loader.options_.builtIns != nullptr) {
        KJ_IF_MAYBE(canonical, loader.options_.builtIns->canonicalName(text)) {
          return inner.string(*canonical).As<v8::Value>();
        }
      }
      KJ_IF_MAYBE(name, loader.names_.resolve(text, record.name)) {
        return inner.string(*name).As<v8::Value>();
      }
      throw Error::type("Invalid module specifier: ", text);
    });
    resolve->SetName(turn.name("resolve"));
    turn.set(meta, "resolve", resolve);
  } catch (...) {
    turn.rethrowToJs();
  }
}

v8::MaybeLocal<v8::Value> ModuleLoader::evaluateSynthetic(v8::Local<v8::Context> context,
                                                          v8::Local<v8::Module> module) {
  Turn turn(context->GetIsolate());
  try {
    auto& loader = of(turn.v8);
    loader.setExports(turn, loader.recordOf(module), module);
    return turn.resolved(turn.undefined());
  } catch (...) {
    turn.rethrowToJs();
    return {};
  }
}

// ---- compiling and evaluating ----

// TODO(#3): a code cache shared by the isolates of the process; Wasm as an ES module.

v8::Local<v8::Module> ModuleLoader::compiled(Turn& turn, Record& record) {
  if (!record.module.IsEmpty()) return record.module.Get(turn.v8);
  bool isBundleEsModule =
      record.source != nullptr && record.source->kind == ModuleSource::Kind::EsModule;
  v8::Local<v8::Module> module;
  if (isBundleEsModule || record.origin == Origin::Extension) {
    auto text = isBundleEsModule ? record.source->content : record.extensionSource.asBytes();
    v8::ScriptOrigin origin(turn.string(record.name), 0, 0, false, -1, {}, false, false, true);
    v8::ScriptCompiler::Source source(sourceText(turn, text), origin);
    module = turn.check(v8::ScriptCompiler::CompileModule(turn.v8, &source));
  } else {
    module = compileSynthetic(turn, record);
  }
  record.module.Reset(turn.v8, module);
  byModule_.emplace(module->GetIdentityHash(), &record);
  return module;
}

v8::Local<v8::Module> ModuleLoader::compileSynthetic(Turn& turn, Record& record) {
  v8::LocalVector<v8::String> exports(turn.v8);
  if (record.origin == Origin::BuiltIn) {
    auto names =
        turn.check(record.value.Get(turn.v8).As<v8::Object>()->GetOwnPropertyNames(turn.context));
    for (uint32_t i = 0; i < names->Length(); ++i) {
      auto name = turn.check(names->Get(turn.context, i));
      if (name->IsString()) exports.push_back(name.As<v8::String>());
    }
  } else {
    exports.push_back(turn.name("default"));
    for (auto& name : record.source->namedExports) {
      if (name != "default") exports.push_back(turn.string(name));
    }
  }
  return v8::Module::CreateSyntheticModule(
      turn.v8, turn.string(record.name),
      v8::MemorySpan<const v8::Local<v8::String>>(exports.data(), exports.size()),
      &evaluateSynthetic);
}

void ModuleLoader::setExports(Turn& turn, Record& record, v8::Local<v8::Module> module) {
  auto set = [&](v8::Local<v8::String> name, v8::Local<v8::Value> value) {
    turn.check(module->SetSyntheticModuleExport(turn.v8, name, value));
  };
  if (record.origin == Origin::BuiltIn) {
    auto exports = record.value.Get(turn.v8).As<v8::Object>();
    auto names = turn.check(exports->GetOwnPropertyNames(turn.context));
    for (uint32_t i = 0; i < names->Length(); ++i) {
      auto name = turn.check(names->Get(turn.context, i));
      if (name->IsString()) {
        set(name.As<v8::String>(), turn.check(exports->Get(turn.context, name)));
      }
    }
    return;
  }
  auto value = valueOf(turn, record);
  if (record.source->kind != ModuleSource::Kind::CommonJs) return set(turn.name("default"), value);
  if (options_.commonJsDefaultExport) {
    set(turn.name("default"), value);
  } else {
    auto wrapped = v8::Object::New(turn.v8);
    turn.set(wrapped, "default", value);
    set(turn.name("default"), wrapped);
  }
  if (!value->IsObject()) return;
  for (auto& name : record.source->namedExports) {
    if (name == "default") continue;
    auto key = turn.string(name);
    set(key, turn.check(value.As<v8::Object>()->Get(turn.context, key)));
  }
}

v8::Local<v8::Promise> ModuleLoader::linkAndEvaluate(Turn& turn, v8::Local<v8::Module> module) {
  turn.check(module->InstantiateModule(turn.context, &resolve));
  return turn.check(module->Evaluate(turn.context)).As<v8::Promise>();
}

v8::Local<v8::Object> ModuleLoader::evaluateMain(Turn& turn) {
  KJ_REQUIRE(options_.sources.size() > 0, "a classic script has no main module");
  auto name = KJ_ASSERT_NONNULL(names_.ofBundled(options_.sources[0].name));
  auto& record = KJ_ASSERT_NONNULL(findBundled(name));
  auto module = compiled(turn, record);
  auto evaluated = linkAndEvaluate(turn, module);
  turn.v8->PerformMicrotaskCheckpoint();
  switch (evaluated->State()) {
    case v8::Promise::kRejected: turn.throwValue(evaluated->Result());
    case v8::Promise::kPending: throw Error::plain("Top-level await in module is unsettled.");
    case v8::Promise::kFulfilled: break;
  }
  return module->GetModuleNamespace().As<v8::Object>();
}

void ModuleLoader::runScript(Turn& turn, kj::StringPtr name, kj::ArrayPtr<const kj::byte> content) {
  script_->name = kj::str(name);
  v8::ScriptOrigin origin(turn.string(name));
  v8::ScriptCompiler::Source source(sourceText(turn, content), origin);
  auto script = turn.check(v8::ScriptCompiler::Compile(turn.context, &source));
  turn.check(script->Run(turn.context));
}

kj::Maybe<v8::Local<v8::Object>> ModuleLoader::importInternal(Turn& turn, kj::StringPtr specifier) {
  auto find = [&]() -> kj::Maybe<Record&> {
    KJ_IF_MAYBE(known, findRecord(specifier, Importer::Internal)) {
      return *known;
    }
    return findBuiltIn(turn, specifier, Importer::Internal);
  };
  KJ_IF_MAYBE(record, find()) {
    return evaluateNow(turn, *record);
  }
  return nullptr;
}

}  // namespace ocapd::js
