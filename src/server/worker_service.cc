#include "src/server/worker_service.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kj/debug.h>
#include <v8-initialization.h>

#include "src/actor/actor_namespace.h"
#include "src/server/module_fallback.h"
#include "src/worker/actor_class.h"

namespace ocapd::server {

namespace {

js::ModuleSource::Kind kindOf(config::Module::Kind kind) {
  switch (kind) {
    case config::Module::Kind::EsModule: return js::ModuleSource::Kind::EsModule;
    case config::Module::Kind::Text: return js::ModuleSource::Kind::Text;
    case config::Module::Kind::Data: return js::ModuleSource::Kind::Data;
    case config::Module::Kind::Wasm: return js::ModuleSource::Kind::Wasm;
    case config::Module::Kind::Json: return js::ModuleSource::Kind::Json;
    case config::Module::Kind::CommonJs: return js::ModuleSource::Kind::CommonJs;
  }
  KJ_UNREACHABLE;
}

api::BindingKind kindOf(config::Binding::Product::Kind kind) {
  switch (kind) {
    case config::Binding::Product::Kind::KvNamespace: return api::BindingKind::KvNamespace;
    case config::Binding::Product::Kind::R2Bucket: return api::BindingKind::R2Bucket;
    case config::Binding::Product::Kind::Queue: return api::BindingKind::Queue;
    case config::Binding::Product::Kind::AnalyticsEngine: return api::BindingKind::AnalyticsEngine;
  }
  KJ_UNREACHABLE;
}

kj::Maybe<kj::String> copyOf(const kj::Maybe<kj::StringPtr>& text) {
  return text.map([](kj::StringPtr given) { return kj::str(given); });
}

kj::Array<kj::String> copyOf(kj::ArrayPtr<const config::Text> texts) {
  auto copies = kj::heapArrayBuilder<kj::String>(texts.size());
  for (auto& text : texts) copies.add(kj::str(text));
  return copies.finish();
}

kj::Maybe<kj::StringPtr> viewOf(const kj::Maybe<kj::String>& text) {
  return text.map([](const kj::String& given) { return kj::StringPtr(given); });
}

}  // namespace

class WorkerService final : public Service, private kj::TaskSet::ErrorHandler {
 public:
  WorkerService(WorkerServices& owner, kj::StringPtr name, const config::WorkerService& config)
      : owner_(owner), name_(name), config_(config), retired_(*this) {
    KJ_IF_MAYBE(address, config.moduleFallback) {
      bool isNew = config.compatibilityFlags.has(compat::CompatFlag::NewModuleRegistry);
      auto registry = isNew ? js::ModuleRegistry::Urls : js::ModuleRegistry::Legacy;
      fallback_ = kj::heap<HttpModuleFallback>(*address, registry);
    }
    for (auto& each : config.actorNamespaces) {
      actorNamespaces_.add(
          kj::heap<actor::ActorNamespace>(namespaceOptions(config, each), owner_.timer_));
      owner_.actorControl_.add(*actorNamespaces_.back());
    }
  }

  ~WorkerService() noexcept(false) {
    for (auto& each : actorNamespaces_) owner_.actorControl_.remove(*each);
  }

  void link(ServiceGraph& graph, ErrorReporter& errors) override {
    graph_ = graph;
    auto started = start(graph);
    for (auto& error : started.errors) errors.addError(kj::mv(error));
    if (!started.errors.empty()) return;
    worker_ = kj::mv(started.worker);
    for (size_t i : kj::indices(config_.actorNamespaces)) startActors(graph, i, errors);
  }

  channel::ActorNamespace& getActorNamespace(size_t index) override {
    return *actorNamespaces_[index];
  }

  kj::Own<channel::ActorClassChannel> getActorClass(
      kj::StringPtr name, kj::Maybe<kj::Own<channel::Props>> props) override {
    return kj::refcounted<worker::ActorClass>([this]() -> worker::Worker& { return current(); },
                                              kj::str(name), kj::mv(props));
  }

  bool hasActorClass(kj::StringPtr name) override {
    KJ_IF_MAYBE(worker, worker_) {
      return (*worker)->findActorClass(name) != nullptr;
    }
    return true;  // its own error is enough
  }

