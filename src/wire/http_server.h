// HTTP events that come over Cap'n Proto, handed to a target.
//
// Owns      the target, until its event has ended and nobody holds the capability.
// Threads   its lane.
// Errors    what the target fails with fails the call, marked as remote.
// Spec      schema/http_over_capnp.capnp
#pragma once

#include "src/channel/service_channel.h"
#include "src/wire/schema/http_over_capnp.capnp.h"

namespace ocapd::wire {

// `table` outlives the capability.
schema::HttpService::Client hostHttp(kj::Own<channel::RequestTarget> target,
                                     const kj::HttpHeaderTable& table);

}  // namespace ocapd::wire
