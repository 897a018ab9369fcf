// QueueController and QueueMessage: what a queue() handler is given.
//
// Spec      https://developers.cloudflare.com/queues/configuration/javascript-apis/#consumer
#pragma once

#include "src/channel/events.h"
#include "src/js/class.h"
#include "src/js/dictionary.h"

namespace ocapd::api {

struct QueueRetryOptions {
  static constexpr const char* kDictionaryName = "QueueRetryOptions";
  kj::Maybe<int32_t> delaySeconds;
};

class QueueController;

class QueueMessage final : public js::Object {
 public:
  static constexpr const char* kClassName = "QueueMessage";
  static const js::Class kClass;

  QueueMessage(js::Turn& turn, QueueController& batch, channel::QueueMessage message);

  kj::StringPtr id() const { return message_.id; }
  v8::Local<v8::Value> timestamp(js::Turn& turn);
  v8::Local<v8::Value> body(js::Turn& turn) { return body_.Get(turn.v8); }
  uint32_t attempts() const { return message_.attempts; }
  void retry(kj::Maybe<QueueRetryOptions> options);
  void ack();

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  friend class QueueController;
  enum class Fate : uint8_t { Undecided, Acked, Retried };

  cppgc::Member<QueueController> batch_;
  channel::QueueMessage message_;
  v8::TracedReference<v8::Value> body_;
  v8::TracedReference<v8::Value> timestamp_;
  Fate fate_ = Fate::Undecided;
  kj::Maybe<int32_t> retryDelaySeconds_;
};

class QueueController final : public js::Object {
 public:
  static constexpr const char* kClassName = "QueueController";
  static const js::Class kClass;

  QueueController(js::Turn& turn, channel::QueueEvent event);

  kj::StringPtr queue() const { return name_; }
  v8::Local<v8::Value> messages(js::Turn& turn) { return list_.Get(turn.v8); }
  v8::Local<v8::Value> metadata(js::Turn& turn) { return metadata_.Get(turn.v8); }
  void retryAll(kj::Maybe<QueueRetryOptions> options);
  void ackAll();

  // What the handler decided; to be asked once it has ended.
  channel::QueueResult result() const;

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  kj::String name_;
  std::vector<cppgc::Member<QueueMessage>> messages_;
  v8::TracedReference<v8::Value> list_;
  v8::TracedReference<v8::Value> metadata_;
  bool ackAll_ = false;
  bool retryAll_ = false;
  kj::Maybe<int32_t> retryAllDelaySeconds_;

  friend class QueueMessage;
};

}  // namespace ocapd::api

namespace ocapd::js {

inline constexpr Field<api::QueueRetryOptions> kQueueRetryOptions[] = {
    field<&api::QueueRetryOptions::delaySeconds>("delaySeconds"),
};
template <>
struct Convert<api::QueueRetryOptions>
    : DictionaryConvert<api::QueueRetryOptions, kQueueRetryOptions> {};

}  // namespace ocapd::js
