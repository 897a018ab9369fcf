// ZlibCodec: one direction of one compressed stream, step by step.
//
// Owns      zlib's state and the input that has not been used up, until the end or the first error.
// Threads   the lane's.
// Limits    kOutputBytes a step; what is taken in and not yet worked on is one chunk.
// Errors    TypeError for data that is malformed, ends early or goes on after its end.
// Spec      https://compression.spec.whatwg.org/
#pragma once

#include <zlib.h>

#include "src/js/class.h"

namespace ocapd::api {

class ZlibCodec final : public js::Object {
 public:
  static constexpr const char* kClassName = "ZlibCodec";
  static const js::Class kClass;
  static constexpr size_t kOutputBytes = 16 * 1024;

  enum class Direction : uint8_t { Deflate, Inflate };

  // `format` is one of the standard's.
  ZlibCodec(js::Turn& turn, Direction direction, kj::StringPtr format);
  ~ZlibCodec();
  KJ_DISALLOW_COPY_AND_MOVE(ZlibCodec);

  // ---- for CodecPair in src/api/streams/byte_pairs.js ----
  // The buffer must not change any more.
  void push(js::Turn& turn, v8::Local<v8::Value> buffer);
  void finish(js::Turn& turn);
  v8::Local<v8::Value> produce(js::Turn& turn);

  const js::Class& jsClass() const override { return kClass; }

 private:
  [[noreturn]] void failWith(const char* text);
  void release();
  // True when there may be more output for the input so far.
  bool step(size_t& outputBytes);

  Direction direction_;
  z_stream zlib_ = {};
  std::shared_ptr<v8::BackingStore> input_;
  kj::Array<kj::byte> output_;  // scratch; empty once released
  bool finishing_ = false;
  bool ended_ = false;
};

}  // namespace ocapd::api
