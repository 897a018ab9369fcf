// TcpListener: a tcp socket of the config; every connection is a connect event.
#pragma once

#include "src/channel/service_channel.h"
#include "src/server/listener.h"

namespace ocapd::server {

class TcpListener final : public Listener {
 public:
  TcpListener(kj::UnixEventPort& eventPort, Logger& logger, kj::Maybe<kj::Own<kj::TlsContext>> tls,
              kj::Own<channel::ServiceChannel> channel, const kj::HttpHeaderTable& headerTable);
  ~TcpListener() noexcept(false) { stop(); }

 private:
  kj::Promise<void> serve(kj::Own<kj::AsyncIoStream> stream, Peer peer) override;
  // Connections are requests in flight: they end when their service is done with them.
  void drainConnections() override {}

  Logger& logger_;
  kj::Own<channel::ServiceChannel> channel_;
  const kj::HttpHeaderTable& headerTable_;
};

}  // namespace ocapd::server
