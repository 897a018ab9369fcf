#include "src/server/network_service.h"

#include <kj/debug.h>

#include "src/server/net/tls.h"

namespace ocapd::server {

class NetworkService::Channel final : public channel::ServiceChannel {
 public:
  explicit Channel(NetworkService& service) : service_(service) {}

  kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
    // `cf` has no meaning to the outside world, and there is no other state per event.
    return kj::Own<channel::RequestTarget>(&service_, kj::NullDisposer::instance);
  }

 private:
  NetworkService& service_;
};

NetworkService::NetworkService(const config::NetworkService& config, kj::Network& network,
                               kj::Timer& timer, const kj::HttpHeaderTable& headerTable)
    : config_(config),
      timer_(timer),
      headerTable_(headerTable),
      network_(network.restrictPeers(config.allow, config.deny)),
      plain_(makeClient(nullptr)) {
  KJ_IF_MAYBE(options, config.tls) {
    // What the config's author may have got wrong is tried at once.
    if (options->keypair != nullptr || options->cipherList != nullptr) {
      secure();
    } else {
      net::checkTrustedCertificates(*options);
    }
  }
}

NetworkService::Client NetworkService::makeClient(kj::Maybe<kj::Own<kj::TlsContext>> tls) {
  Client result;
  auto settings = clientSettings(entropy_);
  kj::Maybe<kj::Network&> tlsNetwork;
  KJ_IF_MAYBE(context, tls) {
    settings.tlsContext = **context;
    auto wrapped = (*context)->wrapNetwork(*network_);
    tlsNetwork = *wrapped;
    result.tlsNetwork = kj::mv(wrapped);
    result.tls = kj::mv(tls);
  }
  result.client = kj::newHttpClient(timer_, headerTable_, *network_, tlsNetwork, settings);
  result.service = newForwardingService(*result.client);
  return result;
}

kj::HttpService& NetworkService::secure() {
  KJ_IF_MAYBE(made, secure_) {
    return *made->service;
  }
  auto& options = KJ_REQUIRE_NONNULL(config_.tls, "this client has no TLS configuration");
  auto& made =
      secure_.emplace(makeClient(net::makeTlsContext(options, net::TlsRole::Client, timer_)));
  return *made.service;
}

kj::Own<channel::ServiceChannel> NetworkService::getChannel(
    kj::Maybe<kj::StringPtr> entrypoint, kj::Maybe<kj::Own<channel::Props>> props) {
  return kj::refcounted<Channel>(*this);
}

kj::Promise<void> NetworkService::request(kj::HttpMethod method, kj::StringPtr url,
                                          const kj::HttpHeaders& headers,
                                          kj::AsyncInputStream& requestBody, Response& response) {
  auto& client = url.startsWith("https:") ? secure() : *plain_.service;
  return client.request(method, url, headers, requestBody, response);
}

kj::Promise<void> NetworkService::connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                                          kj::AsyncIoStream& connection, ConnectResponse& response,
                                          kj::HttpConnectSettings settings) {
  // startTls may come later in the connection: whoever has TLS may use it.
  auto& client = settings.useTls || config_.tls != nullptr ? secure() : *plain_.service;
  return client.connect(host, headers, connection, response, kj::mv(settings));
}

}  // namespace ocapd::server
