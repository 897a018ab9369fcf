// Events that are not HTTP: what is sent with them and what comes back.
//
// Threads   values; any.
#pragma once

#include <kj/array.h>
#include <kj/string.h>
#include <kj/time.h>

namespace ocapd::channel {

// How an event ended. The order is that of the wire's EventOutcome.
enum class Outcome : uint8_t {
  Unknown,
  Ok,
  Exception,
  ExceededCpu,
  KillSwitch,
  DaemonDown,
  ScriptNotFound,
  Canceled,
  ExceededMemory,
  LoadShed,
  ResponseStreamDisconnected,
  InternalError,
  ExceededWallTime,
};
// "ok", "exception", "exceededCpu": as tools and workers see it.
kj::StringPtr outcomeName(Outcome outcome);

struct ScheduledEvent {
  kj::Date scheduledTime = kj::UNIX_EPOCH;
  kj::String cron;
};
struct ScheduledResult {
  Outcome outcome = Outcome::Unknown;
  bool retry = true;
};

struct QueueMessage {
  kj::String id;
  kj::Date timestamp = kj::UNIX_EPOCH;
  kj::Array<const kj::byte> body;     // V8-serialized, unless contentType says otherwise
  kj::Maybe<kj::String> contentType;  // "text", "bytes", "json", "v8"
  uint16_t attempts = 1;
};
struct QueueEvent {
  kj::String queueName;
  kj::Array<QueueMessage> messages;
  kj::Maybe<kj::String> metadataJson;
};
struct QueueRetry {
  kj::String messageId;
  kj::Maybe<int32_t> delaySeconds;
};
struct QueueResult {
  Outcome outcome = Outcome::Unknown;
  bool ackAll = false;
  bool retryBatch = false;
  kj::Maybe<int32_t> retryBatchDelaySeconds;
  kj::Array<kj::String> explicitAcks;
  kj::Array<QueueRetry> retryMessages;
};

struct AlarmEvent {
  kj::Date scheduledTime = kj::UNIX_EPOCH;
  uint32_t retryCount = 0;
};
struct AlarmResult {
  Outcome outcome = Outcome::Unknown;
  bool retry = false;
  bool retryCountsAgainstLimit = true;
  kj::Maybe<kj::String> errorDescription;
};

}  // namespace ocapd::channel
