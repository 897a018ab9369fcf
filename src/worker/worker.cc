#include "src/worker/worker.h"

#include <kj/debug.h>
#include <v8-container.h>

#include "src/api/actor/durable_object_class.h"
#include "src/api/events/scope_events.h"
#include "src/api/global/cloudflare_global.h"
#include "src/api/install.h"
#include "src/api/node/node_modules.h"
#include "src/api/workers/loopback.h"
#include "src/channel/tail_target.h"
#include "src/worker/entrypoint_target.h"
#include "src/worker/request_context.h"
#include "src/worker/startup_error.h"

namespace ocapd::worker {

Worker::Worker(Lane& lane, ConsoleSink& console, WorkerOptions options)
    : lane_(lane),
      console_(console),
      options_(kj::mv(options)),
      isolate_(lane.engine, api::global(), api::snapshot(), options_.isolate),
      builtIns_(options_.flags),
      lingering_(*this),
      background_(*this) {
  isolate_.owner = static_cast<api::WorkerHost*>(this);
  rejections_ = kj::heap<UnhandledRejections>(isolate_);
  if (options_.debugger != nullptr) options_.debugger->attach(isolate_);
}

js::ModuleLoader::Options Worker::moduleOptions() {
  auto has = [&](compat::CompatFlag flag) { return options_.flags.has(flag); };
  using compat::CompatFlag;
  js::ModuleLoader::Options result;
  result.registry =
      has(CompatFlag::NewModuleRegistry) ? js::ModuleRegistry::Urls : js::ModuleRegistry::Legacy;
  result.commonJsDefaultExport = has(CompatFlag::ExportCommonjsDefault);
  result.requireForbidsTopLevelAwait = has(CompatFlag::DisableTopLevelAwaitInRequire);
  result.refuseAttributes = has(CompatFlag::ThrowOnUnrecognizedImportAssertion);
  result.sources = kj::mv(options_.modules);
  result.extensions = kj::mv(options_.extensions);
  result.builtIns = &builtIns_;
  result.fallback = options_.fallback;
  return result;
}

Worker::~Worker() noexcept(false) {
  lingering_.clear();
  background_.clear();
  if (options_.debugger != nullptr) options_.debugger->detach(isolate_);
}

Worker::Started Worker::start(Lane& lane, ConsoleSink& console, WorkerOptions options) {
  Started result;
  auto worker = kj::Own<Worker>(new Worker(lane, console, kj::mv(options)),
                                kj::_::HeapDisposer<Worker>::instance);
  worker->isolate_.run([&](js::Turn& turn) {
    v8::TryCatch tryCatch(turn.v8);
    try {
      worker->exports_.Reset(turn.v8, v8::Object::New(turn.v8));
      api::installFlags(turn, worker->options_.flags);
      worker->modules_.emplace(worker->isolate_, worker->moduleOptions());
      worker->installNode(turn);
      worker->makeEnv(turn);
      worker->evaluate(turn);
    } catch (...) {
      auto reason = turn.caught(tryCatch);
      result.errors.add(describeStartupError(turn, reason, tryCatch.Message()));
    }
  });
  if (result.errors.empty()) {
    worker->background_.add(worker->pumpForegroundTasks());
    result.worker = kj::mv(worker);
  }
  return result;
}

void Worker::installNode(js::Turn& turn) {
  using Flag = compat::CompatFlag;
  if (flags().has(Flag::EnableNodejsGlobalTimers)) api::installNodeTimers(turn);
  if (!flags().has(Flag::NodejsCompatV2)) return;
  api::installNodeGlobals(turn);
  KJ_ASSERT_NONNULL(modules_).commonJsLocals.Reset(turn.v8, api::nodeCommonJsLocals(turn));
}

void Worker::evaluate(js::Turn& turn) {
  auto& loader = KJ_ASSERT_NONNULL(modules_);
  if (flags().has(compat::CompatFlag::AllowEvalDuringStartup)) {
    turn.context->AllowCodeGenerationFromStrings(true);
  }
  KJ_DEFER(turn.context->AllowCodeGenerationFromStrings(false));
  KJ_IF_MAYBE(script, options_.classicScript) {
    return evaluateScript(turn, *script);
  }
  auto exports = loader.evaluateMain(turn);
  auto names = turn.check(exports->GetOwnPropertyNames(turn.context));
  for (uint32_t i = 0; i < names->Length(); ++i) {
    auto name = turn.check(names->Get(turn.context, i));
    if (!name->IsString()) continue;
    auto exported = turn.check(exports->Get(turn.context, name));
    addEntrypoint(classifyExport(turn, turn.utf8(name.As<v8::String>()), exported));
  }
  makeExports(turn);
}

// ctx.exports, in the reference's order: objects of handlers, `default` first, then classes, then
// those of Durable Objects.
void Worker::makeExports(js::Turn& turn) {
  if (!flags().has(compat::CompatFlag::EnableCtxExports)) return;
  auto exports = exports_.Get(turn.v8);
  auto add = [&](Entrypoint::Kind kind) {
    for (bool isDefault : {true, false}) {
      for (auto& each : entrypoints_) {
        if (each->kind != kind || (each->name == "default") != isDefault) continue;
        if (kind == Entrypoint::Kind::ActorClass) {
          turn.set(exports, each->name, exportedActorClass(turn, each->name));
          continue;
        }
        auto* stub =
            turn.make<api::LoopbackServiceStub>(loopback(each->name, nullptr), kj::str(each->name));
        turn.set(exports, each->name, turn.wrap(*stub));
      }
    }
  };
  add(Entrypoint::Kind::Handlers);
  add(Entrypoint::Kind::Class);
  add(Entrypoint::Kind::ActorClass);
}

v8::Local<v8::Value> Worker::exportedActorClass(js::Turn& turn, kj::StringPtr name) {
  api::LoopbackClassSource source = [this, name](kj::Maybe<kj::Own<channel::Props>> props) {
    return options_.loopbackClass(name, kj::mv(props));
  };
  for (auto& each : options_.ownNamespaces) {
    if (each.className != name) continue;
    if (each.target.isEphemeral()) {
      return turn.wrap(
          *turn.make<api::LoopbackColoLocalActorNamespace>(each.target, kj::mv(source)));
    }
    return turn.wrap(*turn.make<api::LoopbackDurableObjectNamespace>(each.target, kj::mv(source)));
  }
  return turn.wrap(*turn.make<api::LoopbackDurableObjectClass>(kj::mv(source)));
}

void Worker::evaluateScript(js::Turn& turn, kj::ArrayPtr<const kj::byte> script) {
  bool isNew = flags().has(compat::CompatFlag::NewModuleRegistry);
  KJ_ASSERT_NONNULL(modules_).runScript(turn, isNew ? "file:///worker.js" : "worker.js", script);
  bool listens = false;
  for (auto type : {"fetch", "scheduled", "queue", "test", "tail", "trace", "connect"}) {
    listens = listens || api::scopeHasListeners(turn, type);
  }
  if (!listens) {
    throw js::Error::plain("No event handlers were registered. This script does nothing.");
  }
  Entrypoint entrypoint;
  entrypoint.name = kj::str("default");
  entrypoint.kind = Entrypoint::Kind::Script;
  addEntrypoint(kj::mv(entrypoint));
}

void Worker::addEntrypoint(Entrypoint entrypoint) {
  auto kept = kj::heap<Entrypoint>(kj::mv(entrypoint));
  entrypointsByName_.insert(kept->name, kept.get());
  entrypoints_.add(kj::mv(kept));
}

kj::Array<kj::String> Worker::testEntrypoints() {
  kj::Vector<kj::String> result;
  isolate_.run([&](js::Turn& turn) {
    auto collect = [&](bool isDefault) {
      for (auto& each : entrypoints_) {
        if ((each->name == "default") != isDefault || !each->isStateless()) continue;
        bool has = false;
        turn.catching([&] { has = each->hasHandler(turn, "test"); });
        if (has) result.add(kj::str(each->name));
      }
    };
    collect(true);
    collect(false);
  });
  return result.releaseAsArray();
}

void Worker::makeEnv(js::Turn& turn) {
  // Bindings of a classic script are globals.
  bool isClassic = options_.classicScript != nullptr;
  auto env = isClassic ? turn.context->Global() : v8::Object::New(turn.v8);
  env_.Reset(turn.v8, env);
  for (auto& binding : options_.bindings) {
    auto value = bindingValue(turn, binding);
    turn.check(env->Set(turn.context, turn.string(binding.name), value));
  }
}

bool Worker::hasEntrypoint(kj::Maybe<kj::StringPtr> name) const {
  KJ_IF_MAYBE(given, name) {
    return entrypointsByName_.find(*given) != nullptr;
  }
  return true;
}

kj::Maybe<Entrypoint&> Worker::findActorClass(kj::StringPtr name) {
  KJ_IF_MAYBE(found, entrypointsByName_.find(name)) {
    if ((*found)->kind == Entrypoint::Kind::ActorClass) return **found;
  }
  return nullptr;
}

kj::Own<channel::RequestTarget> Worker::startRequest(kj::Maybe<kj::StringPtr> entrypoint,
                                                     kj::Maybe<kj::Own<channel::Props>> props,
                                                     channel::RequestMetadata metadata) {
  kj::Maybe<Entrypoint&> found;
  KJ_IF_MAYBE(entry, entrypointsByName_.find(entrypoint.orDefault("default"_kj))) {
    found = **entry;
  }
  return kj::heap<EntrypointTarget>(*this, found, kj::mv(props), kj::mv(metadata));
}

kj::Promise<void> Worker::whenUnused() {
  if (uses_ == 0) return kj::READY_NOW;
  auto pair = kj::newPromiseAndFulfiller<void>();
  unused_ = kj::mv(pair.fulfiller);
  return kj::mv(pair.promise);
}

kj::Promise<void> Worker::pumpForegroundTasks() {
  while (true) {
    co_await isolate_.foregroundTasks().whenDue(lane_.timer);
    isolate_.run([&](js::Turn&) { isolate_.foregroundTasks().runDue(); });
  }
}

void Worker::sendTrace(const Trace& trace) {
  auto report = trace.toJson();
  for (auto& channel : options_.tails) {
    // Not from within a turn.
    background_.add(kj::evalLater(
        [channel = channel->addRef(), report = kj::str(report)]() mutable -> kj::Promise<void> {
          auto target = channel->startRequest({});
          auto* tail = dynamic_cast<channel::TailTarget*>(target.get());
          if (tail == nullptr) return kj::READY_NOW;
          auto reports = kj::heapArrayBuilder<kj::String>(1);
          reports.add(kj::mv(report));
          auto told = tail->tail(reports.finish());
          return told.attach(kj::mv(target), kj::mv(channel));
        }));
  }
}

void Worker::linger(kj::Own<RequestContext> context) {
  auto& reference = *context;
  lingering_.add(reference.waitUntilDone().attach(kj::mv(context)));
}

void Worker::taskFailed(kj::Exception&& exception) {
  KJ_LOG(ERROR, "background work of a worker failed", options_.name, exception);
}

}  // namespace ocapd::worker
