// Fetcher.scheduled() and Fetcher.queue(): events sent by hand, for tools and tests.

#include <stdlib.h>

#include <v8-container.h>
#include <v8-date.h>
#include <v8-json.h>
#include <v8-value-serializer.h>

#include "src/api/fetch/fetcher.h"

namespace ocapd::api {

namespace {

kj::Date dateOf(js::Turn& turn, v8::Local<v8::Value> value) {
  if (value->IsUndefined()) return kj::systemPreciseCalendarClock().now();
  double milliseconds = turn.check(value->NumberValue(turn.context));
  constexpr double kMax = 8.64e15;  // https://tc39.es/ecma262/#sec-time-values-and-time-range
  if (!(milliseconds >= -kMax && milliseconds <= kMax)) {
    throw js::Error::type("This is not a valid date.");
  }
  return kj::UNIX_EPOCH + int64_t(milliseconds) * kj::MILLISECONDS;
}

v8::Local<v8::Object> requireObject(v8::Local<v8::Value> value, kj::StringPtr what) {
  if (!value->IsObject()) throw js::Error::type(what, " is not of type 'object'.");
  return value.As<v8::Object>();
}

kj::Array<const kj::byte> serialized(js::Turn& turn, v8::Local<v8::Value> body) {
  v8::ValueSerializer serializer(turn.v8);
  serializer.WriteHeader();
  turn.check(serializer.WriteValue(turn.context, body));
  auto [data, size] = serializer.Release();
  auto copy = kj::heapArray<kj::byte>(data, size);
  free(data);
  return copy;
}

channel::QueueMessage messageOf(js::Turn& turn, v8::Local<v8::Object> given) {
  channel::QueueMessage message;
  message.id = turn.utf8(turn.check(turn.get(given, "id")->ToString(turn.context)));
  message.timestamp = dateOf(turn, turn.get(given, "timestamp"));
  auto attempts = turn.get(given, "attempts");
  if (!attempts->IsUndefined()) {
    message.attempts = uint16_t(turn.check(attempts->Uint32Value(turn.context)));
  }
  auto body = turn.get(given, "body");
  auto raw = turn.get(given, "serializedBody");
  if (body->IsUndefined() == raw->IsUndefined()) {
    throw js::Error::type("Expected one of body or serializedBody for each message");
  }
  if (raw->IsUndefined()) {
    message.body = serialized(turn, body);
  } else {
    message.body = kj::heapArray<kj::byte>(js::Convert<js::BufferSource>::from(turn, raw).bytes);
  }
  return message;
}

v8::Local<v8::Value> delayOf(js::Turn& turn, const kj::Maybe<int32_t>& delay) {
  KJ_IF_MAYBE(seconds, delay) {
    return v8::Integer::New(turn.v8, *seconds);
  }
  return turn.undefined();
}

v8::Local<v8::Value> toJs(js::Turn& turn, channel::QueueResult& result) {
  auto made = v8::Object::New(turn.v8);
  turn.set(made, "outcome", turn.string(channel::outcomeName(result.outcome)));
  turn.set(made, "ackAll", v8::Boolean::New(turn.v8, result.ackAll));
  auto batch = v8::Object::New(turn.v8);
  turn.set(batch, "retry", v8::Boolean::New(turn.v8, result.retryBatch));
  turn.set(batch, "delaySeconds", delayOf(turn, result.retryBatchDelaySeconds));
  turn.set(made, "retryBatch", batch);
  auto list = [&](auto& items, auto make) {
    v8::LocalVector<v8::Value> values(turn.v8);
    for (auto& each : items) values.push_back(make(each));
    return v8::Array::New(turn.v8, values.data(), values.size());
  };
  turn.set(made, "explicitAcks", list(result.explicitAcks, [&](kj::String& id) {
             return turn.string(id).As<v8::Value>();
           }));
  turn.set(made, "retryMessages",
           list(result.retryMessages, [&](channel::QueueRetry& retry) -> v8::Local<v8::Value> {
             auto each = v8::Object::New(turn.v8);
             turn.set(each, "msgId", turn.string(retry.messageId));
             turn.set(each, "delaySeconds", delayOf(turn, retry.delaySeconds));
             return each;
           }));
  return made;
}

}  // namespace

js::Promise Fetcher::scheduled(js::Turn& turn, v8::Local<v8::Value> options) {
  channel::ScheduledEvent event;
  if (!options->IsUndefined()) {
    auto given = requireObject(options, "ScheduledOptions");
    event.scheduledTime = dateOf(turn, turn.get(given, "scheduledTime"));
    auto cron = turn.get(given, "cron");
    if (!cron->IsUndefined()) event.cron = turn.utf8(turn.check(cron->ToString(turn.context)));
  } else {
    event.scheduledTime = dateOf(turn, turn.undefined());
  }
  // Not within this turn: the target may be this very worker.
  auto target = channel_->startRequest({});
  auto& reference = *target;
  auto done = kj::evalLater([&reference, event = kj::mv(event)]() mutable {
                return reference.scheduled(kj::mv(event));
              }).attach(kj::mv(target));
  return IoContext::current(turn).awaitIo(
      turn, kj::mv(done),
      [](js::Turn& inner, channel::ScheduledResult result) -> v8::Local<v8::Value> {
        auto made = v8::Object::New(inner.v8);
        inner.set(made, "outcome", inner.string(channel::outcomeName(result.outcome)));
        inner.set(made, "noRetry", v8::Boolean::New(inner.v8, !result.retry));
        return made;
      });
}

js::Promise Fetcher::queue(js::Turn& turn, kj::String name, v8::Local<v8::Value> messages,
                           v8::Local<v8::Value> metadata) {
  channel::QueueEvent event;
  event.queueName = kj::mv(name);
  if (!messages->IsArray()) throw js::Error::type("Queue messages are not of type 'Array'.");
  auto list = messages.As<v8::Array>();
  kj::Vector<channel::QueueMessage> batch;
  for (uint32_t i = 0; i < list->Length(); ++i) {
    auto each = requireObject(turn.check(list->Get(turn.context, i)), "A queue message");
    batch.add(messageOf(turn, each));
  }
  event.messages = batch.releaseAsArray();
  if (!metadata->IsUndefined()) {
    event.metadataJson = turn.utf8(turn.check(v8::JSON::Stringify(turn.context, metadata)));
  }
  auto target = channel_->startRequest({});
  auto& reference = *target;
  auto done = kj::evalLater([&reference, event = kj::mv(event)]() mutable {
                return reference.queue(kj::mv(event));
              }).attach(kj::mv(target));
  return IoContext::current(turn).awaitIo(
      turn, kj::mv(done),
      [](js::Turn& inner, channel::QueueResult result) { return toJs(inner, result); });
}

}  // namespace ocapd::api
