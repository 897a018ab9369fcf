// RPC capabilities over Cap'n Proto: JsRpcTarget as channel::Capability, and the other way round.
//
// Threads   its lane.
// Errors    what the callee threw is a Result, with its own properties if the peer is ocapd; lost
//           connections fail the promise with DISCONNECTED.
// Spec      schema/worker_interface.capnp
#pragma once

#include "src/wire/externals.h"

namespace ocapd::wire {

kj::Own<channel::Capability> newRemoteCapability(schema::JsRpcTarget::Client target,
                                                 kj::Own<Externals> externals);

schema::JsRpcTarget::Client hostCapability(kj::Own<channel::Capability> capability,
                                           kj::Own<Externals> externals);

}  // namespace ocapd::wire
