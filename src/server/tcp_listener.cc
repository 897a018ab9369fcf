#include "src/server/tcp_listener.h"

#include <kj/debug.h>

namespace ocapd::server {
namespace {

// Nobody waits for an answer to a connection that is already open. A rejected one is closed.
class SilentResponse final : public kj::HttpService::ConnectResponse {
 public:
  void accept(kj::uint statusCode, kj::StringPtr statusText,
              const kj::HttpHeaders& headers) override {}
  kj::Own<kj::AsyncOutputStream> reject(kj::uint statusCode, kj::StringPtr statusText,
                                        const kj::HttpHeaders& headers,
                                        kj::Maybe<uint64_t> expectedBodySize) override {
    return kj::heap<Discard>();
  }

 private:
  class Discard final : public kj::AsyncOutputStream {
   public:
    kj::Promise<void> write(const void* buffer, size_t size) override { return kj::READY_NOW; }
    kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
      return kj::READY_NOW;
    }
    kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }
  };
};

}  // namespace

TcpListener::TcpListener(kj::UnixEventPort& eventPort, Logger& logger,
                         kj::Maybe<kj::Own<kj::TlsContext>> tls,
                         kj::Own<channel::ServiceChannel> channel,
                         const kj::HttpHeaderTable& headerTable)
    : Listener(eventPort, logger, kj::mv(tls)),
      logger_(logger),
      channel_(kj::mv(channel)),
      headerTable_(headerTable) {}

kj::Promise<void> TcpListener::serve(kj::Own<kj::AsyncIoStream> stream, Peer peer) {
  channel::RequestMetadata metadata;
  metadata.cfJson = kj::mv(peer.cfJson);
  auto target = channel_->startRequest(kj::mv(metadata));
  SilentResponse response;
  kj::HttpHeaders headers(headerTable_);
  kj::Maybe<kj::Exception> failure;
  try {
    co_await target->connect(peer.localAddress, headers, *stream, response, {});
  } catch (...) {
    failure = kj::getCaughtExceptionAsKj();
  }
  KJ_IF_MAYBE(exception, failure) {
    if (exception->getType() != kj::Exception::Type::DISCONNECTED) {
      logger_.log(Logger::Level::Error, __FILE__, __LINE__,
                  kj::str("Uncaught exception: ", describeException(*exception)));
    }
  }
}

}  // namespace ocapd::server
