#include "src/server/client_http.h"

#include <sys/random.h>

#include <kj/debug.h>

#include "src/server/net/pump.h"

namespace ocapd::server {
namespace {

// Bodies up to this size are in good hands with KJ's own pump.
constexpr uint64_t kSmallBodyBytes = 4096;

class WideOutput final : public kj::AsyncOutputStream {
 public:
  explicit WideOutput(kj::Own<kj::AsyncOutputStream> inner) : inner_(kj::mv(inner)) {}

  kj::Promise<void> write(const void* buffer, size_t size) override {
    return inner_->write(buffer, size);
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    return inner_->write(pieces);
  }
  kj::Maybe<kj::Promise<uint64_t>> tryPumpFrom(kj::AsyncInputStream& input,
                                               uint64_t amount) override {
    return net::pumpThroughBuffer(input, *inner_, amount);
  }
  kj::Promise<void> whenWriteDisconnected() override { return inner_->whenWriteDisconnected(); }

 private:
  kj::Own<kj::AsyncOutputStream> inner_;
};

class WideInput final : public kj::AsyncInputStream {
 public:
  explicit WideInput(kj::AsyncInputStream& inner) : inner_(inner) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    return inner_.tryRead(buffer, minBytes, maxBytes);
  }
  kj::Maybe<uint64_t> tryGetLength() override { return inner_.tryGetLength(); }
  kj::Promise<uint64_t> pumpTo(kj::AsyncOutputStream& output, uint64_t amount) override {
    return net::pumpThroughBuffer(inner_, output, amount);
  }

 private:
  kj::AsyncInputStream& inner_;
};

class WideResponse final : public kj::HttpService::Response {
 public:
  explicit WideResponse(kj::HttpService::Response& inner) : inner_(inner) {}

  kj::Own<kj::AsyncOutputStream> send(kj::uint statusCode, kj::StringPtr statusText,
                                      const kj::HttpHeaders& headers,
                                      kj::Maybe<uint64_t> expectedBodySize) override {
    auto output = inner_.send(statusCode, statusText, headers, expectedBodySize);
    if (expectedBodySize != nullptr) return output;
    return kj::heap<WideOutput>(kj::mv(output));
  }
  kj::Own<kj::WebSocket> acceptWebSocket(const kj::HttpHeaders& headers) override {
    return inner_.acceptWebSocket(headers);
  }

 private:
  kj::HttpService::Response& inner_;
};

class ForwardingService final : public kj::HttpService {
 public:
  explicit ForwardingService(kj::HttpClient& client) : inner_(kj::newHttpService(client)) {}

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override {
    auto wideResponse = kj::heap<WideResponse>(response);
    auto& responseRef = *wideResponse;
    if (requestBody.tryGetLength().orDefault(kj::maxValue) <= kSmallBodyBytes) {
      return inner_->request(method, url, headers, requestBody, responseRef)
          .attach(kj::mv(wideResponse));
    }
    auto wideBody = kj::heap<WideInput>(requestBody);
    auto& bodyRef = *wideBody;
    return inner_->request(method, url, headers, bodyRef, responseRef)
        .attach(kj::mv(wideBody), kj::mv(wideResponse));
  }

  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override {
    return inner_->connect(host, headers, connection, response, kj::mv(settings));
  }

 private:
  kj::Own<kj::HttpService> inner_;
};

}  // namespace

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

kj::Own<kj::HttpService> newForwardingService(kj::HttpClient& client) {
  return kj::heap<ForwardingService>(client);
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
