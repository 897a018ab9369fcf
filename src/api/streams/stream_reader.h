// Native readers of streams that JavaScript feeds.
//
// Threads   the lane's.
// Limits    a reader asks no further than kAheadBytes of what its own reader has not taken.
// Errors    the stream's, tunnelled; TypeError for a chunk that is neither bytes nor text.
#pragma once

#include "src/api/streams/readable_stream.h"

namespace ocapd::api {

constexpr size_t kAheadBytes = 64 * 1024;

// What the script hands the chunks of a stream to.
class ChunkSink : public js::Object {
 public:
  static constexpr const char* kClassName = "ChunkSink";
  static const js::Class kClass;

  // True to be given more; otherwise the reading has to be started again.
  virtual bool chunk(js::Turn& turn, v8::Local<v8::Value> value) = 0;
  virtual void end(js::Turn& turn) = 0;
  virtual void fail(js::Turn& turn, v8::Local<v8::Value> reason) = 0;

  const js::Class& jsClass() const override { return kClass; }
};

// See ReadableStream::take().
kj::Own<kj::AsyncInputStream> newStreamReader(js::Turn& turn, ReadableStream stream);
// See ReadableStream::readAll().
js::Promise readWholeStream(js::Turn& turn, ReadableStream stream, size_t bytesMax,
                            ReadableStream::Make make);

}  // namespace ocapd::api
