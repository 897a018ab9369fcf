// Helpers for native byte streams: reading whole, and bytes that several holders share.
//
// Threads   the lane's.
#pragma once

#include <kj/async-io.h>
#include <kj/refcount.h>

namespace ocapd::api {

// Bytes that never change, shared by clones of a body.
class SharedBytes final : public kj::Refcounted {
 public:
  explicit SharedBytes(kj::Array<const kj::byte> bytes) : bytes(kj::mv(bytes)) {}
  const kj::Array<const kj::byte> bytes;
};

// Reads to the end. `expected` sizes the first buffer but is not believed: memory grows with what
// arrives. Fails with OVERLOADED beyond `bytesMax`. The stream must outlive the promise.
kj::Promise<kj::Array<kj::byte>> readAll(kj::AsyncInputStream& stream, kj::Maybe<uint64_t> expected,
                                         size_t bytesMax);

// Says that what was written to `sink` breaks off: dropping it next is not its regular end. KJ's
// HTTP streams of unknown length would write that, and the receiver take what there is for all.
void breakOff(kj::AsyncOutputStream& sink);

// A native stream over memory it shares.
kj::Own<kj::AsyncInputStream> newSharedBytesStream(kj::Own<SharedBytes> bytes);

}  // namespace ocapd::api
