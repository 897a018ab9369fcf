#include "src/api/workers/scheduled_controller.h"
#include "src/api/workers/test_controller.h"

namespace ocapd::api {

constinit const js::Class TestController::kClass{.name = kClassName, .exposed = false};

double ScheduledController::scheduledTime() const {
  return double((event_.scheduledTime - kj::UNIX_EPOCH) / kj::MILLISECONDS);
}

namespace {

constexpr js::Member kMembers[] = {
    js::getter<&ScheduledController::cron>("cron"),
    js::getter<&ScheduledController::scheduledTime>("scheduledTime"),
    js::method<&ScheduledController::noRetry>("noRetry"),
};

}  // namespace

constinit const js::Class ScheduledController::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/workers/runtime-apis/handlers/scheduled/",
    .members = kMembers,
    .exposed = false,
};

}  // namespace ocapd::api
