#include "src/server/external_service.h"

#include <kj/debug.h>

#include "src/server/net/pump.h"
#include "src/server/net/tls.h"
#include "src/server/url_parts.h"
#include "src/wire/remote_service.h"

namespace ocapd::server {
namespace {

// The name that the server's certificate has to be for: the address without its port.
kj::String hostOf(kj::StringPtr address) {
  if (address.startsWith("[")) {
    KJ_IF_MAYBE(close, address.findFirst(']')) {
      return kj::heapString(address.slice(1, *close));
    }
  }
  KJ_IF_MAYBE(colon, address.findLast(':')) {
    return kj::heapString(address.slice(0, *colon));
  }
  return kj::heapString(address);
}

// Resolves the address when it is used, and speaks TLS over it if there are options for that.
kj::Own<kj::NetworkAddress> makeAddress(kj::StringPtr address, kj::uint defaultPort,
                                        kj::Maybe<kj::Own<kj::TlsContext>>& tls,
                                        kj::Maybe<kj::StringPtr> certificateHost,
                                        kj::Network& network) {
  kj::Own<kj::NetworkAddress> plain = kj::heap<LateAddress>(network, address, defaultPort);
  KJ_IF_MAYBE(context, tls) {
    auto host = kj::heapString(certificateHost.orDefault(hostOf(address)));
    return (*context)->wrapAddress(kj::mv(plain), host);
  }
  return plain;
}

kj::Maybe<kj::Own<kj::TlsContext>> makeTls(const kj::Maybe<config::TlsOptions>& options,
                                           kj::Timer& timer) {
  KJ_IF_MAYBE(present, options) {
    return net::makeTlsContext(*present, net::TlsRole::Client, timer);
  }
  return nullptr;
}

}  // namespace

class ExternalHttpService::Target final : public channel::RequestTarget {
 public:
  Target(ExternalHttpService& service, channel::RequestMetadata metadata)
      : service_(service), metadata_(kj::mv(metadata)) {}

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override {
    auto changed = headers.cloneShallow();
    auto target = rewrite(url, changed);
    if (service_.rules_.injectsIntoResponses()) {
      auto injecting = kj::heap<InjectingResponse>(service_.rules_, response);
      auto& ref = *injecting;
      return service_.service_->request(method, target, changed, requestBody, ref)
          .attach(kj::mv(injecting), kj::mv(changed), kj::mv(target));
    }
    return service_.service_->request(method, target, changed, requestBody, response)
        .attach(kj::mv(changed), kj::mv(target));
  }

  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override {
    return service_.service_->connect(host, headers, connection, response, kj::mv(settings));
  }

  kj::Promise<channel::ScheduledResult> scheduled(channel::ScheduledEvent) override {
    return unsupported();
  }
  kj::Promise<channel::AlarmResult> alarm(channel::AlarmEvent) override { return unsupported(); }
  kj::Promise<channel::QueueResult> queue(channel::QueueEvent event) override {
    KJ_IF_MAYBE(channel, service_.capnpChannel()) {
      remote_ = (*channel)->startRequest({});
      return remote_->queue(kj::mv(event));
    }
    return unsupported();
  }
  channel::RpcSession rpcSession() override {
    KJ_IF_MAYBE(channel, service_.capnpChannel()) {
      remote_ = (*channel)->startRequest({});
      return remote_->rpcSession();
    }
    return RequestTarget::rpcSession();
  }

 private:
  static kj::Exception unsupported() {
    return KJ_EXCEPTION(FAILED, "jsg.Error: External HTTP servers don't support this event type.");
  }

  // Applies the rules to the headers; returns what goes into the request line.
  kj::String rewrite(kj::StringPtr url, kj::HttpHeaders& headers) {
    auto& rules = service_.rules_;
    auto parts = KJ_REQUIRE_NONNULL(findUrlParts(url), "the request's URL is not absolute", url);
    KJ_IF_MAYBE(id, rules.cfBlob) {
      KJ_IF_MAYBE(json, metadata_.cfJson) {
        headers.set(*id, *json);
      } else {
        headers.unset(*id);
      }
    }
    KJ_IF_MAYBE(id, rules.forwardedProto) {
      headers.set(*id, kj::heapString(parts.scheme));
    }
    kj::String target;
    if (rules.style == config::HttpOptions::Style::Proxy) {
      headers.unset(kj::HttpHeaderId::HOST);
      target = kj::heapString(url);
    } else {
      headers.set(kj::HttpHeaderId::HOST, kj::heapString(parts.host));
      target = requestTarget(parts);
    }
    rules.injectIntoRequest(headers);
    return target;
  }

