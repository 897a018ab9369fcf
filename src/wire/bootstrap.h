// Bootstrap: a channel offered to a peer: WorkerdBootstrap and the events started through it.
//
// Used by debug ports and by CONNECT tunnels alike.
//
// Owns      the channel; events their target.
// Lives     as long as the peer holds it. Dropping an event's capabilities cancels the event.
// Threads   its lane.
// Spec      schema/worker_interface.capnp
#pragma once

#include "src/channel/service_channel.h"
#include "src/wire/externals.h"

namespace ocapd::wire {

// `table` outlives the capability.
schema::WorkerdBootstrap::Client hostChannel(kj::Own<channel::ServiceChannel> channel,
                                             const kj::HttpHeaderTable& table,
                                             kj::Own<Externals> externals);

}  // namespace ocapd::wire
