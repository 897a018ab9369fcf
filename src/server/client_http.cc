#include "src/server/client_http.h"

#include <sys/random.h>

#include <kj/debug.h>

namespace ocapd::server {

void KernelEntropy::generate(kj::ArrayPtr<kj::byte> buffer) {
  while (buffer.size() > 0) {
    ssize_t n;
    KJ_SYSCALL(n = ::getrandom(buffer.begin(), buffer.size(), 0));
    buffer = buffer.slice(n, buffer.size());
  }
}

kj::HttpClientSettings clientSettings(kj::EntropySource& entropy) {
  kj::HttpClientSettings settings;
  settings.entropySource = entropy;
  // The worker's own Sec-WebSocket-Extensions header decides.
  settings.webSocketCompressionMode = kj::HttpClientSettings::MANUAL_COMPRESSION;
  return settings;
}

kj::Promise<kj::Own<kj::AsyncIoStream>> LateAddress::connect() {
  auto address = co_await network_.parseAddress(address_, defaultPort_);
  co_return co_await address->connect();
}

kj::Own<kj::ConnectionReceiver> LateAddress::listen() {
  KJ_UNIMPLEMENTED("an external server's address is not listened on");
}

kj::Own<kj::NetworkAddress> LateAddress::clone() {
  return kj::heap<LateAddress>(network_, address_, defaultPort_);
}

}  // namespace ocapd::server
