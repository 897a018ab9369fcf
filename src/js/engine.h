// Engine: V8, started once for the process.
//
// Owns      the platform and V8's process-wide state.
// Lives     longer than every isolate. V8 cannot be started twice in one process.
// Threads   constructed and destroyed on the main thread; platform() is for any.
// Errors    flags are checked before: findUnknownFlag().
#pragma once

#include <kj/array.h>
#include <kj/string.h>

#include "src/js/platform.h"
#include "src/js/watchdog.h"

namespace ocapd::js {

class Engine {
 public:
  // The first of `flags` that V8 does not know, if any. Sets the others, as V8 has it.
  static kj::Maybe<kj::StringPtr> findUnknownFlag(kj::ArrayPtr<const kj::StringPtr> flags);

  // `flags` as on V8's command line ("--expose-gc"); they cannot change later.
  explicit Engine(kj::ArrayPtr<const kj::StringPtr> flags = nullptr);
  ~Engine() noexcept;
  KJ_DISALLOW_COPY_AND_MOVE(Engine);

  Platform& platform() { return platform_; }
  Watchdog& watchdog() { return watchdog_; }

 private:
  Platform platform_;
  Watchdog watchdog_;
};

}  // namespace ocapd::js
