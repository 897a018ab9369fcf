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

#include "src/api/io/worker_host.h"
#include "src/channel/service_channel.h"
#include "src/js/isolate.h"
#include "src/js/module_loader.h"

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
  struct Null {};
  using Service = kj::Own<channel::ServiceChannel>;
  kj::String name;
  kj::OneOf<Text, Json, Data, Null, Service> value;
};

// Where console.* goes. Called in the lane, during turns.
class ConsoleSink {
 public:
  using Level = api::WorkerHost::LogLevel;
  virtual void write(Level level, kj::StringPtr text) = 0;
  virtual bool wantsColors() = 0;
};

struct WorkerOptions {
  kj::String name;                      // of the service, for messages
  kj::Array<js::ModuleSource> modules;  // content outlives the worker; the first is the main one
  kj::Array<Binding> bindings;
  kj::Own<channel::ServiceChannel> globalOutbound;
  js::Isolate::Options isolate;
};

class Worker final : public api::WorkerHost, private kj::TaskSet::ErrorHandler {
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

  // Begins one event at an entrypoint that exists.
  kj::Own<channel::RequestTarget> startRequest(kj::Maybe<kj::StringPtr> entrypoint,
                                               kj::Maybe<kj::StringPtr> propsJson,
                                               channel::RequestMetadata metadata);

  // Resolves when no waitUntil() work is left: for draining.
  kj::Promise<void> waitUntilDone() { return lingering_.onEmpty(); }

  void writeConsole(LogLevel level, kj::StringPtr text) override { console_.write(level, text); }
  bool wantsConsoleColors() override { return console_.wantsColors(); }

 private:
  friend class FetchEvent;
  friend class RequestContext;

  struct Entrypoint {
    v8::Global<v8::Object> handler;
    v8::Global<v8::Function> fetch;  // empty when the handler has none
  };

  Worker(Lane& lane, ConsoleSink& console, WorkerOptions options);
  void evaluate(js::Turn& turn);
  void makeEnv(js::Turn& turn);
  void addEntrypoint(js::Turn& turn, kj::StringPtr name, v8::Local<v8::Value> exported);
  kj::Promise<void> pumpForegroundTasks();
  // Keeps the context of an answered event until its waitUntil() work is done.
  void linger(kj::Own<class RequestContext> context);
  void taskFailed(kj::Exception&& exception) override;

  Lane& lane_;
  ConsoleSink& console_;
  WorkerOptions options_;
  js::Isolate isolate_;
  kj::Maybe<js::ModuleLoader> modules_;
  v8::Global<v8::Object> env_;
  kj::HashMap<kj::String, Entrypoint> entrypoints_;  // "default" and named ones
  kj::TaskSet lingering_;
  kj::TaskSet background_;
};

}  // namespace ocapd::worker
