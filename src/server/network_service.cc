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
    : network_(network.restrictPeers(config.allow, config.deny)) {
  auto settings = clientSettings(entropy_);
  kj::Maybe<kj::Network&> tlsNetwork;
  KJ_IF_MAYBE(options, config.tls) {
    auto context = net::makeTlsContext(*options, net::TlsRole::Client, timer);
    settings.tlsContext = *context;
    auto wrapped = context->wrapNetwork(*network_);
    tlsNetwork = *wrapped;
    tlsNetwork_ = kj::mv(wrapped);
    tls_ = kj::mv(context);
  }
  client_ = kj::newHttpClient(timer, headerTable, *network_, tlsNetwork, settings);
  service_ = kj::newHttpService(*client_);
}

kj::Own<channel::ServiceChannel> NetworkService::getChannel(kj::Maybe<kj::StringPtr> entrypoint,
                                                            kj::Maybe<kj::StringPtr> propsJson) {
  return kj::refcounted<Channel>(*this);
}

kj::Promise<void> NetworkService::request(kj::HttpMethod method, kj::StringPtr url,
                                          const kj::HttpHeaders& headers,
                                          kj::AsyncInputStream& requestBody, Response& response) {
  if (tls_ == nullptr && url.startsWith("https:")) {
    KJ_FAIL_REQUIRE("this client has no TLS configuration");
  }
  return service_->request(method, url, headers, requestBody, response);
}

kj::Promise<void> NetworkService::connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                                          kj::AsyncIoStream& connection, ConnectResponse& response,
                                          kj::HttpConnectSettings settings) {
  if (tls_ == nullptr && settings.useTls) {
    KJ_FAIL_REQUIRE("this client has no TLS configuration");
  }
  return service_->connect(host, headers, connection, response, kj::mv(settings));
}

}  // namespace ocapd::server
