// What network and external services share: how they speak HTTP as a client.
#pragma once

#include <kj/compat/http.h>

namespace ocapd::server {

// Random bytes from the kernel, for WebSocket keys and masks.
class KernelEntropy final : public kj::EntropySource {
 public:
  void generate(kj::ArrayPtr<kj::byte> buffer) override;
};

kj::HttpClientSettings clientSettings(kj::EntropySource& entropy);

// A service that forwards to `client`. Bodies without a known length are moved in big pieces, where
// KJ's own adapter moves 4 KB at a time. The client must outlive it.
kj::Own<kj::HttpService> newForwardingService(kj::HttpClient& client);

// An address that is looked up each time a connection is opened: a name that cannot be resolved
// fails the request, not the start, and a server that has moved is found again.
class LateAddress final : public kj::NetworkAddress {
 public:
  LateAddress(kj::Network& network, kj::StringPtr address, kj::uint defaultPort)
      : network_(network), address_(kj::heapString(address)), defaultPort_(defaultPort) {}

  kj::Promise<kj::Own<kj::AsyncIoStream>> connect() override;
  kj::Own<kj::ConnectionReceiver> listen() override;
  kj::Own<kj::NetworkAddress> clone() override;
  kj::String toString() override { return kj::heapString(address_); }

 private:
  kj::Network& network_;
  kj::String address_;
  kj::uint defaultPort_;
};

}  // namespace ocapd::server
