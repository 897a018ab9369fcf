// Feeds whatever bytes to a debug port's connection: nothing may crash, leak or hang, whatever
// messages a peer sends in whatever order. The corpus was recorded from real sessions.

#include <stddef.h>
#include <stdint.h>

#include <kj/async-io.h>
#include <kj/debug.h>

#include "src/wire/debug_port.h"

namespace ocapd::wire {
namespace {

// Returns its arguments, and what came with them.
class Echo final : public channel::Capability {
 public:
  kj::Promise<Result> call(Call call) override {
    if (call.path.size() > 0 && call.path[0] == "fail") {
      return KJ_EXCEPTION(FAILED, "jsg.Error: asked to fail");
    }
    Returned returned;
    KJ_IF_MAYBE(arguments, call.arguments) {
      returned.value = kj::mv(*arguments);
    }
    returned.pipeline = kj::refcounted<Echo>();
    return Result(kj::mv(returned));
  }
};

class EchoTarget final : public channel::RequestTarget {
 public:
  explicit EchoTarget(const kj::HttpHeaderTable& table) : table_(table) {}

  kj::Promise<void> request(kj::HttpMethod, kj::StringPtr, const kj::HttpHeaders& headers,
                            kj::AsyncInputStream& requestBody, Response& response) override {
    if (headers.isWebSocket()) {
      auto socket = response.acceptWebSocket(kj::HttpHeaders(table_));
      co_await socket->pumpTo(*socket);
      co_return;
    }
    auto body = response.send(200, "OK", headers, nullptr);
    co_await requestBody.pumpTo(*body);
  }
  kj::Promise<void> connect(kj::StringPtr, const kj::HttpHeaders&, kj::AsyncIoStream& connection,
                            ConnectResponse& response, kj::HttpConnectSettings) override {
    response.accept(200, "OK", kj::HttpHeaders(table_));
    co_await connection.pumpTo(connection);
    connection.shutdownWrite();
  }
  channel::RpcSession rpcSession() override {
    return {kj::refcounted<Echo>(), kj::Promise<void>(kj::NEVER_DONE)};
  }

 private:
  const kj::HttpHeaderTable& table_;
};

class EchoService final : public channel::ServiceChannel {
 public:
  explicit EchoService(const kj::HttpHeaderTable& table) : table_(table) {}
  kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata) override {
    return kj::heap<EchoTarget>(table_);
  }

 private:
  const kj::HttpHeaderTable& table_;
};

class EchoDirectory final : public channel::Directory {
 public:
  explicit EchoDirectory(const kj::HttpHeaderTable& table) : table_(table) {}
  kj::Own<channel::ServiceChannel> getEntrypoint(kj::StringPtr, kj::Maybe<kj::StringPtr>,
                                                 kj::Maybe<kj::Own<channel::Props>>) override {
    return kj::refcounted<EchoService>(table_);
  }
  kj::Own<channel::ServiceChannel> getActor(kj::StringPtr, kj::StringPtr, kj::StringPtr) override {
    return kj::refcounted<EchoService>(table_);
  }

 private:
  const kj::HttpHeaderTable& table_;
};

kj::Promise<void> sendAll(kj::AsyncIoStream& client, kj::ArrayPtr<const kj::byte> bytes) {
  co_await client.write(bytes.begin(), bytes.size());
  client.shutdownWrite();
}

kj::Promise<void> readAll(kj::AsyncIoStream& client) {
  kj::byte buffer[4096];
  while (co_await client.tryRead(buffer, 1, sizeof(buffer)) > 0) {
  }
}

void serve(kj::ArrayPtr<const kj::byte> bytes) {
  kj::EventLoop loop;
  kj::WaitScope waitScope(loop);
  kj::HttpHeaderTable table;
  auto pipe = kj::newTwoWayPipe();
  auto externals = kj::refcounted<Externals>();
  auto directory = hostDirectory(kj::refcounted<EchoDirectory>(table), table, externals->addRef());
  auto ignore = [](kj::Exception&&) {};
  auto served = serveConnection(*pipe.ends[0], kj::mv(directory), *externals)
                    .catch_([](kj::Exception&&) {})
                    .eagerlyEvaluate(nullptr);
  auto sent = sendAll(*pipe.ends[1], bytes).eagerlyEvaluate(ignore);
  auto read = readAll(*pipe.ends[1]).eagerlyEvaluate(ignore);
  served.poll(waitScope);
}

}  // namespace
}  // namespace ocapd::wire

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kj::_::Debug::setLogLevel(kj::LogSeverity::FATAL);
  ocapd::wire::serve(kj::arrayPtr(data, size));
  return 0;
}
