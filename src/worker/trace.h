// Trace: what one event has done, gathered for tail workers.
//
// Owns      its texts.
// Limits    kLogsMax console calls and exceptions, kTextBytesMax of them; more is left out, and
//           the report says that it is truncated.
// Threads   its lane.
// See       https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/#traceitems
#pragma once

#include <kj/string.h>
#include <kj/time.h>
#include <kj/vector.h>

#include "src/channel/events.h"

namespace ocapd::worker {

class Trace {
 public:
  static constexpr size_t kLogsMax = 10'000;
  static constexpr size_t kTextBytesMax = 1u << 20;

  // `entrypoint` is null for the default one.
  explicit Trace(kj::Maybe<kj::String> entrypoint);

  // What came: JSON of the members of its `event`, without braces.
  void setEvent(kj::String membersJson) { event_ = kj::mv(membersJson); }
  void setStatus(uint32_t status) { status_ = status; }
  void setOutcome(channel::Outcome outcome) { outcome_ = outcome; }
  void addLog(kj::StringPtr level, kj::StringPtr messageJson);
  void addException(kj::StringPtr name, kj::StringPtr message, kj::Maybe<kj::StringPtr> stack);

  // The report.
  kj::String toJson() const;

 private:
  bool takesMore(size_t bytes);

  const kj::Maybe<kj::String> entrypoint_;
  const kj::Date begun_;
  kj::String event_;
  kj::Maybe<uint32_t> status_;
  channel::Outcome outcome_ = channel::Outcome::Ok;
  kj::Vector<kj::String> logs_;
  kj::Vector<kj::String> exceptions_;
  size_t textBytes_ = 0;
  bool truncated_ = false;
};

// A text as JSON.
kj::String jsonText(kj::StringPtr text);

}  // namespace ocapd::worker