  ExternalHttpService& service_;
  channel::RequestMetadata metadata_;
  kj::Own<channel::RequestTarget> remote_;  // an event that goes through the tunnel
};

class ExternalHttpService::Channel final : public channel::ServiceChannel {
 public:
  explicit Channel(ExternalHttpService& service) : service_(service) {}

  kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
    return kj::heap<Target>(service_, kj::mv(metadata));
  }

 private:
  ExternalHttpService& service_;
};

ExternalHttpService::ExternalHttpService(kj::StringPtr address,
                                         const config::ExternalService::Http& config,
                                         HeaderRules rules, kj::Network& network, kj::Timer& timer,
                                         const kj::HttpHeaderTable& headerTable)
    : headerTable_(headerTable),
      capnpConnectHost_(config.http.capnpConnectHost),
      rules_(kj::mv(rules)),
      tls_(makeTls(config.tls, timer)),
      address_(
          makeAddress(address, tls_ == nullptr ? 80 : 443, tls_, config.certificateHost, network)),
      client_(kj::newHttpClient(timer, headerTable, *address_, clientSettings(entropy_))),
      service_(newForwardingService(*client_)) {}

kj::Own<channel::ServiceChannel> ExternalHttpService::getChannel(
    kj::Maybe<kj::StringPtr> entrypoint, kj::Maybe<kj::Own<channel::Props>> props) {
  return kj::refcounted<Channel>(*this);
}

kj::Maybe<kj::Own<channel::ServiceChannel>> ExternalHttpService::capnpChannel() {
  KJ_IF_MAYBE(host, capnpConnectHost_) {
    if (tunnel_.get() == nullptr || tunnel_->isLost()) {
      tunnel_ = kj::refcounted<wire::ClientConnection>(openTunnel(*host));
    }
    return wire::newRemoteService(tunnel_->bootstrap().castAs<wire::schema::WorkerdBootstrap>(),
                                  headerTable_, tunnel_->externals().addRef(),
                                  kj::addRef(*tunnel_));
  }
  return nullptr;
}

kj::Promise<kj::Own<kj::AsyncIoStream>> ExternalHttpService::openTunnel(kj::StringPtr host) {
  // Not within the caller's turn.
  co_await kj::evalLater([]() {});
  auto request = client_->connect(host, kj::HttpHeaders(headerTable_), {});
  auto status = co_await request.status;
  KJ_REQUIRE(status.statusCode >= 200 && status.statusCode < 300,
             "the server does not accept capnpConnectHost", host, status.statusCode);
  co_return kj::mv(request.connection);
}

class ExternalTcpService::Channel final : public channel::ServiceChannel {
 public:
  explicit Channel(ExternalTcpService& service) : service_(service) {}

  kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
    return kj::Own<channel::RequestTarget>(&service_, kj::NullDisposer::instance);
  }

 private:
  ExternalTcpService& service_;
};

ExternalTcpService::ExternalTcpService(kj::StringPtr address,
                                       const config::ExternalService::Tcp& config,
                                       kj::Network& network, kj::Timer& timer,
                                       const kj::HttpHeaderTable& headerTable)
    : tls_(makeTls(config.tls, timer)),
      address_(
          makeAddress(address, tls_ == nullptr ? 80 : 443, tls_, config.certificateHost, network)),
      headerTable_(headerTable) {}

kj::Own<channel::ServiceChannel> ExternalTcpService::getChannel(
    kj::Maybe<kj::StringPtr> entrypoint, kj::Maybe<kj::Own<channel::Props>> props) {
  return kj::refcounted<Channel>(*this);
}

kj::Promise<void> ExternalTcpService::request(kj::HttpMethod method, kj::StringPtr url,
                                              const kj::HttpHeaders& headers,
                                              kj::AsyncInputStream& requestBody,
                                              Response& response) {
  return KJ_EXCEPTION(FAILED, "jsg.Error: External TCP servers don't support this event type.");
}

kj::Promise<void> ExternalTcpService::connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                                              kj::AsyncIoStream& connection,
                                              ConnectResponse& response,
                                              kj::HttpConnectSettings settings) {
  auto server = co_await address_->connect();
  response.accept(200, "OK"_kj, kj::HttpHeaders(headerTable_));
  auto toServer = connection.pumpTo(*server).then([&server](uint64_t) { server->shutdownWrite(); });
  auto toClient =
      server->pumpTo(connection).then([&connection](uint64_t) { connection.shutdownWrite(); });
  auto both = kj::heapArrayBuilder<kj::Promise<void>>(2);
  both.add(kj::mv(toServer));
  both.add(kj::mv(toClient));
  co_await kj::joinPromisesFailFast(both.finish());
}

}  // namespace ocapd::server
