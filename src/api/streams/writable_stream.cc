#include "src/api/streams/writable_stream.h"

#include <cppgc/persistent.h>
#include <kj/async-io.h>
#include <kj/debug.h>
#include <v8-array-buffer.h>

#include "src/api/streams/streams.h"

namespace ocapd::api {

namespace {

constexpr size_t kPumpBytes = 64 * 1024;

class OutputStreamSink final : public ByteSink {
 public:
  explicit OutputStreamSink(kj::Own<kj::AsyncOutputStream> stream) : stream_(kj::mv(stream)) {}

  kj::Promise<void> write(kj::ArrayPtr<const kj::byte> bytes) override {
    return stream_->write(bytes.begin(), bytes.size());
  }
  kj::Promise<void> pumpFrom(kj::AsyncInputStream& source) override {
    return source.pumpTo(*stream_).ignoreResult();
  }
  kj::Promise<void> end() override {
    stream_ = nullptr;
    return kj::READY_NOW;
  }
  void abort(kj::Exception) override { stream_ = nullptr; }

 private:
  kj::Own<kj::AsyncOutputStream> stream_;
};

}  // namespace

kj::Promise<void> ByteSink::pumpFrom(kj::AsyncInputStream& source) {
  auto buffer = kj::heapArray<kj::byte>(kPumpBytes);
  while (true) {
    size_t count = co_await source.tryRead(buffer.begin(), 1, buffer.size());
    if (count == 0) break;
    co_await write(buffer.slice(0, count));
  }
}

kj::Own<ByteSink> newByteSink(kj::Own<kj::AsyncOutputStream> stream) {
  return kj::heap<OutputStreamSink>(kj::mv(stream));
}

void NativeSink::write(js::Turn& turn, v8::Local<v8::Value> buffer,
                       v8::Local<v8::Object> controller) {
  KJ_REQUIRE(buffer->IsArrayBuffer());
  auto& context = IoContext::current(turn);
  auto store = buffer.As<v8::ArrayBuffer>()->GetBackingStore();
  auto bytes = kj::arrayPtr(static_cast<const kj::byte*>(store->Data()), store->ByteLength());
  auto writing = sink_.get(context).write(bytes);
  cppgc::Persistent<NativeSink> self(this);
  auto stream = kj::heap<v8::Global<v8::Object>>(turn.v8, controller);
  auto& reference = *stream;
  context.continueIn(
      kj::mv(writing),
      [self, store = kj::mv(store), stream = kj::mv(stream)](js::Turn& inner) {
        callStreams(inner, "written", {stream->Get(inner.v8)});
      },
      [&reference](js::Turn& inner, kj::Exception&& exception) {
        callStreams(inner, "writeFailed",
                    {reference.Get(inner.v8), js::toJs(inner, kj::mv(exception))});
      });
}

js::Promise NativeSink::end(js::Turn& turn) {
  auto& context = IoContext::current(turn);
  cppgc::Persistent<NativeSink> self(this);
  return context.awaitIo(turn, sink_.get(context).end(), [self](js::Turn& inner) {
    self->sink_ = IoOwn<ByteSink>();
    return inner.undefined();
  });
}

void NativeSink::abort(js::Turn& turn, v8::Local<v8::Value> reason) {
  sink_.get(IoContext::current(turn)).abort(js::toKj(turn, reason));
  sink_ = IoOwn<ByteSink>();
}

v8::Local<v8::Object> newWritableStream(js::Turn& turn, kj::Own<ByteSink> sink) {
  auto* native = turn.make<NativeSink>(IoContext::current(turn).own(kj::mv(sink)));
  return callStreams(turn, "createWritable", {turn.wrap(*native)}).As<v8::Object>();
}

constinit const js::Class NativeSink::kClass{.name = kClassName, .exposed = false};

}  // namespace ocapd::api
