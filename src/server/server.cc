#include "src/server/server.h"

#include <kj/debug.h>

#include "src/server/disk_service.h"
#include "src/server/external_service.h"
#include "src/server/header_rules.h"
#include "src/server/http_listener.h"
#include "src/server/net/tls.h"
#include "src/server/network_service.h"
#include "src/server/tcp_listener.h"

namespace ocapd::server {
namespace {

class ErrorCounter final : public ErrorReporter {
 public:
  explicit ErrorCounter(Logger& logger) : logger_(logger) {}

  void addError(kj::String text) override {
    logger_.configError(text);
    count_++;
  }
  size_t count() const { return count_; }

 private:
  Logger& logger_;
  size_t count_ = 0;
};

// Says whose error it is.
class PrefixedErrors final : public ErrorReporter {
 public:
  PrefixedErrors(ErrorReporter& inner, kj::StringPtr prefix) : inner_(inner), prefix_(prefix) {}
  void addError(kj::String text) override { inner_.addError(kj::str(prefix_, text)); }

 private:
  ErrorReporter& inner_;
  kj::StringPtr prefix_;
};

// Stands in for a service that could not be made, so that the others can still be checked.
class MissingService final : public Service {
 public:
  kj::Own<channel::ServiceChannel> getChannel(kj::Maybe<kj::StringPtr> entrypoint,
                                              kj::Maybe<kj::Own<channel::Props>> props) override {
    return kj::refcounted<Channel>();
  }
  // Its own error is enough.
  bool hasEntrypoint(kj::StringPtr name) override { return true; }
  bool hasActorClass(kj::StringPtr name) override { return true; }

 private:
  class Channel final : public channel::ServiceChannel {
   public:
    kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
      KJ_FAIL_ASSERT("an event was sent to a service that could not be made");
    }
  };
};

}  // namespace

// Makes services and listeners from the Plan, complaining as it goes.
class Server::Builder {
 public:
  Builder(Server& server, ErrorReporter& errors) : server_(server), errors_(errors) {}

  void buildServices() {
    kj::HttpHeaderTable::Builder table;
    server_.headerIds_ = HeaderIds(table);
    server_.workers_.addHeaders(table);
    compileHeaderRules(table);
    server_.headerTable_ = table.build();
    server_.httpContext_.emplace(
        HttpContext{server_.io_.provider->getTimer(), *server_.headerTable_,
                    KJ_ASSERT_NONNULL(server_.headerIds_), server_.logger_});
    for (size_t i = 0; i < server_.plan_.services.size(); i++) {
      server_.services_.add(buildService(i));
    }
    server_.directories_.emplace(server_.plan_, server_.services_.asPtr(),
                                 server_.io_.provider->getNetwork(), *server_.headerTable_);
  }

  void linkServices() {
    for (size_t i = 0; i < server_.services_.size(); i++) {
      auto prefix = kj::str("service ", server_.plan_.services[i].name, ": ");
      PrefixedErrors errors(errors_, prefix);
      server_.services_[i]->link(server_, errors);
    }
    for (auto& socket : server_.plan_.sockets) {
      checkEntrypoint(kj::str("Socket \"", socket.name, "\""), socket.service);
    }
    for (auto& service : server_.plan_.services) {
      KJ_IF_MAYBE(worker, service.kind.tryGet<config::WorkerService>()) {
        checkWorker(service.name, *worker);
      }
    }
  }

  void buildListeners() {
    for (size_t i = 0; i < server_.plan_.sockets.size(); i++) {
      auto& socket = server_.plan_.sockets[i];
      auto context = kj::str("Socket \"", socket.name, "\": ");
      reportingExceptions(context, [&]() { server_.listeners_.add(buildListener(i, socket)); });
    }
  }

 private:
  using Http = config::ExternalService::Http;
  using Tcp = config::ExternalService::Tcp;