  bool hasEntrypoint(kj::StringPtr name) override {
    KJ_IF_MAYBE(worker, worker_) {
      return (*worker)->hasEntrypoint(name);
    }
    return true;  // its own error is enough
  }

  kj::Array<kj::String> testEntrypoints() override {
    KJ_IF_MAYBE(worker, worker_) {
      return (*worker)->testEntrypoints();
    }
    return nullptr;
  }

  kj::Own<channel::ServiceChannel> getChannel(kj::Maybe<kj::StringPtr> entrypoint,
                                              kj::Maybe<kj::Own<channel::Props>> props) override {
    return kj::refcounted<Channel>(*this, copyOf(entrypoint), kj::mv(props));
  }

 private:
  worker::Worker::Started start(ServiceGraph& graph) {
    worker::WorkerOptions options;
    options.name = kj::str(name_);
    options.modules = KJ_MAP(module, config_.modules) {
      return js::ModuleSource{kindOf(module.kind), kj::str(module.name), module.content,
                              copyOf(module.namedExports)};
    };
    KJ_IF_MAYBE(script, config_.serviceWorkerScript) {
      options.classicScript = script->asBytes();
    }
    options.flags = config_.compatibilityFlags;
    options.extensions = KJ_MAP(module, graph.extensions()) {
      return js::ModuleLoader::ExtensionModule{
          module.name, module.esModule,
          module.internal ? js::Importer::Internal : js::Importer::User};
    };
    options.bindings = bindingsOf(graph, config_.bindings);
    options.isolate = owner_.isolateOptions_;
    if (owner_.inspector_ != nullptr) options.debugger = &owner_.inspector_->target(name_);
    KJ_IF_MAYBE(fallback, fallback_) {
      options.fallback = fallback->get();
    }
    options.loopback = [this](kj::StringPtr entrypoint, kj::Maybe<kj::Own<channel::Props>> props) {
      kj::Maybe<kj::StringPtr> name;
      if (entrypoint != "default") name = entrypoint;
      return getChannel(name, kj::mv(props));
    };
    auto tails = kj::heapArrayBuilder<kj::Own<channel::ServiceChannel>>(config_.tails.size());
    for (auto& each : config_.tails) tails.add(graph.getChannel(each));
    options.tails = tails.finish();
    options.loopbackClass = [this](kj::StringPtr name, kj::Maybe<kj::Own<channel::Props>> props) {
      return getActorClass(name, kj::mv(props));
    };
    auto own = kj::heapArrayBuilder<worker::WorkerOptions::OwnNamespace>(actorNamespaces_.size());
    for (size_t i : kj::indices(config_.actorNamespaces)) {
      own.add(worker::WorkerOptions::OwnNamespace{kj::str(config_.actorNamespaces[i].className),
                                                  *actorNamespaces_[i]});
    }
    options.ownNamespaces = own.finish();
    options.actorControl = owner_.actorControl_;
    options.globalOutbound = graph.getChannel(config_.globalOutbound);
    KJ_IF_MAYBE(cache, config_.cacheApiOutbound) {
      options.cacheOutbound = graph.getChannel(*cache);
    }
    return worker::Worker::start(KJ_ASSERT_NONNULL(owner_.lane_), owner_.console_, kj::mv(options));
  }  // namespace ocapd::server

  void taskFailed(kj::Exception&& exception) override {
    KJ_LOG(ERROR, "a worker could not be let go", name_, exception);
  }

  // The worker that takes new events: another one when the last has reached a limit.
  worker::Worker& current() {
    auto& worker = KJ_REQUIRE_NONNULL(worker_, "worker has not started");
    if (!worker->isCondemned()) return *worker;
    KJ_LOG(WARNING, "a worker that reached a limit is started again", name_);
    auto started = start(KJ_ASSERT_NONNULL(graph_));
    if (!started.errors.empty()) {
      KJ_FAIL_REQUIRE("a worker could not be started again", name_, started.errors[0]);
    }
    auto& old = *worker;
    retired_.add(old.whenUnused().attach(kj::mv(worker)));
    worker = kj::mv(started.worker);
    for (auto& each : actorNamespaces_) each->replaceWorker(*worker);
    return *worker;
  }

