// CacheHost: an event that may have a cache; IoContexts of workers are one.
//
// Threads   its lane.
#pragma once

#include "src/channel/service_channel.h"

namespace ocapd::api {

class CacheHost {
 public:
  // The config's cacheApiOutbound; none when it names no service.
  virtual kj::Maybe<channel::ServiceChannel&> cacheOutbound() = 0;

 protected:
  ~CacheHost() = default;
};

}  // namespace ocapd::api
