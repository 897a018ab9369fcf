// ReadableStream as native code meets it: an object of the built-in script, whatever feeds it.
//
// Lives     on the stack.
// Spec      https://streams.spec.whatwg.org/#rs-class
#pragma once

#include "src/api/streams/native_source.h"

namespace ocapd::api {

struct ReadableStream {
  v8::Local<v8::Object> object;

  // One over native bytes.
  static ReadableStream create(js::Turn& turn, NativeSource& source);
  // None for any other value.
  static kj::Maybe<ReadableStream> from(js::Turn& turn, v8::Local<v8::Value> value);

  bool locked(js::Turn& turn) const;
  bool disturbed(js::Turn& turn) const;
  // How many bytes will come, where that is known.
  kj::Maybe<uint64_t> length(js::Turn& turn) const;

  // The native source, if there is one and nobody has read of it: the stream is locked and
  // disturbed for good. Otherwise, also when it is locked, null.
  NativeSource* takeSource(js::Turn& turn) const;
  // What is left, for a native reader; locked and disturbed for good. Throws TypeError when it is
  // locked already. A stream of JavaScript's is read in turns of this event, ahead of its reader by
  // no more than a buffer; dropping what is returned before its end cancels it.
  kj::Own<kj::AsyncInputStream> take(js::Turn& turn) const;
  // Reads all of it: a promise for what `make(turn, bytes)` gives. Rejects with the stream's error,
  // TypeError for chunks that are no bytes, RangeError beyond `bytesMax`.
  using Make = kj::Function<v8::Local<v8::Value>(js::Turn&, kj::ArrayPtr<const kj::byte>)>;
  js::Promise readAll(js::Turn& turn, size_t bytesMax, Make make) const;

  // Two streams with the same chunks.
  std::pair<ReadableStream, ReadableStream> tee(js::Turn& turn) const;
  // A stream of the same chunks; this one is locked and disturbed for good.
  ReadableStream proxy(js::Turn& turn) const;
};

}  // namespace ocapd::api

namespace ocapd::js {

template <>
struct Convert<api::ReadableStream> {
  static constexpr const char* kName = "ReadableStream";
  static api::ReadableStream from(Turn& turn, v8::Local<v8::Value> value) {
    KJ_IF_MAYBE(stream, api::ReadableStream::from(turn, value)) {
      return *stream;
    }
    throw TypeMismatch{kName};
  }
  static v8::Local<v8::Value> to(Turn&, api::ReadableStream stream) { return stream.object; }
};

}  // namespace ocapd::js
