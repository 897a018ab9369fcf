#include "src/server/net/pump.h"

namespace ocapd::server::net {

kj::Promise<uint64_t> pumpThroughBuffer(kj::AsyncInputStream& input, kj::AsyncOutputStream& output,
                                        uint64_t amount) {
  uint64_t wanted = amount;
  // One byte more than a known length, so that the end is seen by the first read.
  KJ_IF_MAYBE(length, input.tryGetLength()) {
    wanted = kj::min(amount, *length == kj::maxValue ? *length : *length + 1);
  }
  auto buffer = kj::heapArray<kj::byte>(kj::min(kPumpBufferBytes, wanted));
  uint64_t total = 0;
  while (total < amount) {
    size_t space = kj::min(buffer.size(), amount - total);
    size_t n = co_await input.tryRead(buffer.begin(), 1, space);
    if (n == 0) break;
    co_await output.write(buffer.begin(), n);
    total += n;
  }
  co_return total;
}

}  // namespace ocapd::server::net
