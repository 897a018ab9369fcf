#include "src/worker/test_event.h"

#include "src/api/workers/test_controller.h"

namespace ocapd::worker {

kj::Promise<void> TestEvent::run() {
  return runHandler("test", "Entrypoint does not export a test() function.",
                    [](js::Turn& turn) { return turn.wrap(*turn.make<api::TestController>()); });
}

}  // namespace ocapd::worker