  template <typename Function>
  void reportingExceptions(kj::StringPtr context, Function&& function) {
    KJ_IF_MAYBE(exception, kj::runCatchingExceptions(kj::fwd<Function>(function))) {
      errors_.addError(kj::str(context, exception->getDescription()));
    }
  }

  void compileHeaderRules(kj::HttpHeaderTable::Builder& table) {
    for (auto& service : server_.plan_.services) {
      kj::Maybe<HeaderRules> rules;
      KJ_IF_MAYBE(external, service.kind.tryGet<config::ExternalService>()) {
        KJ_IF_MAYBE(http, external->protocol.tryGet<Http>()) {
          auto context = kj::str("External service \"", service.name, "\"");
          rules = HeaderRules(http->http, table, context, errors_);
        }
      }
      serviceRules_.add(kj::mv(rules));
    }
    for (auto& socket : server_.plan_.sockets) {
      kj::Maybe<HeaderRules> rules;
      KJ_IF_MAYBE(http, socket.protocol.tryGet<config::HttpSocket>()) {
        rules = HeaderRules(http->http, table, kj::str("Socket \"", socket.name, "\""), errors_);
      }
      socketRules_.add(kj::mv(rules));
    }
  }

  kj::Own<Service> buildService(size_t index) {
    auto& service = server_.plan_.services[index];
    auto prefix = kj::str("service ", service.name, ": ");
    kj::Maybe<kj::Own<Service>> result;
    reportingExceptions(prefix, [&]() { result = tryBuildService(index, service, prefix); });
    KJ_IF_MAYBE(built, result) {
      return kj::mv(*built);
    }
    return kj::heap<MissingService>();
  }

  kj::Maybe<kj::Own<Service>> tryBuildService(size_t index, const config::Service& service,
                                              kj::StringPtr prefix) {
    auto& network = server_.io_.provider->getNetwork();
    auto& timer = server_.io_.provider->getTimer();
    auto& table = *server_.headerTable_;
    KJ_SWITCH_ONEOF(service.kind) {
      KJ_CASE_ONEOF(worker, config::WorkerService) {
        PrefixedErrors errors(errors_, prefix);
        return server_.workers_.makeWorker(service.name, worker, table, errors);
      }
      KJ_CASE_ONEOF(config, config::NetworkService) {
        return kj::Own<Service>(kj::heap<NetworkService>(config, network, timer, table));
      }
      KJ_CASE_ONEOF(external, config::ExternalService) {
        KJ_SWITCH_ONEOF(external.protocol) {
          KJ_CASE_ONEOF(http, Http) {
            auto& rules = KJ_ASSERT_NONNULL(serviceRules_[index]);
            return kj::Own<Service>(kj::heap<ExternalHttpService>(
                external.address, http, kj::mv(rules), network, timer, table));
          }
          KJ_CASE_ONEOF(tcp, Tcp) {
            return kj::Own<Service>(
                kj::heap<ExternalTcpService>(external.address, tcp, network, timer, table));
          }
        }
      }
      KJ_CASE_ONEOF(disk, config::DiskService) {
        return DiskService::open(service.name, disk, KJ_ASSERT_NONNULL(server_.headerIds_), table,
                                 errors_);
      }
    }
    KJ_UNREACHABLE;
  }

  void checkEntrypoint(kj::StringPtr context, const config::ServiceRef& ref) {
    KJ_IF_MAYBE(name, ref.entrypoint) {
      if (server_.services_[ref.service]->hasEntrypoint(*name)) return;
      auto& service = server_.plan_.services[ref.service].name;
      errors_.addError(kj::str(context, " refers to service \"", service,
                               "\" with a named entrypoint \"", *name, "\", but \"", service,
                               "\" has no such named entrypoint."));
    }
  }

