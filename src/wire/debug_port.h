// The debug port's protocol, both ends: a Directory offered to a peer, and a peer's as one.
//
// Threads   its lane.
// Errors    what is not there is told when it is first used, as calls are pipelined.
// Spec      schema/worker_interface.capnp
#pragma once

#include "src/channel/directory.h"
#include "src/wire/connection.h"

namespace ocapd::wire {

// `table` outlives the capability.
schema::WorkerdDebugPort::Client hostDirectory(kj::Own<channel::Directory> directory,
                                               const kj::HttpHeaderTable& table,
                                               kj::Own<Externals> externals);

kj::Own<channel::Directory> newRemoteDirectory(kj::Promise<kj::Own<kj::AsyncIoStream>> stream,
                                               const kj::HttpHeaderTable& table);

}  // namespace ocapd::wire
