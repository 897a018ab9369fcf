// Feeds whatever bytes to the HTTP front: nothing may crash, leak or hang.
//
// The first byte says how the rest is cut into the pieces that a client sends.

#include <stddef.h>
#include <stdint.h>

#include <kj/async-io.h>
#include <kj/debug.h>

#include "src/server/http_connection.h"

namespace ocapd::server {
namespace {

// Does a little of everything a service can do with a request.
class BusyService final : public kj::HttpService {
 public:
  explicit BusyService(const kj::HttpHeaderTable& table) : table_(table) {}

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override {
    if (headers.isWebSocket()) {
      auto socket = response.acceptWebSocket(kj::HttpHeaders(table_));
      co_await socket->pumpTo(*socket);
      co_return;
    }
    if (url.startsWith("/t")) kj::throwFatalException(KJ_EXCEPTION(FAILED, "thrown"));
    if (url.startsWith("/n")) co_return;
    if (url.startsWith("/i")) {
      (void)response.send(204, "No Content", kj::HttpHeaders(table_), uint64_t(0));
      co_return;
    }
    auto text = co_await requestBody.readAllText(kBodyBytesMax);
    kj::Maybe<uint64_t> length;
    if (url.startsWith("/l")) length = text.size();
    auto body = response.send(200, "OK", kj::HttpHeaders(table_), length);
    co_await body->write(text.begin(), text.size());
  }

  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override {
    response.accept(200, "OK", kj::HttpHeaders(table_));
    co_await connection.pumpTo(connection);
  }

 private:
  static constexpr uint64_t kBodyBytesMax = 1 << 20;
  const kj::HttpHeaderTable& table_;
};

// Time stands still except where the harness moves it, so that no run waits.
class StillClock final : public kj::MonotonicClock {
 public:
  kj::TimePoint now() const override { return kj::origin<kj::TimePoint>(); }
};

kj::Promise<void> sendPieces(kj::AsyncIoStream& client, kj::ArrayPtr<const kj::byte> bytes,
                             size_t pieceBytes) {
  while (bytes.size() > 0) {
    size_t n = kj::min(pieceBytes, bytes.size());
    co_await client.write(bytes.begin(), n);
    bytes = bytes.slice(n, bytes.size());
  }
  client.shutdownWrite();
}

kj::Promise<void> drop(kj::AsyncIoStream& client) {
  kj::byte buffer[4096];
  while (co_await client.tryRead(buffer, 1, sizeof(buffer)) > 0) {
  }
}

void runOne(kj::ArrayPtr<const kj::byte> input) {
  kj::EventLoop loop;
  kj::WaitScope waitScope(loop);
  StillClock clock;
  kj::TimerImpl timer(clock.now());
  kj::HttpHeaderTable::Builder builder;
  HeaderIds ids(builder);
  auto table = builder.build();
  Logger logger(Logger::Detail::Normal, -1, -1);
  HttpContext context{timer, *table, ids, logger};
  BusyService service(*table);

  auto pipe = kj::newTwoWayPipe();
  auto connection = newKjHttpConnection(kj::mv(pipe.ends[0]), service, context);
  size_t pieceBytes = input.size() == 0 ? 1 : (input[0] & 0x7f) * 8 + 1;
  bool drainsEarly = input.size() > 0 && (input[0] & 0x80);
  if (input.size() > 0) input = input.slice(1, input.size());

  auto served = connection->serve().eagerlyEvaluate(nullptr);
  auto ignore = [](kj::Exception&&) {};
  auto sent = sendPieces(*pipe.ends[1], input, pieceBytes).eagerlyEvaluate(ignore);
  auto dropped = drop(*pipe.ends[1]).eagerlyEvaluate(ignore);
  if (drainsEarly) connection->drain();
  waitScope.poll();
  // All timeouts strike: whatever is still waiting gives up.
  for (int i = 0; i < 4; i++) {
    timer.advanceTo(timer.now() + 2 * HttpConnection::kIdleTimeout);
    waitScope.poll();
  }
}

}  // namespace
}  // namespace ocapd::server

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ocapd::server::runOne(kj::arrayPtr(data, size));
  return 0;
}
