#include "src/wire/remote_service.h"

#include <kj/debug.h>

#include "src/wire/http_client.h"
#include "src/wire/rpc_target.h"

namespace ocapd::wire {

namespace {

channel::Outcome outcomeFromWire(schema::EventOutcome outcome) {
  if (uint16_t(outcome) > uint16_t(channel::Outcome::ExceededWallTime)) {
    return channel::Outcome::Unknown;
  }
  return channel::Outcome(uint16_t(outcome));
}

channel::QueueResult readQueueResult(schema::QueueResponse::Reader response) {
  channel::QueueResult result;
  result.outcome = outcomeFromWire(response.getOutcome());
  result.ackAll = response.getAckAll();
  auto batch = response.getRetryBatch();
  result.retryBatch = batch.getRetry();
  if (batch.isDelaySeconds()) result.retryBatchDelaySeconds = batch.getDelaySeconds();
  auto acks = kj::heapArrayBuilder<kj::String>(response.getExplicitAcks().size());
  for (auto ack : response.getExplicitAcks()) acks.add(kj::str(ack));
  result.explicitAcks = acks.finish();
  auto retries = kj::heapArrayBuilder<channel::QueueRetry>(response.getRetryMessages().size());
  for (auto retry : response.getRetryMessages()) {
    channel::QueueRetry read{kj::str(retry.getMsgId()), nullptr};
    if (retry.isDelaySeconds()) read.delaySeconds = retry.getDelaySeconds();
    retries.add(kj::mv(read));
  }
  result.retryMessages = retries.finish();
  return result;
}

class RemoteTarget final : public channel::RequestTarget {
 public:
  RemoteTarget(schema::EventDispatcher::Client dispatcher, const kj::HttpHeaderTable& table,
               kj::Own<Externals> externals, kj::Own<kj::Refcounted> connection)
      : connection_(kj::mv(connection)),
        externals_(kj::mv(externals)),
        dispatcher_(kj::mv(dispatcher)),
        table_(table) {}

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override {
    return requestOver(http(), method, url, headers, requestBody, response, table_);
  }
  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override {
    return connectOver(http(), host, headers, connection, response, kj::mv(settings), table_);
  }

  kj::Promise<channel::ScheduledResult> scheduled(channel::ScheduledEvent event) override {
    auto request = dispatcher_.runScheduledRequest();
    request.setScheduledTime((event.scheduledTime - kj::UNIX_EPOCH) / kj::SECONDS);
    request.setCron(event.cron);
    auto response = co_await request.send();
    auto result = response.getResult();
    co_return channel::ScheduledResult{outcomeFromWire(result.getOutcome()), result.getRetry()};
  }

  kj::Promise<channel::QueueResult> queue(channel::QueueEvent event) override {
    auto request = dispatcher_.queueRequest();
    request.setQueueName(event.queueName);
    auto messages = request.initMessages(kj::uint(event.messages.size()));
    for (auto i : kj::indices(event.messages)) {
      auto& message = event.messages[i];
      auto slot = messages[kj::uint(i)];
      slot.setId(message.id);
      slot.setTimestampNs((message.timestamp - kj::UNIX_EPOCH) / kj::NANOSECONDS);
      slot.setData(message.body);
      KJ_IF_MAYBE(contentType, message.contentType) slot.setContentType(*contentType);
      slot.setAttempts(message.attempts);
    }
    KJ_REQUIRE(
        event.metadataJson == nullptr,
        "jsg.Error: The metadata of a queue's batch cannot be sent to another process; leave "
        "it out.");
    request.initMetadata();
    auto response = co_await request.send();
    co_return readQueueResult(response.getResult());
  }

  channel::RpcSession rpcSession() override {
    auto started = dispatcher_.jsRpcSessionRequest().send();
    auto topLevel = newRemoteCapability(started.getTopLevel(), externals_->addRef());
    return {kj::mv(topLevel), untilOver(kj::mv(started))};
  }

 private:
  using Started = capnp::RemotePromise<schema::EventDispatcher::JsRpcSessionResults>;

  schema::HttpService::Client http() {
    return dispatcher_.getHttpServiceRequest().send().getHttp();
  }

  // What of it fails has been told by the calls.
  static kj::Promise<void> untilOver(Started started) {
    try {
      schema::JsRpcSession::Client session = nullptr;
      {
        auto results = co_await started;
        if (!results.hasSession()) co_return;  // the call itself was the session
        session = results.getSession();
      }
      co_await session.whenResolved();
    } catch (kj::Exception&) {
    }
  }

  kj::Own<kj::Refcounted> connection_;
  kj::Own<Externals> externals_;
  schema::EventDispatcher::Client dispatcher_;
  const kj::HttpHeaderTable& table_;
};

class RemoteService final : public channel::ServiceChannel {
 public:
  RemoteService(schema::WorkerdBootstrap::Client bootstrap, const kj::HttpHeaderTable& table,
                kj::Own<Externals> externals, kj::Own<kj::Refcounted> connection)
      : connection_(kj::mv(connection)),
        externals_(kj::mv(externals)),
        bootstrap_(kj::mv(bootstrap)),
        table_(table) {}

  kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
    auto request = bootstrap_.startEventRequest();
    KJ_IF_MAYBE(json, metadata.cfJson) request.setCfBlobJson(*json);
    return kj::heap<RemoteTarget>(request.send().getDispatcher(), table_, externals_->addRef(),
                                  kj::addRef(*connection_));
  }

  void requireTransferable() override {
    kj::throwFatalException(kj::Exception(
        kj::Exception::Type::FAILED, __FILE__, __LINE__,
        kj::str("jsg.Error: WorkerdDebugPort bindings cannot be transferred to other workers")));
  }

 private:
  kj::Own<kj::Refcounted> connection_;
  kj::Own<Externals> externals_;
  schema::WorkerdBootstrap::Client bootstrap_;
  const kj::HttpHeaderTable& table_;
};

}  // namespace

kj::Own<channel::ServiceChannel> newRemoteService(schema::WorkerdBootstrap::Client bootstrap,
                                                  const kj::HttpHeaderTable& table,
                                                  kj::Own<Externals> externals,
                                                  kj::Own<kj::Refcounted> connection) {
  return kj::refcounted<RemoteService>(kj::mv(bootstrap), table, kj::mv(externals),
                                       kj::mv(connection));
}

}  // namespace ocapd::wire
