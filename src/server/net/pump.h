// pumpThroughBuffer: the copying loop between two streams, with a buffer that suits big bodies
// (KJ's own fallback moves 4 KB at a time).
#pragma once

#include <kj/async-io.h>

namespace ocapd::server::net {

constexpr size_t kPumpBufferBytes = 128 * 1024;

// Moves up to `amount` bytes; resolves to the number moved, fewer only at the input's end. Both
// streams must outlive the promise.
kj::Promise<uint64_t> pumpThroughBuffer(kj::AsyncInputStream& input, kj::AsyncOutputStream& output,
                                        uint64_t amount);

}  // namespace ocapd::server::net
