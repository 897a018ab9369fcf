// Server: a Plan made live.
//
// Owns      the Plan, all services, all listeners.
// Lives     until drained and destroyed; the event loop, the logger and the worker factory outlive
//           it.
// Threads   the lane of its event loop.
// Errors    start() collects everything that is wrong before giving up.
#pragma once

#include <kj/async-io.h>
#include <kj/vector.h>

#include "src/config/plan.h"
#include "src/server/control_channel.h"
#include "src/server/debug_port.h"
#include "src/server/directories.h"
#include "src/server/header_ids.h"
#include "src/server/http_connection.h"
#include "src/server/listener.h"
#include "src/server/logger.h"
#include "src/server/service.h"

namespace ocapd::server {

class HeaderRules;

class Server final : private ServiceGraph {
 public:
  Server(kj::AsyncIoContext& io, Logger& logger, WorkerServiceFactory& workers,
         ControlChannel control);
  ~Server() noexcept(false);

  // Opens a debug port with the sockets. Before start().
  void setDebugPort(DebugPort::Options options) { debugPort_ = kj::mv(options); }

  // Makes the services, opens the sockets, tells the control channel and begins to serve. False if
  // that is not possible; the logger has been told all reasons, and nothing was begun.
  bool start(config::Plan plan);

  // Whether there is anything to wait for.
  bool hasSockets() const { return listeners_.size() > 0; }

  // Accepts nothing new and resolves when everything begun has ended. Call it once.
  kj::Promise<void> drain();

  // For tests and for those who run events without a socket.
  kj::Own<channel::ServiceChannel> getChannel(const config::ServiceRef& ref) override;
  channel::ActorNamespace& getActorNamespace(size_t service, size_t index) override {
    return services_[service]->getActorNamespace(index);
  }
  kj::Own<channel::ActorClassChannel> getActorClass(const config::ServiceRef& ref) override;
  const config::Service& getConfig(size_t service) override { return plan_.services[service]; }
  channel::DirectoryFinder& directories() override { return KJ_ASSERT_NONNULL(directories_); }
  kj::ArrayPtr<const config::ExtensionModule> extensions() override { return plan_.extensions; }
  const config::Plan& plan() const { return plan_; }
  kj::Array<kj::String> testEntrypoints(size_t service) {
    return services_[service]->testEntrypoints();
  }
  const kj::HttpHeaderTable& headerTable() const { return *headerTable_; }
  // The port of the n-th socket of the Plan; 0 for unix sockets.
  kj::uint port(size_t socket) const { return ports_[socket]; }

 private:
  class Builder;

  struct Bound {
    size_t socket;  // index into the Plan's sockets
    kj::Vector<net::ListenSocket> sockets;
  };
  bool bindAll(kj::Vector<Bound>& bound);
  bool startDebugPort();

  kj::AsyncIoContext& io_;
  Logger& logger_;
  WorkerServiceFactory& workers_;
  ControlChannel control_;
  config::Plan plan_;
  kj::Own<kj::HttpHeaderTable> headerTable_;
  kj::Maybe<HeaderIds> headerIds_;
  kj::Maybe<HttpContext> httpContext_;
  kj::Maybe<DebugPort::Options> debugPort_;
  kj::Maybe<Directories> directories_;
  kj::Vector<kj::Own<Service>> services_;
  kj::Vector<kj::uint> ports_;
  // Last to be made and first to go: connections use all of the above.
  kj::Vector<kj::Own<Listener>> listeners_;
};

}  // namespace ocapd::server
