// ReadableStream: a stream of bytes from a native source, as JavaScript sees it.
//
// This is the first cut (issue #2): sources are native, chunks are Uint8Array. Streams made by
// JavaScript, BYOB readers, pipeTo and pipeThrough come with issue #4.
//
// Owns      its source, until a reader has read it out or detach() took it.
// Lives     on the collected heap; the source belongs to the event.
// Threads   the lane's.
// Limits    kChunkBytesMax a chunk.
// Spec      https://streams.spec.whatwg.org/#rs-class
#pragma once

#include <deque>
#include <vector>

#include "src/api/io/io_context.h"
#include "src/api/streams/byte_source.h"
#include "src/js/class.h"

namespace ocapd::api {

class ReadableStreamDefaultReader;
class ReadableStreamAsyncIterator;

class ReadableStream final : public js::Object {
 public:
  static constexpr const char* kClassName = "ReadableStream";
  static const js::Class kClass;
  static constexpr size_t kChunkBytesMax = 128 * 1024;

  using NativeSource = IoOwn<kj::AsyncInputStream>;

  ReadableStream(NativeSource source, kj::Maybe<uint64_t> length)
      : source_(kj::mv(source)), length_(length) {}
  explicit ReadableStream(kj::Own<SharedBytes> bytes)
      : source_(kj::mv(bytes)), length_(source_.get<kj::Own<SharedBytes>>()->bytes.size()) {}

  // ---- JavaScript ----
  struct ReaderOptions {
    static constexpr const char* kDictionaryName = "ReadableStreamGetReaderOptions";
    kj::Maybe<kj::String> mode;
  };
  struct IteratorOptions {
    static constexpr const char* kDictionaryName = "ReadableStreamIteratorOptions";
    bool preventCancel = false;
  };
  bool locked() const { return locked_; }
  js::Promise cancel(js::Turn& turn, v8::Local<v8::Value> reason);
  ReadableStreamDefaultReader* getReader(js::Turn& turn, kj::Maybe<ReaderOptions> options);
  ReadableStreamAsyncIterator* values(js::Turn& turn, kj::Maybe<IteratorOptions> options);
  v8::Local<v8::Value> tee(js::Turn& turn);

  // ---- native ----
  bool disturbed() const { return disturbed_; }
  kj::Maybe<uint64_t> length() const { return length_; }

  // The rest of the stream, for a native reader. The stream is locked and disturbed for good.
  // Throws TypeError when it is locked already.
  kj::Own<kj::AsyncInputStream> detach(js::Turn& turn);
  // Two streams with the same bytes; this one is locked and disturbed for good.
  std::pair<ReadableStream*, ReadableStream*> split(js::Turn& turn);

  // Whoever provides the source has been told to stop: reads fail with `reason`, those of native
  // readers too once they ask abortReason().
  void abort(js::Turn& turn, v8::Local<v8::Value> reason);
  kj::Maybe<v8::Local<v8::Value>> abortReason(js::Turn& turn);

  // A read on behalf of a reader: {value, done}.
  js::Promise read(js::Turn& turn);
  // The algorithm behind cancel(), for a reader that holds the lock.
  js::Promise cancelInternal(js::Turn& turn, v8::Local<v8::Value> reason);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  friend class ReadableStreamDefaultReader;
  enum class State : uint8_t { Readable, Closed, Errored };

  std::vector<v8::Local<v8::Promise::Resolver>> takePendingReads(js::Turn& turn);
  void startRead(js::Turn& turn);
  void delivered(js::Turn& turn, std::shared_ptr<v8::BackingStore> chunk, size_t count);
  void failed(js::Turn& turn, v8::Local<v8::Value> reason);
  void close(js::Turn& turn);

  kj::OneOf<NativeSource, kj::Own<SharedBytes>> source_;
  kj::Maybe<uint64_t> length_;
  State state_ = State::Readable;
  bool locked_ = false;
  bool disturbed_ = false;
  bool reading_ = false;
  bool aborted_ = false;
  std::deque<v8::TracedReference<v8::Promise::Resolver>> pendingReads_;
  v8::TracedReference<v8::Value> error_;
  cppgc::Member<ReadableStreamDefaultReader> reader_;
};

// Spec      https://streams.spec.whatwg.org/#default-reader-class
class ReadableStreamDefaultReader final : public js::Object {
 public:
  static constexpr const char* kClassName = "ReadableStreamDefaultReader";
  static const js::Class kClass;

  explicit ReadableStreamDefaultReader(ReadableStream& stream) : stream_(&stream) {}

  static ReadableStreamDefaultReader* create(js::Turn& turn, ReadableStream* stream);
  js::Promise read(js::Turn& turn);
  js::Promise cancel(js::Turn& turn, v8::Local<v8::Value> reason);
  void releaseLock(js::Turn& turn);
  js::Promise closed(js::Turn& turn);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  friend class ReadableStream;
  v8::Local<v8::Promise::Resolver> closedResolver(js::Turn& turn);

  cppgc::Member<ReadableStream> stream_;  // null once released
  v8::TracedReference<v8::Promise::Resolver> closed_;
};

// What `for await (const chunk of stream)` walks with.
class ReadableStreamAsyncIterator final : public js::Object {
 public:
  static constexpr const char* kClassName = "ReadableStream AsyncIterator";
  static const js::Class kClass;

  ReadableStreamAsyncIterator(ReadableStreamDefaultReader& reader, bool preventCancel)
      : reader_(&reader), preventCancel_(preventCancel) {}

  js::Promise next(js::Turn& turn);
  js::Promise returnValue(js::Turn& turn, v8::Local<v8::Value> value);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  cppgc::Member<ReadableStreamDefaultReader> reader_;  // null once done
  bool preventCancel_;
};

}  // namespace ocapd::api