  void checkActorClass(kj::StringPtr context, const config::ServiceRef& ref) {
    auto name = KJ_ASSERT_NONNULL(ref.entrypoint);
    if (server_.services_[ref.service]->hasActorClass(name)) return;
    auto& service = server_.plan_.services[ref.service].name;
    errors_.addError(kj::str(context, " refers to service \"", service,
                             "\" with a Durable Object entrypoint \"", name, "\", but \"", service,
                             "\" has no such exported entrypoint class."));
  }

  void checkWorker(kj::StringPtr name, const config::WorkerService& worker) {
    auto context = kj::str("Worker \"", name, "\"'s ");
    checkEntrypoint(kj::str(context, "globalOutbound"), worker.globalOutbound);
    KJ_IF_MAYBE(cache, worker.cacheApiOutbound) {
      checkEntrypoint(kj::str(context, "cacheApiOutbound"), *cache);
    }
    for (auto& binding : worker.bindings) {
      KJ_IF_MAYBE(service, binding.value.tryGet<config::Binding::Service>()) {
        checkEntrypoint(kj::str(context, "binding \"", binding.name, "\""), service->ref);
      }
      KJ_IF_MAYBE(actorClass, binding.value.tryGet<config::Binding::ActorClass>()) {
        checkActorClass(kj::str(context, "binding \"", binding.name, "\""), actorClass->ref);
      }
    }
  }

  kj::Own<Listener> buildListener(size_t index, const config::Socket& socket) {
    auto& httpContext = KJ_ASSERT_NONNULL(server_.httpContext_);
    auto& eventPort = server_.io_.unixEventPort;
    auto channel = server_.getChannel(socket.service);
    KJ_SWITCH_ONEOF(socket.protocol) {
      KJ_CASE_ONEOF(http, config::HttpSocket) {
        return kj::heap<HttpListener>(eventPort, makeTls(http.tls),
                                      kj::mv(KJ_ASSERT_NONNULL(socketRules_[index])),
                                      http.http.capnpConnectHost, kj::mv(channel), httpContext);
      }
      KJ_CASE_ONEOF(tcp, config::TcpSocket) {
        if (tcp.tls != nullptr && tcp.tlsMode == config::TcpSocket::TlsMode::StartTls) {
          // TODO(#4): let workers call startTls() on sockets they accepted.
          KJ_FAIL_REQUIRE("tlsMode = startTls is not implemented yet; use implicit");
        }
        return kj::heap<TcpListener>(eventPort, server_.logger_, makeTls(tcp.tls), kj::mv(channel),
                                     httpContext.headerTable);
      }
    }
    KJ_UNREACHABLE;
  }

  kj::Maybe<kj::Own<kj::TlsContext>> makeTls(const kj::Maybe<config::TlsOptions>& options) {
    KJ_IF_MAYBE(present, options) {
      return net::makeTlsContext(*present, net::TlsRole::Server, server_.io_.provider->getTimer());
    }
    return nullptr;
  }

  Server& server_;
  ErrorReporter& errors_;
  kj::Vector<kj::Maybe<HeaderRules>> serviceRules_;
  kj::Vector<kj::Maybe<HeaderRules>> socketRules_;
};

Server::Server(kj::AsyncIoContext& io, Logger& logger, WorkerServiceFactory& workers,
               ControlChannel control)
    : io_(io), logger_(logger), workers_(workers), control_(control) {}

Server::~Server() noexcept(false) = default;

bool Server::start(config::Plan plan) {
  plan_ = kj::mv(plan);
  ErrorCounter errors(logger_);
  Builder builder(*this, errors);
  builder.buildServices();
  builder.linkServices();
  builder.buildListeners();
  if (errors.count() > 0) return false;

  kj::Vector<Bound> bound;
  if (!bindAll(bound)) return false;
  for (auto& each : bound) {
    kj::uint port = each.sockets[0].port();
    ports_.add(port);
    control_.socketListens(plan_.sockets[each.socket].name, port);
    listeners_[each.socket]->start(kj::mv(each.sockets));
  }
  return startDebugPort();
}

