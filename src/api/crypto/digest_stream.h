// DigestStream: crypto.DigestStream, a WritableStream that hashes what is written to it. The stream
// is a built-in script (digest_stream.js); the hashing is here.
//
// Spec      https://developers.cloudflare.com/workers/runtime-apis/web-crypto/#constructors
#pragma once

#include "src/api/crypto/digest.h"
#include "src/js/global_builder.h"

namespace ocapd::api::crypto {

// The digest of one stream, as the script holds it.
class StreamDigest final : public js::Object {
 public:
  static constexpr const char* kClassName = "StreamDigest";
  static const js::Class kClass;

  explicit StreamDigest(Hash hash) : digest_(hash) {}

  // A buffer, a view of one, or text as UTF-8. TypeError for anything else.
  void update(js::Turn& turn, v8::Local<v8::Value> chunk);
  v8::Local<v8::Value> finish(js::Turn& turn);
  uint64_t bytesWritten() const { return bytesWritten_; }

  const js::Class& jsClass() const override { return kClass; }

 private:
  RunningDigest digest_;
  uint64_t bytesWritten_ = 0;
};

// Behind the scripts of streams and of `crypto`.
void installDigestStream(js::GlobalBuilder& builder);

}  // namespace ocapd::api::crypto
