// CommonJS: require(), and modules that are functions. Part of ModuleLoader.

#include <v8-array-buffer.h>
#include <v8-json.h>
#include <v8-wasm.h>

#include "src/js/module_loader.h"
#include "src/js/source_text.h"

namespace ocapd::js {

namespace {

constexpr kj::StringPtr kLegacyAsync =
    "Top-level await in module is not permitted at this time."_kj;
constexpr kj::StringPtr kUnsettled = "Top-level await in module is unsettled."_kj;

}  // namespace

// The namespace of a module that is to be there now.
v8::Local<v8::Object> ModuleLoader::evaluateNow(Turn& turn, Record& record) {
  auto module = compiled(turn, record);
  turn.check(module->InstantiateModule(turn.context, &resolve));
  // Part of a cycle: what it exports so far.
  if (module->GetStatus() == v8::Module::kEvaluating) {
    return module->GetModuleNamespace().As<v8::Object>();
  }
  bool urls = options_.registry == ModuleRegistry::Urls;
  auto refuse = [&](kj::StringPtr legacyText) {
    if (urls) {
      throw Error::plain("Top-level await is not supported in this context for module: ",
                         record.name);
    }
    throw Error::plain(legacyText);
  };
  bool isNew = module->GetStatus() < v8::Module::kEvaluating;
  if (isNew && module->IsGraphAsync() && (urls || options_.requireForbidsTopLevelAwait)) {
    refuse(kLegacyAsync);
  }
  auto evaluated = turn.check(module->Evaluate(turn.context)).As<v8::Promise>();
  if (evaluated->State() == v8::Promise::kPending && isNew) refuse(kUnsettled);
  if (evaluated->State() == v8::Promise::kRejected) {
    evaluated->MarkAsHandled();
    turn.throwValue(evaluated->Result());
  }
  return module->GetModuleNamespace().As<v8::Object>();
}

v8::Local<v8::Value> ModuleLoader::valueOf(Turn& turn, Record& record) {
  const ModuleSource& source = *record.source;
  if (source.kind == ModuleSource::Kind::CommonJs) return runCommonJs(turn, record);
  if (!record.value.IsEmpty()) return record.value.Get(turn.v8);
  v8::Local<v8::Value> value;
  switch (source.kind) {
    case ModuleSource::Kind::Text: value = turn.string(source.content.asChars()); break;
    case ModuleSource::Kind::Json:
      value = turn.check(v8::JSON::Parse(turn.context, turn.string(source.content.asChars())));
      break;
    case ModuleSource::Kind::Data: {
      auto buffer = v8::ArrayBuffer::New(turn.v8, source.content.size());
      if (source.content.size() > 0) {
        memcpy(buffer->Data(), source.content.begin(), source.content.size());
      }
      value = buffer;
      break;
    }
    case ModuleSource::Kind::Wasm:
      value = turn.check(v8::WasmModuleObject::Compile(
          turn.v8, v8::MemorySpan<const uint8_t>(source.content.begin(), source.content.size())));
      break;
    case ModuleSource::Kind::CommonJs:
    case ModuleSource::Kind::EsModule: KJ_UNREACHABLE;
  }
  record.value.Reset(turn.v8, value);
  return value;
}

// module.exports as it stands: a module that is still running gives what it has so far.
v8::Local<v8::Value> ModuleLoader::runCommonJs(Turn& turn, Record& record) {
  if (!record.value.IsEmpty()) {
    return turn.get(record.value.Get(turn.v8).As<v8::Object>(), "exports");
  }
  auto module = v8::Object::New(turn.v8);
  auto exports = v8::Object::New(turn.v8);
  bool urls = options_.registry == ModuleRegistry::Urls;
  auto filename = names_.filename(record.name);
  turn.set(module, "path", turn.string(urls ? record.name : filename));
  turn.set(module, "exports", exports);

  auto require = turn.function([this, &record](Turn& inner, v8::Local<v8::Value> specifier) {
    return requireFrom(inner, inner.utf8(inner.check(specifier->ToString(inner.context))), record);
  });
  require->SetName(turn.name("require"));
  // As properties of a scope object, so that a module may declare variables of these names.
  auto locals = v8::Object::New(turn.v8);
  turn.set(locals, "require", require);
  turn.set(locals, "module", module);
  turn.set(locals, "exports", exports);
  turn.set(locals, "__filename", turn.string(filename));
  turn.set(locals, "__dirname", turn.string(names_.dirname(record.name)));
  v8::Local<v8::Object> scopes[] = {locals, {}};
  size_t scopeCount = 1;
  if (!commonJsLocals.IsEmpty()) scopes[scopeCount++] = commonJsLocals.Get(turn.v8);

  v8::ScriptOrigin origin(turn.string(record.name));
  v8::ScriptCompiler::Source source(sourceText(turn, record.source->content), origin);
  auto function = turn.check(
      v8::ScriptCompiler::CompileFunction(turn.context, &source, 0, nullptr, scopeCount, scopes));
  record.value.Reset(turn.v8, module);
  auto failure = turn.catching(
      [&] { turn.check(function->Call(turn.context, v8::Object::New(turn.v8), 0, nullptr)); });
  KJ_IF_MAYBE(reason, failure) {
    record.value.Reset();  // the next require() tries again, as Node's does
    turn.throwValue(*reason);
  }
  return turn.get(module, "exports");
}

v8::Local<v8::Value> ModuleLoader::require(Turn& turn, kj::StringPtr specifier,
                                           kj::StringPtr referrer) {
  return requireFrom(turn, specifier, referrerOf(referrer));
}

v8::Local<v8::Value> ModuleLoader::requireFrom(Turn& turn, kj::StringPtr specifier,
                                               Record& referrer) {
  auto& record = find(turn, {specifier, referrer, ModuleFallback::Method::Require});
  return required(turn, record);
}

v8::Local<v8::Value> ModuleLoader::required(Turn& turn, Record& record) {
  bool isEsModule =
      record.origin == Origin::Extension ||
      (record.source != nullptr && record.source->kind == ModuleSource::Kind::EsModule);
  bool defaultOnly = options_.commonJsDefaultExport;
  if (!defaultOnly && options_.registry == ModuleRegistry::Legacy) {
    if (isEsModule || record.origin == Origin::BuiltIn ||
        record.source->kind != ModuleSource::Kind::CommonJs) {
      return evaluateNow(turn, record);
    }
    auto wrapped = v8::Object::New(turn.v8);
    turn.set(wrapped, "default", runCommonJs(turn, record));
    return wrapped;
  }
  if (record.origin == Origin::BuiltIn) {
    auto exports = record.value.Get(turn.v8).As<v8::Object>();
    bool isNode = record.name.startsWith("node:");
    if (options_.registry == ModuleRegistry::Legacy || isNode) return turn.get(exports, "default");
    return evaluateNow(turn, record);
  }
  if (!isEsModule) return valueOf(turn, record);
  auto exports = evaluateNow(turn, record);
  return options_.registry == ModuleRegistry::Urls ? exports.As<v8::Value>()
                                                   : turn.get(exports, "default");
}

}  // namespace ocapd::js
