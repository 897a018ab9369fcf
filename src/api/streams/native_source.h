// NativeSource: bytes that come from C++, before and while JavaScript reads them.
//
// A body that nobody looks at is one of these and nothing else: the ReadableStream object over it
// is made when JavaScript asks for it.
//
// Owns      shared bytes, or a hold on the event's stream, until take() or cancel().
// Lives     on the collected heap; the stream belongs to the event.
// Threads   the lane's.
// Limits    kChunkBytesMax a chunk.
#pragma once

#include "src/api/io/io_context.h"
#include "src/api/streams/byte_source.h"
#include "src/api/streams/content_coding.h"
#include "src/js/class.h"

namespace ocapd::api {

class NativeSink;

class NativeSource final : public js::Object {
 public:
  static constexpr const char* kClassName = "NativeSource";
  static const js::Class kClass;
  static constexpr size_t kChunkBytesMax = 128 * 1024;

  using Stream = IoOwn<kj::AsyncInputStream>;

  // Whoever reads gets what is decoded by `coding`; `length` is that of the coded bytes.
  NativeSource(Stream stream, kj::Maybe<uint64_t> length,
               ContentCoding coding = ContentCoding::Identity)
      : source_(kj::mv(stream)), length_(length), coding_(coding) {}
  explicit NativeSource(kj::Own<SharedBytes> bytes)
      : source_(kj::mv(bytes)), length_(source_.get<kj::Own<SharedBytes>>()->bytes.size()) {}

  // How many bytes a reader gets, where that is known.
  kj::Maybe<uint64_t> length() const {
    if (coding_ != ContentCoding::Identity) return nullptr;
    return length_;
  }
  // Its bytes, when they are in memory.
  kj::Maybe<kj::Own<SharedBytes>> sharedBytes();
  // All that is left, for a native reader. Throws the reason once it has been aborted.
  kj::Own<kj::AsyncInputStream> take(js::Turn& turn);
  // The same as it came, for who can pass it on so.
  struct Coded {
    kj::Own<kj::AsyncInputStream> stream;
    kj::Maybe<uint64_t> length;
    ContentCoding coding;
  };
  Coded takeCoded(js::Turn& turn);
  // Two with the same bytes; this one is empty afterwards.
  std::pair<NativeSource*, NativeSource*> tee(js::Turn& turn);

  // Whoever provides the bytes has been told to stop: reads fail with `reason`, those of native
  // readers too once they ask abortReason().
  void abort(js::Turn& turn, v8::Local<v8::Value> reason);
  kj::Maybe<v8::Local<v8::Value>> abortReason(js::Turn& turn);

  // ---- for the script: `controller` is told of the outcome ----
  void attach(js::Turn& turn, v8::Local<v8::Object> controller);
  void read(js::Turn& turn);
  // Into `buffer` from `offset` on, from `bytesMin` to `bytesMax`.
  void readInto(js::Turn& turn, v8::Local<v8::Value> buffer, size_t offset, size_t bytesMax,
                size_t bytesMin);
  void cancel();
  // All that is left to a native sink, without JavaScript; cancel() ends it.
  js::Promise pump(js::Turn& turn, NativeSink& sink);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  // A stream that is being read; dropping it ends the read under way.
  struct Reading {
    explicit Reading(kj::Own<kj::AsyncInputStream> stream) : stream(kj::mv(stream)) {}
    kj::Own<kj::AsyncInputStream> stream;
    kj::Canceler canceler;
  };

  Reading& startReading(IoContext& context);
  void readShared(js::Turn& turn, SharedBytes& bytes);
  void delivered(js::Turn& turn, std::shared_ptr<v8::BackingStore> chunk, size_t bytes,
                 bool isLast);
  void filled(js::Turn& turn, size_t bytes, bool isLast);
  void failed(js::Turn& turn, v8::Local<v8::Value> reason);

  kj::OneOf<Stream, IoOwn<Reading>, kj::Own<SharedBytes>> source_;
  kj::Maybe<uint64_t> length_;
  ContentCoding coding_ = ContentCoding::Identity;  // of a Stream, which nobody has read of
  size_t sharedRead_ = 0;                           // of shared bytes
  bool aborted_ = false;
  v8::TracedReference<v8::Value> abortReason_;
  v8::TracedReference<v8::Object> controller_;  // of the stream over it
};

}  // namespace ocapd::api
