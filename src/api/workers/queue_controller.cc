#include "src/api/workers/queue_controller.h"

#include <kj/vector.h>
#include <v8-container.h>
#include <v8-date.h>
#include <v8-json.h>
#include <v8-value-serializer.h>

namespace ocapd::api {

namespace {

v8::Local<v8::Value> deserialize(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  v8::ValueDeserializer deserializer(turn.v8, bytes.begin(), bytes.size());
  turn.check(deserializer.ReadHeader(turn.context));
  return turn.check(deserializer.ReadValue(turn.context));
}

v8::Local<v8::Value> bodyOf(js::Turn& turn, const channel::QueueMessage& message) {
  kj::StringPtr type = "v8"_kj;
  KJ_IF_MAYBE(given, message.contentType) {
    type = *given;
  }
  if (type == "text") return turn.string(message.body.asChars());
  if (type == "json") {
    return turn.check(v8::JSON::Parse(turn.context, turn.string(message.body.asChars())));
  }
  if (type == "bytes") {
    auto buffer = v8::ArrayBuffer::New(turn.v8, message.body.size());
    if (message.body.size() > 0) memcpy(buffer->Data(), message.body.begin(), message.body.size());
    return v8::Uint8Array::New(buffer, 0, message.body.size());
  }
  if (type == "v8" || type == "") return deserialize(turn, message.body);
  throw js::Error::type("Unsupported queue message content type: ", type);
}

v8::Local<v8::Value> noMetrics(js::Turn& turn) {
  auto metrics = v8::Object::New(turn.v8);
  turn.set(metrics, "backlogCount", v8::Integer::New(turn.v8, 0));
  turn.set(metrics, "backlogBytes", v8::Integer::New(turn.v8, 0));
  turn.set(metrics, "oldestMessageTimestamp", turn.undefined());
  auto metadata = v8::Object::New(turn.v8);
  turn.set(metadata, "metrics", metrics);
  return metadata;
}

constexpr js::Member kMessageMembers[] = {
    js::getter<&QueueMessage::id>("id"),       js::getter<&QueueMessage::timestamp>("timestamp"),
    js::getter<&QueueMessage::body>("body"),   js::getter<&QueueMessage::attempts>("attempts"),
    js::method<&QueueMessage::retry>("retry"), js::method<&QueueMessage::ack>("ack"),
};

constexpr js::Member kBatchMembers[] = {
    js::getter<&QueueController::messages>("messages"),
    js::getter<&QueueController::queue>("queue"),
    js::getter<&QueueController::metadata>("metadata"),
    js::method<&QueueController::retryAll>("retryAll"),
    js::method<&QueueController::ackAll>("ackAll"),
};

}  // namespace

QueueMessage::QueueMessage(js::Turn& turn, QueueController& batch, channel::QueueMessage message)
    : batch_(&batch), message_(kj::mv(message)) {
  body_.Reset(turn.v8, bodyOf(turn, message_));
  message_.body = nullptr;
  double time = double((message_.timestamp - kj::UNIX_EPOCH) / kj::MILLISECONDS);
  timestamp_.Reset(turn.v8, turn.check(v8::Date::New(turn.context, time)));
}

v8::Local<v8::Value> QueueMessage::timestamp(js::Turn& turn) {
  return timestamp_.Get(turn.v8);
}

// The first decision counts; one for the whole batch counts before any for a message.
void QueueMessage::retry(kj::Maybe<QueueRetryOptions> options) {
  if (batch_->ackAll_ || fate_ == Fate::Acked) return;
  fate_ = Fate::Retried;
  KJ_IF_MAYBE(given, options) {
    retryDelaySeconds_ = given->delaySeconds;
  }
}

void QueueMessage::ack() {
  if (batch_->ackAll_ || fate_ != Fate::Undecided) return;
  fate_ = Fate::Acked;
}

void QueueMessage::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(batch_);
  visitor->Trace(body_);
  visitor->Trace(timestamp_);
}

QueueController::QueueController(js::Turn& turn, channel::QueueEvent event)
    : name_(kj::mv(event.queueName)) {
  auto list = v8::Array::New(turn.v8);
  for (auto& message : event.messages) {
    auto* made = turn.make<QueueMessage>(turn, *this, kj::mv(message));
    messages_.emplace_back(made);
    turn.check(list->CreateDataProperty(turn.context, list->Length(), turn.wrap(*made)));
  }
  list_.Reset(turn.v8, list);
  v8::Local<v8::Value> metadata;
  KJ_IF_MAYBE(json, event.metadataJson) {
    metadata = turn.check(v8::JSON::Parse(turn.context, turn.string(*json)));
  } else {
    metadata = noMetrics(turn);
  }
  metadata_.Reset(turn.v8, metadata);
}

void QueueController::retryAll(kj::Maybe<QueueRetryOptions> options) {
  if (ackAll_) return;
  retryAll_ = true;
  KJ_IF_MAYBE(given, options) {
    retryAllDelaySeconds_ = given->delaySeconds;
  }
}

void QueueController::ackAll() {
  if (!retryAll_) ackAll_ = true;
}

channel::QueueResult QueueController::result() const {
  channel::QueueResult result;
  result.ackAll = ackAll_;
  result.retryBatch = retryAll_;
  result.retryBatchDelaySeconds = retryAllDelaySeconds_;
  kj::Vector<kj::String> acks;
  kj::Vector<channel::QueueRetry> retries;
  for (auto& each : messages_) {
    if (each->fate_ == QueueMessage::Fate::Acked) acks.add(kj::str(each->id()));
    if (each->fate_ == QueueMessage::Fate::Retried) {
      retries.add(channel::QueueRetry{kj::str(each->id()), each->retryDelaySeconds_});
    }
  }
  result.explicitAcks = acks.releaseAsArray();
  result.retryMessages = retries.releaseAsArray();
  return result;
}

void QueueController::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  for (auto& each : messages_) visitor->Trace(each);
  visitor->Trace(list_);
  visitor->Trace(metadata_);
}

constinit const js::Class QueueMessage::kClass{
    .name = kClassName, .members = kMessageMembers, .exposed = false};

constinit const js::Class QueueController::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/queues/configuration/javascript-apis/#consumer",
    .members = kBatchMembers,
    .exposed = false,
};

}  // namespace ocapd::api