  class Channel final : public channel::ServiceChannel {
   public:
    Channel(WorkerService& service, kj::Maybe<kj::String> entrypoint,
            kj::Maybe<kj::Own<channel::Props>> props)
        : service_(service), entrypoint_(kj::mv(entrypoint)), props_(kj::mv(props)) {}

    kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
      return service_.current().startRequest(viewOf(entrypoint_), channel::addRef(props_),
                                             kj::mv(metadata));
    }

   private:
    WorkerService& service_;
    kj::Maybe<kj::String> entrypoint_;
    kj::Maybe<kj::Own<channel::Props>> props_;
  };

  static actor::NamespaceOptions namespaceOptions(const config::WorkerService& config,
                                                  const config::ActorNamespace& each) {
    actor::NamespaceOptions options;
    options.className = kj::str(each.className);
    options.uniqueKey = copyOf(each.uniqueKey);
    options.preventEviction = each.preventEviction;
    options.enableSql =
        each.enableSql || config.compatibilityFlags.has(compat::CompatFlag::Experimental);
    if (each.uniqueKey != nullptr) {
      options.storage = config.actorStorage.is<config::ActorStorage::LocalDisk>()
                            ? actor::StorageKind::LocalDisk
                            : actor::StorageKind::InMemory;
    }
    return options;
  }

  // The folder is made now, though nothing may ever be stored: the reference does so too.
  static kj::String makeDirectory(kj::StringPtr disk, kj::StringPtr uniqueKey) {
    auto path = kj::str(disk, '/', uniqueKey);
    if (mkdir(path.cStr(), 0777) < 0 && errno != EEXIST) KJ_FAIL_SYSCALL("mkdir", errno, path);
    return path;
  }

  void startActors(ServiceGraph& graph, size_t index, ErrorReporter& errors) {
    auto& config = config_.actorNamespaces[index];
    auto& worker = *KJ_ASSERT_NONNULL(worker_);
    if (worker.findActorClass(config.className) == nullptr) {
      KJ_LOG(WARNING,
             kj::str("A DurableObjectNamespace in the config referenced the class \"",
                     config.className,
                     "\", but no such Durable Object class is exported from the worker. Calls to "
                     "its objects will fail. Export the class, or remove the namespace."));
    }
    kj::String directory;
    try {
      KJ_IF_MAYBE(key, config.uniqueKey) {
        KJ_IF_MAYBE(disk, config_.actorStorage.tryGet<config::ActorStorage::LocalDisk>()) {
          auto& path = graph.getConfig(disk->service).kind.get<config::DiskService>().path;
          directory = makeDirectory(path, *key);
        }
      }
      actorNamespaces_[index]->start(worker, kj::mv(directory));
    } catch (sqlite::Error& error) {
      errors.addError(kj::str("Cannot open the alarms of the Durable Object class \"",
                              config.className, "\": ", error.text()));
    } catch (kj::Exception& exception) {
      errors.addError(kj::str("Cannot make the folder of the Durable Object class \"",
                              config.className, "\": ", exception.getDescription()));
    }
  }

