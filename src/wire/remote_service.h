// RemoteService: a channel to a service of another process.
//
// Owns      its share of the connection.
// Lives     reference-counted on its lane.
// Errors    a lost connection is DISCONNECTED; there is no reconnecting.
// Spec      schema/worker_interface.capnp
#pragma once

#include "src/channel/service_channel.h"
#include "src/wire/externals.h"

namespace ocapd::wire {

// `connection` is kept as long as the channel, and by its events. `table` outlives both.
kj::Own<channel::ServiceChannel> newRemoteService(schema::WorkerdBootstrap::Client bootstrap,
                                                  const kj::HttpHeaderTable& table,
                                                  kj::Own<Externals> externals,
                                                  kj::Own<kj::Refcounted> connection);

}  // namespace ocapd::wire
