// Service: one named thing of the config that events can be sent to.
//
// Services are made in two steps, as they refer to each other in any order and in cycles: first
// all are made, then all are linked. Channels may be taken between the two; events may be sent
// when linking is over.
//
// Owns      what it takes to serve. Never another service: the server owns them all.
// Lives     as long as the server. Channels and targets hold plain references to it.
// Threads   its lane only.
#pragma once

#include <kj/debug.h>

#include "src/channel/actor_channel.h"
#include "src/channel/directory.h"
#include "src/channel/props.h"
#include "src/config/plan.h"

namespace ocapd::server {

class ServiceGraph;

// Collects what is wrong with the config; the server does not start if anything came in.
class ErrorReporter {
 public:
  virtual void addError(kj::String text) = 0;
};

class Service {
 public:
  virtual ~Service() noexcept(false) = default;

  // Second step: takes the channels it needs and gets ready. Complaints go to `errors`, without
  // the service's name, which is put in front of them.
  virtual void link(ServiceGraph& graph, ErrorReporter& errors) {}

  // Asked after linking; only workers have any.
  virtual bool hasEntrypoint(kj::StringPtr name) { return false; }
  // Entrypoints with a test() handler, "default" first.
  virtual kj::Array<kj::String> testEntrypoints() { return nullptr; }

  // The n-th of its config's Durable Object namespaces; may be asked for before linking.
  virtual channel::ActorNamespace& getActorNamespace(size_t index) {
    KJ_FAIL_REQUIRE("the config has been checked to ask workers only");
  }

  // A Durable Object class of a worker; the name is found by hasActorClass().
  virtual kj::Own<channel::ActorClassChannel> getActorClass(
      kj::StringPtr name, kj::Maybe<kj::Own<channel::Props>> props) {
    KJ_FAIL_REQUIRE("the config has been checked to ask workers only");
  }
  virtual bool hasActorClass(kj::StringPtr name) { return false; }

  // A way in. Names and props are those of a ServiceRef: the config has been checked to give them
  // to workers only, an unknown name is found by hasEntrypoint().
  virtual kj::Own<channel::ServiceChannel> getChannel(kj::Maybe<kj::StringPtr> entrypoint,
                                                      kj::Maybe<kj::Own<channel::Props>> props) = 0;
};

// All services, by their position in the Plan.
class ServiceGraph {
 public:
  virtual kj::Own<channel::ServiceChannel> getChannel(const config::ServiceRef& ref) = 0;
  virtual channel::ActorNamespace& getActorNamespace(size_t service, size_t index) = 0;
  virtual kj::Own<channel::ActorClassChannel> getActorClass(const config::ServiceRef& ref) = 0;
  virtual const config::Service& getConfig(size_t service) = 0;
  // All services by their names, and other processes' debug ports.
  virtual channel::DirectoryFinder& directories() = 0;
  // Modules that every worker can import.
  virtual kj::ArrayPtr<const config::ExtensionModule> extensions() = 0;
};

// What makes the services that run JavaScript: the server knows nothing of how they work.
class WorkerServiceFactory {
 public:
  // Names of headers that workers will look up by id, added before the table is made.
  virtual void addHeaders(kj::HttpHeaderTable::Builder& table) {}

  // First step for one worker. The Plan's strings and the header table outlive the result.
  virtual kj::Own<Service> makeWorker(kj::StringPtr name, const config::WorkerService& worker,
                                      const kj::HttpHeaderTable& headerTable,
                                      ErrorReporter& errors) = 0;
};

}  // namespace ocapd::server
