#include "src/wire/bootstrap.h"

#include <kj/debug.h>

#include "src/wire/error_details.h"
#include "src/wire/http_server.h"
#include "src/wire/rpc_target.h"

namespace ocapd::wire {

namespace {

using schema::EventDispatcher;

// Resolved when the session is over; nothing to be called.
class Session final : public schema::JsRpcSession::Server {};

schema::EventOutcome outcomeToWire(channel::Outcome outcome) {
  return schema::EventOutcome(uint16_t(outcome));
}

kj::Date dateOf(int64_t seconds) {
  return kj::UNIX_EPOCH + seconds * kj::SECONDS;
}

channel::QueueEvent readQueue(EventDispatcher::QueueParams::Reader params) {
  channel::QueueEvent event;
  event.queueName = kj::str(params.getQueueName());
  auto messages = params.getMessages();
  auto list = kj::heapArrayBuilder<channel::QueueMessage>(messages.size());
  for (auto message : messages) {
    channel::QueueMessage read;
    read.id = kj::str(message.getId());
    read.timestamp = kj::UNIX_EPOCH + message.getTimestampNs() * kj::NANOSECONDS;
    read.body = readV8Data(message.getData());
    if (message.hasContentType()) read.contentType = kj::str(message.getContentType());
    read.attempts = message.getAttempts();
    list.add(kj::mv(read));
  }
  event.messages = list.finish();
  if (params.hasMetadata()) {
    auto metrics = params.getMetadata().getMetrics();
    event.metadataJson =
        kj::str("{\"metrics\":{\"backlogCount\":", metrics.getBacklogCount(),
                ",\"backlogBytes\":", metrics.getBacklogBytes(),
                ",\"oldestMessageTimestamp\":", metrics.getOldestMessageTimestamp(), "}}");
  }
  return event;
}

void writeQueueResult(channel::QueueResult result, schema::QueueResponse::Builder response) {
  response.setOutcome(outcomeToWire(result.outcome));
  response.setAckAll(result.ackAll);
  auto batch = response.initRetryBatch();
  batch.setRetry(result.retryBatch);
  KJ_IF_MAYBE(delay, result.retryBatchDelaySeconds) batch.setDelaySeconds(*delay);
  auto acks = response.initExplicitAcks(kj::uint(result.explicitAcks.size()));
  for (auto i : kj::indices(result.explicitAcks)) acks.set(kj::uint(i), result.explicitAcks[i]);
  auto retries = response.initRetryMessages(kj::uint(result.retryMessages.size()));
  for (auto i : kj::indices(result.retryMessages)) {
    auto retry = retries[kj::uint(i)];
    retry.setMsgId(result.retryMessages[i].messageId);
    KJ_IF_MAYBE(delay, result.retryMessages[i].delaySeconds) retry.setDelaySeconds(*delay);
  }
}

class Dispatcher final : public EventDispatcher::Server {
 public:
  Dispatcher(kj::Own<channel::RequestTarget> target, const kj::HttpHeaderTable& table,
             kj::Own<Externals> externals)
      : target_(kj::mv(target)), table_(table), externals_(kj::mv(externals)) {}

  kj::Promise<void> getHttpService(GetHttpServiceContext context) override {
    context.getResults().setHttp(hostHttp(take(), table_));
    return kj::READY_NOW;
  }

  kj::Promise<void> jsRpcSession(JsRpcSessionContext context) override {
    auto target = take();
    auto session = target->rpcSession();
    auto results = context.getResults();
    results.setTopLevel(hostCapability(kj::mv(session.topLevel), externals_->addRef()));
    // Whoever drops it cancels the event.
    auto over = session.done.attach(kj::mv(target)).then([]() -> schema::JsRpcSession::Client {
      return kj::heap<Session>();
    });
    results.setSession(kj::mv(over));
    return kj::READY_NOW;
  }

  kj::Promise<void> runScheduled(RunScheduledContext context) override {
    auto params = context.getParams();
    channel::ScheduledEvent event{dateOf(params.getScheduledTime()), kj::str(params.getCron())};
    auto target = take();
    auto result = co_await target->scheduled(kj::mv(event));
    auto response = context.getResults().initResult();
    response.setOutcome(outcomeToWire(result.outcome));
    response.setRetry(result.retry);
  }

  kj::Promise<void> queue(QueueContext context) override {
    auto event = readQueue(context.getParams());
    auto target = take();
    auto result = co_await target->queue(kj::mv(event));
    writeQueueResult(kj::mv(result), context.getResults().initResult());
  }

  // What the reference's ports refuse as well.
  kj::Promise<void> prewarm(PrewarmContext) override { return unsupported(); }
  kj::Promise<void> runAlarm(RunAlarmContext) override { return unsupported(); }
  kj::Promise<void> abandonAlarm(AbandonAlarmContext) override { return unsupported(); }

 private:
  kj::Own<channel::RequestTarget> take() {
    KJ_REQUIRE(target_.get() != nullptr, "EventDispatcher can only be used for one request");
    return kj::mv(target_);
  }

  static kj::Promise<void> unsupported() {
    return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                         kj::str("jsg.Error: RPC connections don't yet support this event type."));
  }

  kj::Own<channel::RequestTarget> target_;
  const kj::HttpHeaderTable& table_;
  kj::Own<Externals> externals_;
};

class Bootstrap final : public schema::WorkerdBootstrap::Server {
 public:
  Bootstrap(kj::Own<channel::ServiceChannel> channel, const kj::HttpHeaderTable& table,
            kj::Own<Externals> externals)
      : channel_(kj::mv(channel)), table_(table), externals_(kj::mv(externals)) {}

  kj::Promise<void> startEvent(StartEventContext context) override {
    auto params = context.getParams();
    channel::RequestMetadata metadata;
    if (params.hasCfBlobJson()) metadata.cfJson = kj::str(params.getCfBlobJson());
    context.getResults().setDispatcher(kj::heap<Dispatcher>(
        channel_->startRequest(kj::mv(metadata)), table_, externals_->addRef()));
    return kj::READY_NOW;
  }

 private:
  kj::Own<channel::ServiceChannel> channel_;
  const kj::HttpHeaderTable& table_;
  kj::Own<Externals> externals_;
};

}  // namespace

schema::WorkerdBootstrap::Client hostChannel(kj::Own<channel::ServiceChannel> channel,
                                             const kj::HttpHeaderTable& table,
                                             kj::Own<Externals> externals) {
  return kj::heap<Bootstrap>(kj::mv(channel), table, kj::mv(externals));
}

}  // namespace ocapd::wire