  static worker::Binding bindingOf(ServiceGraph& graph, const config::Binding& binding) {
    worker::Binding result;
    result.name = kj::str(binding.name);
    KJ_SWITCH_ONEOF(binding.value) {
      KJ_CASE_ONEOF(text, config::Binding::TextValue) {
        result.value = worker::Binding::Text{kj::str(text.text)};
      }
      KJ_CASE_ONEOF(data, config::Binding::DataValue) {
        result.value = worker::Binding::Data{data.data};
      }
      KJ_CASE_ONEOF(json, config::Binding::JsonValue) {
        result.value = worker::Binding::Json{kj::str(json.json)};
      }
      KJ_CASE_ONEOF(from, config::Binding::FromEnvironment) {
        if (const char* value = getenv(from.variable.cStr())) {
          result.value = worker::Binding::Text{kj::str(value)};
        } else {
          result.value = worker::Binding::Null{};
        }
      }
      KJ_CASE_ONEOF(service, config::Binding::Service) {
        result.value = graph.getChannel(service.ref);
      }
      KJ_CASE_ONEOF(actors, config::Binding::ActorNamespace) {
        result.value =
            worker::Binding::ActorNamespace{graph.getActorNamespace(actors.service, actors.index)};
      }
      KJ_CASE_ONEOF(product, config::Binding::Product) {
        result.value = worker::Binding::Product{kindOf(product.kind), graph.getChannel(product.ref),
                                                kj::str(product.serviceName)};
      }
      KJ_CASE_ONEOF(actorClass, config::Binding::ActorClass) {
        result.value = graph.getActorClass(actorClass.ref);
      }
      KJ_CASE_ONEOF(database, config::Binding::Hyperdrive) {
        result.value = worker::Binding::Hyperdrive{
            graph.getChannel(database.ref), kj::str(database.database), kj::str(database.user),
            kj::str(database.password), kj::str(database.scheme)};
      }
      KJ_CASE_ONEOF(wasm, config::Binding::WasmModule) {
        result.value = worker::Binding::Wasm{wasm.wasm};
      }
      KJ_CASE_ONEOF(eval, config::Binding::UnsafeEval) {
        result.value = worker::Binding::UnsafeEval{};
      }
      KJ_CASE_ONEOF(port, config::Binding::DebugPort) {
        result.value = worker::Binding::DebugPort{graph.directories()};
      }
      KJ_CASE_ONEOF(wrapped, config::Binding::Wrapped) {
        result.value =
            worker::Binding::Wrapped{kj::str(wrapped.moduleName), kj::str(wrapped.entrypoint),
                                     bindingsOf(graph, wrapped.innerBindings)};
      }
    }
    return result;
  }

  static kj::Array<worker::Binding> bindingsOf(ServiceGraph& graph,
                                               kj::ArrayPtr<const config::Binding> bindings) {
    auto result = kj::heapArrayBuilder<worker::Binding>(bindings.size());
    for (auto& binding : bindings) result.add(bindingOf(graph, binding));
    return result.finish();
  }

  WorkerServices& owner_;
  kj::StringPtr name_;
  const config::WorkerService& config_;
  kj::Maybe<ServiceGraph&> graph_;
  kj::Maybe<kj::Own<HttpModuleFallback>> fallback_;
  kj::Maybe<kj::Own<worker::Worker>> worker_;
  kj::Vector<kj::Own<actor::ActorNamespace>> actorNamespaces_;  // they use the worker
  kj::TaskSet retired_;  // workers that reached a limit, until their last events have ended
};

kj::Maybe<kj::String> WorkerServices::startEngine(kj::ArrayPtr<const kj::StringPtr> v8Flags) {
  KJ_IF_MAYBE(unknown, js::Engine::findUnknownFlag(v8Flags)) {
    return kj::str("v8Flags: V8 ", v8::V8::GetVersion(), " does not know the flag \"", *unknown,
                   "\". Remove it, or correct its name.");
  }
  engine_.emplace(v8Flags).watchdog().setTurnTimeMax(turnTimeMax_);
  return nullptr;
}

kj::Own<Service> WorkerServices::makeWorker(kj::StringPtr name, const config::WorkerService& worker,
                                            const kj::HttpHeaderTable& headerTable,
                                            ErrorReporter& errors) {
  KJ_REQUIRE(engine_ != nullptr, "startEngine() comes first");
  if (lane_ == nullptr) {
    lane_.emplace(worker::Lane{KJ_ASSERT_NONNULL(engine_), timer_, headerTable});
  }
  return kj::heap<WorkerService>(*this, name, worker);
}

namespace {

// As Node's supports-colour rule has it: FORCE_COLOR decides, then NO_COLOR and CI, then whether
// somebody is looking.
bool terminalShowsColors() {
  if (const char* forced = getenv("FORCE_COLOR")) {
    kj::StringPtr value = forced;
    return value == "" || value == "1" || value == "2" || value == "3" || value == "true";
  }
  return getenv("NO_COLOR") == nullptr && getenv("CI") == nullptr && isatty(STDOUT_FILENO) == 1;
}

}  // namespace

WorkerServices::Console::Console(Logger& logger)
    : logger_(logger), colors_(terminalShowsColors()) {}

void WorkerServices::Console::write(Level level, kj::StringPtr text) {
  constexpr kj::StringPtr kNames[] = {"debug"_kj, "info"_kj, "log"_kj, "warn"_kj, "error"_kj};
  logger_.console(kNames[size_t(level)], text);
}

}  // namespace ocapd::server
