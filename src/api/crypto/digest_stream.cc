#include "src/api/crypto/digest_stream.h"

#include "src/api/crypto/algorithm.h"
#include "src/api/crypto/digest_stream_js.h"

namespace ocapd::api::crypto {

void StreamDigest::update(js::Turn& turn, v8::Local<v8::Value> chunk) {
  auto take = [&](BytesPtr bytes) {
    digest_.update(bytes);
    bytesWritten_ += bytes.size();
  };
  if (chunk->IsString()) {
    take(turn.utf8(chunk.As<v8::String>()).asBytes());
  } else if (chunk->IsArrayBufferView() || chunk->IsArrayBuffer()) {
    Data data(chunk);
    take(data.bytes());
  } else {
    // Pinned by the reference.
    throw js::Error::type(
        "DigestStream is a byte stream but received an object of "
        "non-ArrayBuffer/ArrayBufferView/string type on its writable side.");
  }
}

v8::Local<v8::Value> StreamDigest::finish(js::Turn& turn) {
  return toArrayBuffer(turn, digest_.finish());
}

constinit const js::Class StreamDigest::kClass{.name = kClassName, .exposed = false};

namespace {

// ---- what digest_stream.js calls ----

StreamDigest* newDigest(js::Turn& turn, v8::Local<v8::Value> algorithm) {
  return turn.make<StreamDigest>(readHash(turn, algorithm));
}
void update(js::Turn& turn, StreamDigest* digest, v8::Local<v8::Value> chunk) {
  digest->update(turn, chunk);
}
v8::Local<v8::Value> finish(js::Turn& turn, StreamDigest* digest) {
  return digest->finish(turn);
}
v8::Local<v8::Value> bytesWritten(js::Turn& turn, StreamDigest* digest) {
  return v8::BigInt::NewFromUnsigned(turn.v8, digest->bytesWritten());
}

constexpr js::Member kNatives[] = {
    js::function<&newDigest>("newDigest"),
    js::function<&update>("update"),
    js::function<&finish>("finish"),
    js::function<&bytesWritten>("bytesWritten"),
};

constinit const js::Builtin kDigestStream{
    .name = "DigestStream", .source = kDigestStreamJs, .natives = kNatives};

}  // namespace

void installDigestStream(js::GlobalBuilder& builder) {
  builder.add(StreamDigest::kClass).add(kDigestStream);
}

}  // namespace ocapd::api::crypto
