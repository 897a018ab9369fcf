#include "src/server/net/file_stream.h"

#include <unistd.h>

#include <kj/debug.h>

#include "src/server/net/pump.h"

namespace ocapd::server::net {

size_t FileStream::readNow(void* buffer, size_t maxBytes) {
  auto* out = reinterpret_cast<kj::byte*>(buffer);
  size_t total = 0;
  while (total < maxBytes && remainingBytes_ > 0) {
    size_t wanted = kj::min(maxBytes - total, remainingBytes_);
    ssize_t n;
    KJ_SYSCALL(n = ::pread(fd_.get(), out + total, wanted, static_cast<off_t>(offset_)));
    if (n == 0) {
      truncate();
      break;
    }
    skip(n);
    total += n;
  }
  return total;
}

kj::Promise<size_t> FileStream::tryRead(void* buffer, size_t minBytes, size_t maxBytes) {
  return readNow(buffer, maxBytes);
}

kj::Promise<uint64_t> FileStream::pumpTo(kj::AsyncOutputStream& output, uint64_t amount) {
  KJ_IF_MAYBE(pumped, output.tryPumpFrom(*this, amount)) {
    return kj::mv(*pumped);
  }
  return pumpThroughBuffer(*this, output, amount);
}

}  // namespace ocapd::server::net