bool Server::startDebugPort() {
  KJ_IF_MAYBE(options, debugPort_) {
    auto opened = DebugPort::open(*options);
    KJ_IF_MAYBE(error, opened.tryGet<net::OpenError>()) {
      auto text = kj::str("--debug-port: ", error->what,
                          options->allowRemote || error->detail != nullptr
                              ? ""_kj
                              : "; give a loopback address or a unix socket, or "
                                "--debug-port-allow-remote");
      KJ_IF_MAYBE(detail, error->detail) {
        logger_.configErrorWithDetail(text, *detail);
      } else {
        logger_.configError(text);
      }
      return false;
    }
    auto& sockets = opened.get<kj::Vector<net::ListenSocket>>();
    auto port = sockets[0].port();
    logger_.log(Logger::Level::Info, __FILE__, __LINE__,
                kj::str("debug port: listening; whoever connects reaches every service"));
    auto listener =
        kj::heap<DebugPort>(io_.unixEventPort, logger_, directories().current(), *headerTable_);
    listener->start(kj::mv(sockets));
    listeners_.add(kj::mv(listener));
    control_.socketListens("debug-port", port);
  }
  return true;
}

bool Server::bindAll(kj::Vector<Bound>& bound) {
  bool complete = true;
  auto complain = [&](kj::StringPtr name, net::OpenError& error) {
    complete = false;
    auto text = kj::str("Socket \"", name, "\": ", error.what);
    KJ_IF_MAYBE(detail, error.detail) {
      logger_.configErrorWithDetail(text, *detail);
    } else {
      logger_.configError(text);
    }
  };
  for (size_t i = 0; i < plan_.sockets.size(); i++) {
    auto& socket = plan_.sockets[i];
    KJ_SWITCH_ONEOF(socket.addressOrFd) {
      KJ_CASE_ONEOF(address, config::Text) {
        kj::uint defaultPort = 0;
        KJ_IF_MAYBE(http, socket.protocol.tryGet<config::HttpSocket>()) {
          defaultPort = http->tls == nullptr ? 80 : 443;
        }
        auto opened = net::ListenSocket::open(address, defaultPort);
        KJ_IF_MAYBE(error, opened.tryGet<net::OpenError>()) {
          complain(socket.name, *error);
        } else {
          bound.add(Bound{i, kj::mv(opened.get<kj::Vector<net::ListenSocket>>())});
        }
      }
      KJ_CASE_ONEOF(fd, int) {
        auto adopted = net::ListenSocket::adopt(fd);
        KJ_IF_MAYBE(error, adopted.tryGet<net::OpenError>()) {
          complain(socket.name, *error);
        } else {
          kj::Vector<net::ListenSocket> sockets;
          sockets.add(kj::mv(adopted.get<net::ListenSocket>()));
          bound.add(Bound{i, kj::mv(sockets)});
        }
      }
    }
  }
  return complete;
}

kj::Promise<void> Server::drain() {
  auto drained = KJ_MAP(listener, listeners_) {
    return listener->drain();
  };
  return kj::joinPromises(kj::mv(drained));
}

kj::Own<channel::ServiceChannel> Server::getChannel(const config::ServiceRef& ref) {
  auto props = ref.propsJson.map(
      [](kj::StringPtr json) { return kj::refcounted<channel::Props>(kj::str(json)); });
  return services_[ref.service]->getChannel(ref.entrypoint, kj::mv(props));
}

kj::Own<channel::ActorClassChannel> Server::getActorClass(const config::ServiceRef& ref) {
  auto props = ref.propsJson.map(
      [](kj::StringPtr json) { return kj::refcounted<channel::Props>(kj::str(json)); });
  auto& name = KJ_ASSERT_NONNULL(ref.entrypoint);
  return services_[ref.service]->getActorClass(name, kj::mv(props));
}

}  // namespace ocapd::server
