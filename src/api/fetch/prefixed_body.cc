#include "src/api/fetch/prefixed_body.h"

#include <string.h>

#include "src/api/streams/byte_source.h"

namespace ocapd::api {

namespace {

// `head`, then what `rest` has.
class PrefixedStream final : public kj::AsyncInputStream {
 public:
  PrefixedStream(kj::String head, kj::Own<kj::AsyncInputStream> rest)
      : head_(kj::mv(head)), left_(head_.asBytes()), rest_(kj::mv(rest)) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    size_t count = kj::min(maxBytes, left_.size());
    memcpy(buffer, left_.begin(), count);
    left_ = left_.slice(count, left_.size());
    if (count >= minBytes) co_return count;
    co_return count + co_await rest_->tryRead(static_cast<kj::byte*>(buffer) + count,
                                              minBytes - count, maxBytes - count);
  }

 private:
  kj::String head_;
  kj::ArrayPtr<const kj::byte> left_;
  kj::Own<kj::AsyncInputStream> rest_;
};

}  // namespace

Body::Outgoing prefixed(kj::String head, Body::Outgoing body) {
  Body::Outgoing whole;
  KJ_IF_MAYBE(stream, body.stream) {
    whole.length = body.length.map([&](uint64_t bytes) { return bytes + head.size(); });
    whole.stream = kj::heap<PrefixedStream>(kj::mv(head), kj::mv(*stream));
    return whole;
  }
  kj::Vector<kj::byte> bytes;
  bytes.addAll(head.asBytes());
  KJ_IF_MAYBE(rest, body.bytes) {
    bytes.addAll((*rest)->bytes);
  }
  whole.length = bytes.size();
  whole.bytes = kj::refcounted<SharedBytes>(bytes.releaseAsArray());
  return whole;
}

}  // namespace ocapd::api
