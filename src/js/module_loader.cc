#include "src/js/module_loader.h"

#include <kj/debug.h>
#include <simdutf.h>
#include <v8-array-buffer.h>
#include <v8-json.h>
#include <v8-wasm.h>

namespace ocapd::js {

namespace {

// Source text where it lies: no copy of a bundle in the heap.
class BorrowedSource final : public v8::String::ExternalOneByteStringResource {
 public:
  explicit BorrowedSource(kj::ArrayPtr<const char> text) : text_(text) {}
  const char* data() const override { return text_.begin(); }
  size_t length() const override { return text_.size(); }

 private:
  kj::ArrayPtr<const char> text_;
};

v8::Local<v8::String> sourceText(Turn& turn, kj::ArrayPtr<const kj::byte> content) {
  auto chars = content.asChars();
  if (chars.size() > 0 && simdutf::validate_ascii(chars.begin(), chars.size())) {
    return turn.check(v8::String::NewExternalOneByte(turn.v8, new BorrowedSource(chars)));
  }
  return turn.string(chars);
}

}  // namespace

ModuleLoader::ModuleLoader(Isolate& isolate, kj::Array<ModuleSource> sources) : isolate_(isolate) {
  KJ_REQUIRE(sources.size() > 0, "a bundle has a main module");
  for (auto& source : sources) entries_.add(Entry{kj::mv(source), {}});
  isolate.modules = this;
  isolate.v8()->SetHostImportModuleDynamicallyCallback(&importDynamically);
}

ModuleLoader::~ModuleLoader() noexcept(false) {
  isolate_.modules = nullptr;
}

ModuleLoader& ModuleLoader::of(v8::Isolate* isolate) {
  return *static_cast<Isolate*>(isolate->GetData(0))->modules;
}

kj::Maybe<kj::String> ModuleLoader::normalize(kj::StringPtr path) {
  kj::Vector<kj::ArrayPtr<const char>> parts;
  kj::ArrayPtr<const char> rest = path;
  while (true) {
    size_t end = 0;
    while (end < rest.size() && rest[end] != '/') ++end;
    auto part = rest.slice(0, end);
    if (part == ".."_kj.asArray()) {
      if (parts.empty()) return nullptr;
      parts.removeLast();
    } else if (part.size() > 0 && part != "."_kj.asArray()) {
      parts.add(part);
    }
    if (end == rest.size()) break;
    rest = rest.slice(end + 1, rest.size());
  }
  return kj::strArray(parts, "/");
}

// A leading "/" is the bundle's root; everything else is relative to the importer's folder.
ModuleLoader::Entry& ModuleLoader::find(kj::StringPtr specifier, kj::StringPtr referrer) {
  kj::String path;
  if (specifier.startsWith("/")) {
    path = kj::str(specifier);
  } else {
    size_t folder = 0;
    KJ_IF_MAYBE(slash, referrer.findLast('/')) {
      folder = *slash + 1;
    }
    path = kj::str(referrer.slice(0, folder), specifier);
  }
  for (Entry& entry : entries_) {
    if (entry.source.name == specifier) return entry;  // "node:path" may be a bundle's own module
  }
  kj::StringPtr shown = specifier;
  auto normal = normalize(path);
  KJ_IF_MAYBE(name, normal) {
    for (Entry& entry : entries_) {
      if (entry.source.name == *name) return entry;
    }
    if (specifier.findFirst(':') == nullptr) shown = *name;
  }
  throw Error::plain("No such module \"", shown, "\".\n  imported from \"", referrer, "\"");
}

ModuleLoader::Entry& ModuleLoader::entryOf(v8::Isolate* isolate, v8::Local<v8::Module> module) {
  for (Entry& entry : entries_) {
    if (entry.module == module) return entry;
  }
  KJ_FAIL_ASSERT("V8 names a module that this loader did not make");
}

v8::Local<v8::Module> ModuleLoader::compiled(Turn& turn, Entry& entry) {
  if (!entry.module.IsEmpty()) return entry.module.Get(turn.v8);
  auto name = turn.string(entry.source.name);
  v8::Local<v8::Module> module;
  if (entry.source.kind == ModuleSource::Kind::EsModule) {
    v8::ScriptOrigin origin(name, 0, 0, false, -1, {}, false, false, true);
    v8::ScriptCompiler::Source source(sourceText(turn, entry.source.content), origin);
    module = turn.check(v8::ScriptCompiler::CompileModule(turn.v8, &source));
  } else {
    v8::Local<v8::String> exports[] = {turn.name("default")};
    module = v8::Module::CreateSyntheticModule(
        turn.v8, name, v8::MemorySpan<const v8::Local<v8::String>>(exports, 1), &evaluateSynthetic);
  }
  entry.module.Reset(turn.v8, module);
  return module;
}

v8::Local<v8::Value> ModuleLoader::valueOf(Turn& turn, const ModuleSource& source) {
  switch (source.kind) {
    case ModuleSource::Kind::Text: return turn.string(source.content.asChars());
    case ModuleSource::Kind::Json:
      return turn.check(v8::JSON::Parse(turn.context, turn.string(source.content.asChars())));
    case ModuleSource::Kind::Data: {
      auto buffer = v8::ArrayBuffer::New(turn.v8, source.content.size());
      if (source.content.size() > 0) {
        memcpy(buffer->Data(), source.content.begin(), source.content.size());
      }
      return buffer;
    }
    case ModuleSource::Kind::Wasm:
      return turn.check(v8::WasmModuleObject::Compile(
          turn.v8, v8::MemorySpan<const uint8_t>(source.content.begin(), source.content.size())));
    case ModuleSource::Kind::EsModule: break;
  }
  KJ_UNREACHABLE;
}

v8::MaybeLocal<v8::Value> ModuleLoader::evaluateSynthetic(v8::Local<v8::Context> context,
                                                          v8::Local<v8::Module> module) {
  Turn turn(context->GetIsolate());
  try {
    auto& loader = of(turn.v8);
    auto value = loader.valueOf(turn, loader.entryOf(turn.v8, module).source);
    turn.check(module->SetSyntheticModuleExport(turn.v8, turn.name("default"), value));
    return turn.resolved(turn.undefined());
  } catch (...) {
    turn.rethrowToJs();
    return {};
  }
}

v8::MaybeLocal<v8::Module> ModuleLoader::resolve(v8::Local<v8::Context> context,
                                                 v8::Local<v8::String> specifier,
                                                 v8::Local<v8::FixedArray>,
                                                 v8::Local<v8::Module> referrer) {
  Turn turn(context->GetIsolate());
  try {
    auto& loader = of(turn.v8);
    auto& from = loader.entryOf(turn.v8, referrer);
    return loader.compiled(turn, loader.find(turn.utf8(specifier), from.source.name));
  } catch (...) {
    turn.rethrowToJs();
    return {};
  }
}

v8::Local<v8::Promise> ModuleLoader::linkAndEvaluate(Turn& turn, v8::Local<v8::Module> module) {
  turn.check(module->InstantiateModule(turn.context, &resolve));
  return turn.check(module->Evaluate(turn.context)).As<v8::Promise>();
}

v8::MaybeLocal<v8::Promise> ModuleLoader::importDynamically(v8::Local<v8::Context> context,
                                                            v8::Local<v8::Data>,
                                                            v8::Local<v8::Value> referrerName,
                                                            v8::Local<v8::String> specifier,
                                                            v8::Local<v8::FixedArray>) {
  Turn turn(context->GetIsolate());
  try {
    auto resolver = turn.check(v8::Promise::Resolver::New(turn.context));
    auto failure = turn.catching([&] {
      auto& loader = of(turn.v8);
      auto referrer = referrerName->IsString() ? turn.utf8(referrerName.As<v8::String>())
                                               : kj::str(loader.entries_[0].source.name);
      auto module = loader.compiled(turn, loader.find(turn.utf8(specifier), referrer));
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

v8::Local<v8::Object> ModuleLoader::evaluateMain(Turn& turn) {
  auto module = compiled(turn, entries_[0]);
  auto evaluated = linkAndEvaluate(turn, module);
  turn.v8->PerformMicrotaskCheckpoint();
  switch (evaluated->State()) {
    case v8::Promise::kRejected: turn.throwValue(evaluated->Result());
    case v8::Promise::kPending: throw Error::plain("Top-level await in module is unsettled.");
    case v8::Promise::kFulfilled: break;
  }
  return module->GetModuleNamespace().As<v8::Object>();
}

}  // namespace ocapd::js
