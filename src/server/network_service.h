// NetworkService: the outside world, as far as the config lets a worker see it.
//
// fetch goes to the host and port of its URL, connect to the named host. The addresses that names
// resolve to are checked against allow and deny, where the most specific entry wins.
//
// Errors    a forbidden address fails the event; a refused or lost connection is DISCONNECTED.
#pragma once

#include <kj/async-io.h>
#include <kj/compat/tls.h>

#include "src/server/client_http.h"
#include "src/server/service.h"

namespace ocapd::server {

class NetworkService final : public Service, private channel::RequestTarget {
 public:
  // Throws with a text for the config's author if a rule or the TLS options cannot be used.
  // `config` outlives the service.
  NetworkService(const config::NetworkService& config, kj::Network& network, kj::Timer& timer,
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

  struct Client {
    kj::Maybe<kj::Own<kj::TlsContext>> tls;
    kj::Maybe<kj::Own<kj::Network>> tlsNetwork;
    kj::Own<kj::HttpClient> client;
    kj::Own<kj::HttpService> service;
  };
  Client makeClient(kj::Maybe<kj::Own<kj::TlsContext>> tls);
  // The client for TLS. Reading the system's trust store takes longer than all else at start, so
  // it is not read before it is needed.
  kj::HttpService& secure();

  const config::NetworkService& config_;
  kj::Timer& timer_;
  const kj::HttpHeaderTable& headerTable_;
  KernelEntropy entropy_;
  kj::Own<kj::Network> network_;
  Client plain_;
  kj::Maybe<Client> secure_;
};

}  // namespace ocapd::server
