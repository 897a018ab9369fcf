// Worker: an isolate, a script evaluated in it, and its env, ready for events.
//
// Owns      the isolate, the env's channels, and the contexts of events that outlive their
// response. Lives     as long as the server; channels to it refer to it and must go before it.
// Threads   its lane.
// Errors    start() reports what the script did wrong as texts for the config's author.
// See       docs/ARCHITECTURE.md
#pragma once

#include <kj/async.h>
#include <kj/map.h>
#include <kj/one-of.h>

#include "src/api/actor/unsafe_module.h"
#include "src/api/bindings/bindings.h"
#include "src/api/io/worker_host.h"
#include "src/api/modules/worker_modules.h"
#include "src/api/sockets/connect_routes.h"
#include "src/api/transfer/host_types.h"
#include "src/channel/actor_channel.h"
#include "src/channel/directory.h"
#include "src/channel/service_channel.h"
#include "src/js/isolate.h"
#include "src/js/module_loader.h"
#include "src/worker/entrypoint.h"
#include "src/worker/trace.h"
#include "src/worker/unhandled_rejections.h"

namespace ocapd::worker {

// What all workers of one lane share. Everything here outlives them.
struct Lane {
  js::Engine& engine;
  kj::Timer& timer;
  const kj::HttpHeaderTable& headerTable;
};

// One property of `env`.
struct Binding {
  struct Text {
    kj::String text;
  };
  struct Json {
    kj::String json;
  };
  struct Data {
    kj::ArrayPtr<const kj::byte> data;
  };
  struct Wasm {
    kj::ArrayPtr<const kj::byte> wasm;
  };
  struct Null {};
  struct UnsafeEval {};
  // What a function of a module makes of other bindings.
  struct Wrapped {
    kj::String moduleName;
    kj::String entrypoint;
    kj::Array<Binding> innerBindings;
  };
  using Service = kj::Own<channel::ServiceChannel>;
  using ActorClass = kj::Own<channel::ActorClassChannel>;
  struct ActorNamespace {
    channel::ActorNamespace& target;  // outlives the worker
  };
  // An object over requests to a service.
  struct Product {
    api::BindingKind kind;
    Service service;
    kj::String dataset;
  };
  struct Hyperdrive {
    Service service;
    kj::String database;
    kj::String user;
    kj::String password;
    kj::String scheme;
  };
  struct DebugPort {
    channel::DirectoryFinder& finder;  // outlives the worker
  };
  kj::String name;
  kj::OneOf<Text, Json, Data, Wasm, Null, UnsafeEval, Wrapped, Service, ActorNamespace, ActorClass,
            Product, Hyperdrive, DebugPort>
      value;
};

// Where console.* goes. Called in the lane, during turns.
class ConsoleSink {
 public:
  using Level = api::WorkerHost::LogLevel;
  virtual void write(Level level, kj::StringPtr text) = 0;
  virtual bool wantsColors() = 0;
};

// Who debugs workers: told of the isolate before its first script, and before it goes.
class Debugger {
 public:
  virtual void attach(js::Isolate& isolate) = 0;
  virtual void detach(js::Isolate& isolate) = 0;
  // Nobody caught it. In a turn.
  virtual void reportException(js::Turn& turn, v8::Local<v8::Value> reason) = 0;
};

struct WorkerOptions {
  kj::String name;  // of the service, for messages
  compat::CompatFlags flags;
  // What the content of sources points to outlives the worker.
  kj::Array<js::ModuleSource> modules;                    // the first is the main module
  kj::Maybe<kj::ArrayPtr<const kj::byte>> classicScript;  // instead: service-worker syntax
  kj::Array<js::ModuleLoader::ExtensionModule> extensions;
  js::ModuleFallback* fallback = nullptr;
  kj::Array<Binding> bindings;
  kj::Own<channel::ServiceChannel> globalOutbound;
  kj::Maybe<kj::Own<channel::ServiceChannel>> cacheOutbound;  // none: no Cache API
  // A channel to an entrypoint of this same worker.
  kj::Function<kj::Own<channel::ServiceChannel>(kj::StringPtr entrypoint,
                                                kj::Maybe<kj::Own<channel::Props>> props)>
      loopback;
  // The same for its Durable Object classes.
  kj::Function<kj::Own<channel::ActorClassChannel>(kj::StringPtr className,
                                                   kj::Maybe<kj::Own<channel::Props>> props)>
      loopbackClass;
  // The namespaces of its own classes.
  struct OwnNamespace {
    kj::String className;
    channel::ActorNamespace& target;  // outlives the worker
  };
  kj::Array<OwnNamespace> ownNamespaces;
  // Who is told what events have done.
  kj::Array<kj::Own<channel::ServiceChannel>> tails;
  kj::Maybe<api::ActorControl&> actorControl;
  js::Isolate::Options isolate;
  Debugger* debugger = nullptr;
};

class Worker final : public api::WorkerHost,
                     public api::ConnectRoutes,
                     public api::ActorControlHost,
                     private kj::TaskSet::ErrorHandler {
 public:
  // Evaluates the script. On failure `worker` is null and `errors` says why, a text each.
  struct Started {
    kj::Own<Worker> worker;
    kj::Vector<kj::String> errors;
  };
  static Started start(Lane& lane, ConsoleSink& console, WorkerOptions options);
  ~Worker() noexcept(false);

  // True when a channel to this entrypoint can be made; null is the default export. A worker
  // without default export has a default entrypoint all the same, whose events fall through.
  bool hasEntrypoint(kj::Maybe<kj::StringPtr> name) const;

  // The entrypoints that have a test() handler, the default one first, then in export order.
  kj::Array<kj::String> testEntrypoints();

  // A worker that has reached a limit takes no new events; whoever owns it starts another one.
  bool isCondemned() const { return condemned_; }

  // Something that needs the worker: an event, or a target that may become one.
  class Use {
   public:
    explicit Use(Worker& worker) : worker_(worker) { ++worker_.uses_; }
    ~Use() noexcept(false) {
      if (--worker_.uses_ == 0 && worker_.unused_.get() != nullptr) worker_.unused_->fulfill();
    }
    KJ_DISALLOW_COPY_AND_MOVE(Use);

   private:
    Worker& worker_;
  };
  // Resolves when nothing uses the worker; to be asked for once it takes no new events.
  kj::Promise<void> whenUnused();

  // Begins one event at an entrypoint that exists.
  kj::Own<channel::RequestTarget> startRequest(kj::Maybe<kj::StringPtr> entrypoint,
                                               kj::Maybe<kj::Own<channel::Props>> props,
                                               channel::RequestMetadata metadata);

  // A class whose instances are Durable Objects.
  kj::Maybe<Entrypoint&> findActorClass(kj::StringPtr name);
  js::Isolate& isolate() { return isolate_; }
  kj::Timer& timer() { return lane_.timer; }

  // Resolves when no waitUntil() work is left: for draining.
  kj::Promise<void> waitUntilDone() { return lingering_.onEmpty(); }

  const compat::CompatFlags& flags() const override { return options_.flags; }
  v8::Local<v8::Object> env(js::Turn& turn) override { return env_.Get(turn.v8); }
  kj::Own<channel::ServiceChannel> loopback(kj::StringPtr entrypoint,
                                            kj::Maybe<kj::Own<channel::Props>> props) override {
    return options_.loopback(entrypoint, kj::mv(props));
  }
  v8::Local<v8::Object> exports(js::Turn& turn) override { return exports_.Get(turn.v8); }
  kj::ArrayPtr<const rpc::HostType> hostTypes() override { return api::hostTypes(); }
  void writeConsole(LogLevel level, kj::StringPtr text) override { console_.write(level, text); }
  kj::Maybe<api::ActorControl&> actorControl() override { return options_.actorControl; }
  bool wantsConsoleColors() override { return console_.wantsColors(); }
  v8::Local<v8::Object> processEnvironment(js::Turn& turn) override;

  void addRoute(kj::String host, kj::Own<channel::ServiceChannel> service) override {
    connectRoutes_.insert(kj::mv(host), kj::mv(service));
  }
  kj::Maybe<channel::ServiceChannel&> findRoute(kj::StringPtr host) override {
    KJ_IF_MAYBE(found, connectRoutes_.find(host)) {
      return **found;
    }
    return nullptr;
  }

  bool isTraced() const { return options_.tails.size() > 0; }
  void sendTrace(const Trace& trace);
  channel::ServiceChannel& globalOutbound() { return *options_.globalOutbound; }
  void reportException(js::Turn& turn, v8::Local<v8::Value> reason) {
    if (options_.debugger != nullptr) options_.debugger->reportException(turn, reason);
  }

 private:
  friend class ConnectEvent;
  friend class Event;
  friend class FetchEvent;
  friend class RequestContext;

  Worker(Lane& lane, ConsoleSink& console, WorkerOptions options);
  js::ModuleLoader::Options moduleOptions();
  void evaluate(js::Turn& turn);
  void makeExports(js::Turn& turn);
  v8::Local<v8::Value> exportedActorClass(js::Turn& turn, kj::StringPtr name);
  void evaluateScript(js::Turn& turn, kj::ArrayPtr<const kj::byte> script);
  void installNode(js::Turn& turn);
  void makeEnv(js::Turn& turn);
  v8::Local<v8::Value> bindingValue(js::Turn& turn, Binding& binding);
  v8::Local<v8::Value> wrap(js::Turn& turn, Binding::Wrapped& wrapped, kj::StringPtr name);
  void addEntrypoint(Entrypoint entrypoint);
  kj::Promise<void> pumpForegroundTasks();
  // Keeps the context of an answered event until its waitUntil() work is done.
  void linger(kj::Own<class RequestContext> context);
  void taskFailed(kj::Exception&& exception) override;

  Lane& lane_;
  ConsoleSink& console_;
  WorkerOptions options_;
  js::Isolate isolate_;
  api::WorkerModules builtIns_;
  kj::Maybe<js::ModuleLoader> modules_;
  v8::Global<v8::Object> env_;
  v8::Global<v8::Object> exports_;
  kj::Vector<kj::Own<Entrypoint>> entrypoints_;  // in the order of exports
  kj::HashMap<kj::StringPtr, Entrypoint*> entrypointsByName_;
  kj::HashMap<kj::String, kj::Own<channel::ServiceChannel>> connectRoutes_;
  bool condemned_ = false;
  size_t uses_ = 0;
  kj::Own<kj::PromiseFulfiller<void>> unused_;
  kj::Own<UnhandledRejections> rejections_;
  kj::TaskSet lingering_;
  kj::TaskSet background_;
};

}  // namespace ocapd::worker
