// ConnectRoutes: host names that lead to a service of the worker's instead of to the network.
//
// Threads   its lane.
#pragma once

#include "src/channel/service_channel.h"
#include "src/js/turn.h"

namespace ocapd::api {

class ConnectRoutes {
 public:
  static ConnectRoutes* of(js::Turn& turn);

  virtual void addRoute(kj::String host, kj::Own<channel::ServiceChannel> service) = 0;
  virtual kj::Maybe<channel::ServiceChannel&> findRoute(kj::StringPtr host) = 0;

 protected:
  ~ConnectRoutes() = default;
};

}  // namespace ocapd::api
