// ScheduledController: the first parameter of a scheduled() handler.
//
// Spec      https://developers.cloudflare.com/workers/runtime-apis/handlers/scheduled/
#pragma once

#include "src/channel/events.h"
#include "src/js/class.h"

namespace ocapd::api {

class ScheduledController final : public js::Object {
 public:
  static constexpr const char* kClassName = "ScheduledController";
  static const js::Class kClass;

  explicit ScheduledController(channel::ScheduledEvent event) : event_(kj::mv(event)) {}

  double scheduledTime() const;
  kj::StringPtr cron() const { return event_.cron; }
  void noRetry() { mayRetry_ = false; }
  bool mayRetry() const { return mayRetry_; }

  const js::Class& jsClass() const override { return kClass; }

 private:
  channel::ScheduledEvent event_;
  bool mayRetry_ = true;
};

}  // namespace ocapd::api
