#include "json_check.h"
#include "planner_parts.h"
#include "syntax_checks.h"

namespace ocapd::config {
namespace {

// What support.cc has complained about already yields nothing.
kj::Maybe<Module> planModuleContent(const Place& place, kj::StringPtr user,
                                    schema::Worker::Module::Reader module, Problems& problems) {
  using Source = schema::Worker::Module;
  Module result{.name = module.getName(), .kind = {}, .content = {}, .namedExports = {}};
  switch (module.which()) {
    case Source::ES_MODULE:
      // The first member of the union is also what an empty module reads as.
      if (!module.hasEsModule()) {
        problems.error(place, kj::str(user,
                                      " has no content; give it one of esModule, commonJsModule, "
                                      "text, data, wasm, json."));
      }
      result.kind = Module::Kind::EsModule;
      result.content = module.getEsModule().asBytes();
      return kj::mv(result);
    case Source::COMMON_JS_MODULE:
      result.kind = Module::Kind::CommonJs;
      result.content = module.getCommonJsModule().asBytes();
      return kj::mv(result);
    case Source::TEXT:
      result.kind = Module::Kind::Text;
      result.content = module.getText().asBytes();
      return kj::mv(result);
    case Source::DATA:
      result.kind = Module::Kind::Data;
      result.content = module.getData();
      return kj::mv(result);
    case Source::WASM:
      result.kind = Module::Kind::Wasm;
      result.content = module.getWasm();
      return kj::mv(result);
    case Source::JSON: {
      kj::StringPtr json = module.getJson();
      result.kind = Module::Kind::Json;
      result.content = json.asBytes();
      KJ_IF_MAYBE(offset, findJsonError(json)) {
        problems.warning(place, kj::str(user, " is not JSON from byte ", *offset,
                                        " on; importing it will fail."));
      }
      return kj::mv(result);
    }
    default: return nullptr;  // support.cc has complained
  }
}

List<Module> planModules(const Place& worker, kj::StringPtr name,
                         capnp::List<schema::Worker::Module>::Reader modules, Problems& problems) {
  if (modules.size() == 0) {
    problems.error(worker, kj::str("service ", name, ": Modules list cannot be empty."));
  }
  kj::HashSet<kj::StringPtr> names;
  kj::Vector<Module> result(modules.size());
  for (uint i = 0; i < modules.size(); ++i) {
    auto module = modules[i];
    Place place = worker.item("modules", i);
    auto user = kj::str("Worker \"", name, "\"'s module \"", module.getName(), '"');
    if (names.contains(module.getName())) {
      problems.error(place, kj::str("service ", name, ": Module \"", module.getName(),
                                    "\" already added to bundle"));
    } else {
      names.insert(module.getName());
    }
    KJ_IF_MAYBE(planned, planModuleContent(place, user, module, problems)) {
      if (i == 0 && planned->kind != Module::Kind::EsModule) {
        problems.error(place, kj::str("service ", name,
                                      ": Uncaught TypeError: Main module must "
                                      "be an ES module."));
      }
      if (module.getNamedExports().size() > 0 && planned->kind != Module::Kind::CommonJs) {
        problems.warning(place.field("namedExports"),
                         kj::str(user,
                                 ": namedExports says nothing of a module that is not a "
                                 "CommonJS one."));
      }
      planned->namedExports = planTexts(module.getNamedExports());
      result.add(kj::mv(*planned));
    }
  }
  return result.releaseAsArray();
}

struct BindingRules;
void requireExperimental(const Place& place, kj::StringPtr what, const BindingRules& rules,
                         Problems& problems);

// What a binding may be beside what its fields say.
struct BindingRules {
  kj::StringPtr worker;
  const ServiceNames& names;
  bool experimental;
  bool isClassicScript;
};

List<Binding> planBindings(const Place& place, kj::StringPtr list, kj::StringPtr user,
                           capnp::List<schema::Worker::Binding>::Reader bindings,
                           const BindingRules& rules, Problems& problems);

kj::Maybe<Binding> planBinding(const Place& place, kj::StringPtr user,
                               schema::Worker::Binding::Reader binding, const BindingRules& rules,
                               Problems& problems) {
  using Source = schema::Worker::Binding;
  Binding result{.name = binding.getName(), .value = {}};
  auto planProduct = [&](Binding::Product::Kind kind, const Place& where, kj::StringPtr owner,
                         schema::ServiceDesignator::Reader service) -> kj::Maybe<Binding> {
    auto ref = planServiceRef(where, owner, service, rules.names, problems);
    result.value = Binding::Product{kind, kj::mv(ref), service.getName()};
    return kj::mv(result);
  };
  switch (binding.which()) {
    case Source::UNSPECIFIED:
      problems.error(place, kj::str(user, " does not specify any binding value."));
      return nullptr;
    case Source::TEXT: result.value = Binding::TextValue{binding.getText()}; return kj::mv(result);
    case Source::DATA: result.value = Binding::DataValue{binding.getData()}; return kj::mv(result);
    case Source::JSON: {
      kj::StringPtr json = binding.getJson();
      KJ_IF_MAYBE(offset, findJsonError(json)) {
        problems.error(place, kj::str(user, " is not JSON: it goes wrong at byte ", *offset, " of ",
                                      json.size(), '.'));
      }
      result.value = Binding::JsonValue{json};
      return kj::mv(result);
    }
    case Source::SERVICE:
      result.value = Binding::Service{planServiceRef(place.field("service"), user,
                                                     binding.getService(), rules.names, problems)};
      return kj::mv(result);
    case Source::KV_NAMESPACE:
      return planProduct(Binding::Product::Kind::KvNamespace, place.field("kvNamespace"), user,
                         binding.getKvNamespace());
    case Source::R2_BUCKET:
      return planProduct(Binding::Product::Kind::R2Bucket, place.field("r2Bucket"), user,
                         binding.getR2Bucket());
    case Source::QUEUE:
      return planProduct(Binding::Product::Kind::Queue, place.field("queue"), user,
                         binding.getQueue());
    case Source::ANALYTICS_ENGINE:
      requireExperimental(place, "AnalyticsEngine bindings are", rules, problems);
      return planProduct(Binding::Product::Kind::AnalyticsEngine, place.field("analyticsEngine"),
                         user, binding.getAnalyticsEngine());
    case Source::HYPERDRIVE: {
      auto database = binding.getHyperdrive();
      auto where = place.field("hyperdrive");
      auto ref = planServiceRef(where.field("designator"), user, database.getDesignator(),
                                rules.names, problems);
      result.value = Binding::Hyperdrive{kj::mv(ref), database.getDatabase(), database.getUser(),
                                         database.getPassword(), database.getScheme()};
      return kj::mv(result);
    }
    case Source::WASM_MODULE:
      if (!rules.isClassicScript) {
        problems.error(place, kj::str(user,
                                      " is a Wasm binding, but Wasm bindings are not allowed in "
                                      "modules-based scripts. Use Wasm modules instead."));
      }
      result.value = Binding::WasmModule{binding.getWasmModule()};
      return kj::mv(result);
    case Source::DURABLE_OBJECT_NAMESPACE:
      KJ_IF_MAYBE(planned,
                  planActorBinding(place, user, rules.worker, binding.getDurableObjectNamespace(),
                                   rules.names, problems)) {
        result.value = *planned;
        return kj::mv(result);
      }
      return nullptr;
    case Source::DURABLE_OBJECT_CLASS:
      requireExperimental(place, "Durable Object class bindings are", rules, problems);
      KJ_IF_MAYBE(planned,
                  planActorClassBinding(place.field("durableObjectClass"), user,
                                        binding.getDurableObjectClass(), rules.names, problems)) {
        result.value = *planned;
        return kj::mv(result);
      }
      return nullptr;
    case Source::UNSAFE_EVAL:
      requireExperimental(place, "Unsafe eval bindings are", rules, problems);
      result.value = Binding::UnsafeEval{};
      return kj::mv(result);
    case Source::WORKERD_DEBUG_PORT:
      requireExperimental(place, "workerdDebugPort bindings are", rules, problems);
      result.value = Binding::DebugPort{};
      return kj::mv(result);
    case Source::WRAPPED: {
      auto wrapped = binding.getWrapped();
      result.value = Binding::Wrapped{wrapped.getModuleName(), wrapped.getEntrypoint(),
                                      planBindings(place.field("wrapped"), "innerBindings", user,
                                                   wrapped.getInnerBindings(), rules, problems)};
      return kj::mv(result);
    }
    case Source::FROM_ENVIRONMENT:
      result.value = Binding::FromEnvironment{binding.getFromEnvironment()};
      return kj::mv(result);
    default: return nullptr;  // support.cc has complained
  }
}

void requireExperimental(const Place& place, kj::StringPtr what, const BindingRules& rules,
                         Problems& problems) {
  if (rules.experimental) return;
  problems.error(place, kj::str(what,
                                " an experimental feature which may change or go away in the "
                                "future. You must run workerd with `--experimental` to use this "
                                "feature."));
}

// `user` owns the list, e.g. `Worker "w"`.
List<Binding> planBindings(const Place& place, kj::StringPtr list, kj::StringPtr user,
                           capnp::List<schema::Worker::Binding>::Reader bindings,
                           const BindingRules& rules, Problems& problems) {
  kj::HashSet<kj::StringPtr> seen;
  kj::Vector<Binding> result(bindings.size());
  for (uint i = 0; i < bindings.size(); ++i) {
    auto binding = bindings[i];
    Place itemPlace = place.item(list, i);
    auto name = kj::str(user, "'s binding \"", binding.getName(), '"');
    if (seen.contains(binding.getName())) {
      problems.warning(itemPlace, kj::str(user, " has several bindings named \"", binding.getName(),
                                          "\"; the last of them counts."));
    } else {
      seen.insert(binding.getName());
    }
    KJ_IF_MAYBE(planned, planBinding(itemPlace, name, binding, rules, problems)) {
      result.add(kj::mv(*planned));
    }
  }
  return result.releaseAsArray();
}

compat::CompatFlags planCompatibility(const Place& worker, kj::StringPtr name, kj::StringPtr date,
                                      capnp::List<capnp::Text>::Reader flags,
                                      const LoadOptions& options, Problems& problems) {
  auto names = planTexts(flags);
  compat::CompatRules rules{.experimental = options.experimental, .now = options.calendar.now()};
  if (options.compatibilityDate != nullptr)
    rules.dateFrom = compat::CompatRules::DateFrom::CommandLine;
  return compat::evaluateCompatFlags(date, names, rules, [&](compat::CompatFinding finding) {
    Place dated = worker.field("compatibilityDate");
    Place named =
        worker.item("compatibilityFlags", static_cast<uint>(finding.nameIndex.orDefault(0)));
    const Place& place = finding.nameIndex == nullptr ? dated : named;
    auto text = kj::str("service ", name, ": ", finding.text);
    if (finding.severity == compat::CompatFinding::Severity::Error) {
      problems.error(place, kj::mv(text));
    } else {
      problems.warning(place, kj::mv(text));
    }
  });
}

// The date that counts for a worker, if it has one.
kj::Maybe<kj::StringPtr> planCompatibilityDate(const Place& place, kj::StringPtr name,
                                               schema::Worker::Reader worker,
                                               const LoadOptions& options, Problems& problems) {
  KJ_IF_MAYBE(date, options.compatibilityDate) {
    if (worker.hasCompatibilityDate()) {
      problems.error(place.field("compatibilityDate"),
                     kj::str("service ", name,
                             ": Worker specifies compatibilityDate but --compat-date was provided. "
                             "When using --compat-date, workers must not specify compatibilityDate "
                             "in the config. Use compatibilityFlags to enable/disable specific "
                             "flags if needed."));
    }
    return *date;
  }
  if (worker.hasCompatibilityDate()) return kj::StringPtr(worker.getCompatibilityDate());
  problems.error(place, kj::str("service ", name, ": Worker must specify compatibilityDate."));
  return nullptr;
}

}  // namespace

WorkerService planWorker(const Place& place, kj::StringPtr name, schema::Worker::Reader worker,
                         const ServiceNames& names, const LoadOptions& options,
                         Problems& problems) {
  WorkerService result;
  if (worker.isModules()) {
    result.modules = planModules(place, name, worker.getModules(), problems);
  }
  KJ_IF_MAYBE(date, planCompatibilityDate(place, name, worker, options, problems)) {
    result.compatibilityDate = *date;
    result.compatibilityFlags =
        planCompatibility(place, name, *date, worker.getCompatibilityFlags(), options, problems);
  }
  if (worker.isServiceWorkerScript()) {
    result.serviceWorkerScript = kj::StringPtr(worker.getServiceWorkerScript());
  }
  result.bindings = planBindings(
      place, "bindings", kj::str("Worker \"", name, '"'), worker.getBindings(),
      BindingRules{name, names, options.experimental, worker.isServiceWorkerScript()}, problems);
  result.actorNamespaces =
      planActorNamespaces(place, kj::str("Worker \"", name, '"'), worker, options, problems);
  planActorStorage(place, name, worker, names, result, problems);
  kj::Vector<ServiceRef> tails;
  for (uint i = 0; i < worker.getTails().size(); ++i) {
    tails.add(planServiceRef(place.item("tails", i), kj::str("Worker \"", name, "\"'s tails"),
                             worker.getTails()[i], names, problems));
  }
  result.tails = tails.releaseAsArray();
  if (worker.hasModuleFallback()) {
    kj::StringPtr address = worker.getModuleFallback();
    checkAddress(place.field("moduleFallback"), kj::str("Worker \"", name, "\"'s moduleFallback"),
                 address, problems);
    result.moduleFallback = address;
  }
  // Absent, it reads as "internet", which always exists.
  result.globalOutbound = planServiceRef(place.field("globalOutbound"),
                                         kj::str("Worker \"", name, "\"'s globalOutbound"),
                                         worker.getGlobalOutbound(), names, problems);
  if (worker.hasCacheApiOutbound()) {
    result.cacheApiOutbound = planServiceRef(place.field("cacheApiOutbound"),
                                             kj::str("Worker \"", name, "\"'s cacheApiOutbound"),
                                             worker.getCacheApiOutbound(), names, problems);
  }
  return result;
}

}  // namespace ocapd::config
