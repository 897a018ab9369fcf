#include "src/channel/events.h"

namespace ocapd::channel {

kj::StringPtr outcomeName(Outcome outcome) {
  constexpr kj::StringPtr kNames[] = {
      "unknown"_kj,
      "ok"_kj,
      "exception"_kj,
      "exceededCpu"_kj,
      "killSwitch"_kj,
      "daemonDown"_kj,
      "scriptNotFound"_kj,
      "canceled"_kj,
      "exceededMemory"_kj,
      "loadShed"_kj,
      "responseStreamDisconnected"_kj,
      "internalError"_kj,
      "exceededWallTime"_kj,
  };
  return kNames[size_t(outcome)];
}

}  // namespace ocapd::channel
