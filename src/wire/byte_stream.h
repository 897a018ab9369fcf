// Streams of bytes over Cap'n Proto: ByteStream capabilities as KJ streams, and the other way
// round.
//
// Owns      sinks their capability; hosted sinks what they write to.
// Threads   its lane.
// Errors    dropping a sink without end() leaves the stream unfinished: its reader fails, unless it
//           was told that this is how it ends.
// Spec      schema/byte_stream.capnp
#pragma once

#include "src/channel/service_channel.h"
#include "src/wire/schema/byte_stream.capnp.h"

namespace ocapd::wire {

// Writes go to the peer, in pieces, with flow control.
kj::Own<channel::ByteSink> newRemoteSink(schema::ByteStream::Client stream);

// A capability that writes to `sink`.
schema::ByteStream::Client hostSink(kj::Own<channel::ByteSink> sink);

// A pipe: what its sink is given, its stream reads.
struct BytePipe {
  kj::Own<kj::AsyncInputStream> stream;
  kj::Own<channel::ByteSink> sink;
};
// When the sink goes without end(), reading fails with `unfinished`; none: it ends there as well.
BytePipe newBytePipe(kj::Maybe<kj::Exception> unfinished);
// One of known length: going earlier is a lost connection.
BytePipe newBytePipeOf(uint64_t length);

// Pumps all of `stream` into `sink` and ends it.
kj::Promise<void> pumpAll(kj::Own<kj::AsyncInputStream> stream, kj::Own<channel::ByteSink> sink);

}  // namespace ocapd::wire
