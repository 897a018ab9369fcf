// ExternalService: one server elsewhere, reached at its configured address whatever the URL says.
//
// ExternalHttpService forwards fetch over HTTP or HTTPS, ExternalTcpService only connect. With
// capnpConnectHost, RPC and queue events share a Cap'n Proto connection through a CONNECT tunnel,
// opened when it is first needed and again after it was lost.
//
// Errors    a name that cannot be resolved fails the event, a refused connection is DISCONNECTED.
#pragma once

#include <kj/async-io.h>
#include <kj/compat/tls.h>

#include "src/server/client_http.h"
#include "src/server/header_rules.h"
#include "src/server/service.h"
#include "src/wire/connection.h"

namespace ocapd::server {

class ExternalHttpService final : public Service {
 public:
  // Throws with a text for the config's author if the TLS options cannot be used.
  ExternalHttpService(kj::StringPtr address, const config::ExternalService::Http& config,
                      HeaderRules rules, kj::Network& network, kj::Timer& timer,
                      const kj::HttpHeaderTable& headerTable);

  kj::Own<channel::ServiceChannel> getChannel(kj::Maybe<kj::StringPtr> entrypoint,
                                              kj::Maybe<kj::Own<channel::Props>> props) override;

 private:
  class Channel;
  class Target;

  // Null without capnpConnectHost.
  kj::Maybe<kj::Own<channel::ServiceChannel>> capnpChannel();
  kj::Promise<kj::Own<kj::AsyncIoStream>> openTunnel(kj::StringPtr host);

  const kj::HttpHeaderTable& headerTable_;
  kj::Maybe<kj::StringPtr> capnpConnectHost_;
  HeaderRules rules_;
  KernelEntropy entropy_;
  kj::Maybe<kj::Own<kj::TlsContext>> tls_;
  kj::Own<kj::NetworkAddress> address_;
  kj::Own<kj::HttpClient> client_;
  kj::Own<kj::HttpService> service_;
  kj::Own<wire::ClientConnection> tunnel_;
};

class ExternalTcpService final : public Service, private channel::RequestTarget {
 public:
  // Throws as above.
  ExternalTcpService(kj::StringPtr address, const config::ExternalService::Tcp& config,
                     kj::Network& network, kj::Timer& timer,
                     const kj::HttpHeaderTable& headerTable);

  kj::Own<channel::ServiceChannel> getChannel(kj::Maybe<kj::StringPtr> entrypoint,
                                              kj::Maybe<kj::Own<channel::Props>> props) override;

 private:
  class Channel;

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override;
  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override;

  kj::Maybe<kj::Own<kj::TlsContext>> tls_;
  kj::Own<kj::NetworkAddress> address_;
  const kj::HttpHeaderTable& headerTable_;
};

}  // namespace ocapd::server
