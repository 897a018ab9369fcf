#include "src/api/streams/stream_reader.h"

#include <cppgc/persistent.h>
#include <kj/debug.h>

#include "src/api/streams/streams.h"

namespace ocapd::api {

namespace {

using Bytes = kj::Vector<kj::byte>;

v8::Local<v8::Object> acquire(js::Turn& turn, ReadableStream stream) {
  return callStreams(turn, "acquireReader", {stream.object}).As<v8::Object>();
}

v8::Local<v8::Value> newNotBytesError(js::Turn& turn) {
  return js::Error::type("This ReadableStream did not return bytes.").toValue(turn);  // pinned
}

// Pinned by public suites.
constexpr kj::StringPtr kHung =
    "jsg.Error: The Workers runtime canceled this request because it detected that your Worker's "
    "code had hung and would never generate a response. Refer to: "
    "https://developers.cloudflare.com/workers/observability/errors/"_kj;

// False when the value is no bytes.
bool append(js::Turn& turn, Bytes& bytes, v8::Local<v8::Value> value) {
  if (!value->IsArrayBuffer() && !value->IsArrayBufferView()) return false;
  auto source = js::Convert<js::BufferSource>::from(turn, value);
  bytes.addAll(source.bytes);
  return true;
}

// ---- as a native stream ----

// What a StreamReader has read ahead.
class AheadSink final : public ChunkSink {
 public:
  bool chunk(js::Turn& turn, v8::Local<v8::Value> value) override {
    reading = false;
    if (value->IsString()) {
      auto text = turn.utf8(value.As<v8::String>());
      bytes.addAll(text.asBytes());
    } else if (!append(turn, bytes, value)) {
      auto error = newNotBytesError(turn);
      fail(turn, error);
      callStreams(turn, "cancelReader", {reader.Get(turn.v8), error});
      return false;
    }
    if (bytes.size() > 0) wake();
    reading = bytes.size() < kAheadBytes;
    return reading;
  }
  void end(js::Turn&) override {
    reading = false;
    ended = true;
    wake();
  }
  void fail(js::Turn& turn, v8::Local<v8::Value> reason) override {
    reading = false;
    ended = true;
    failure = js::toKj(turn, reason);
    wake();
  }

  void Trace(cppgc::Visitor* visitor) const override {
    ChunkSink::Trace(visitor);
    visitor->Trace(reader);
  }

  Bytes bytes;
  bool reading = false;  // a read is under way
  bool ended = false;
  kj::Maybe<kj::Exception> failure;
  v8::TracedReference<v8::Object> reader;
  kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> waiting;

 private:
  void wake() {
    KJ_IF_MAYBE(fulfiller, waiting) {
      (*fulfiller)->fulfill();
    }
    waiting = nullptr;
  }
};

class StreamReader final : public kj::AsyncInputStream {
 public:
  StreamReader(js::Turn& turn, v8::Local<v8::Object> reader, kj::Maybe<uint64_t> length)
      : event_(IoContext::current(turn).own(kj::heap<Anchor>())),
        sink_(turn.make<AheadSink>()),
        length_(length) {
    sink_->reader.Reset(turn.v8, reader);
  }

  // Whoever has asked for the stream does not want its rest: JavaScript is told in a turn of its
  // own, even when the event has nothing else to do.
  ~StreamReader() noexcept(false) {
    auto* event = event_.owner();
    if (sink_->ended || event == nullptr) return;
    event->addFinalTask(kj::evalLater([event, sink = kj::mv(sink_)]() {
      event->runTurn([&](js::Turn& turn) {
        if (sink->ended) return;
        callStreams(turn, "cancelReader", {sink->reader.Get(turn.v8), turn.undefined()});
      });
    }));
  }

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    auto* target = static_cast<kj::byte*>(buffer);
    size_t filled = 0;
    while (filled < minBytes) {
      if (offset_ == current_.size()) {
        co_await refill();
        if (current_.size() == 0) break;
      }
      size_t count = kj::min(maxBytes - filled, current_.size() - offset_);
      memcpy(target + filled, current_.begin() + offset_, count);
      filled += count;
      offset_ += count;
      count_ += count;
    }
    co_return filled;
  }

  kj::Maybe<uint64_t> tryGetLength() override {
    return length_.map([this](uint64_t length) { return length - kj::min(length, count_); });
  }

  kj::Promise<uint64_t> pumpTo(kj::AsyncOutputStream& output, uint64_t amount) override {
    uint64_t pumped = 0;
    while (pumped < amount) {
      if (offset_ == current_.size()) {
        co_await refill();
        if (current_.size() == 0) break;
      }
      size_t count = size_t(kj::min(amount - pumped, uint64_t(current_.size() - offset_)));
      auto* start = current_.begin() + offset_;
      offset_ += count;
      count_ += count;
      pumped += count;
      co_await output.write(start, count);
    }
    co_return pumped;
  }

 private:
  struct Anchor {};

  // Replaces what has been used up by what comes next; nothing at the end.
  kj::Promise<void> refill() {
    offset_ = 0;
    current_.clear();
    while (sink_->bytes.size() == 0 && !sink_->ended) {
      // Reading runs JavaScript: not within somebody's turn.
      if (isolateIsRunning()) co_await kj::evalLater([]() {});
      auto arrived = kj::newPromiseAndFulfiller<void>();
      sink_->waiting = kj::mv(arrived.fulfiller);
      if (!sink_->reading) readOn();
      co_await arrived.promise.exclusiveJoin(hung(event()));
    }
    std::swap(current_, sink_->bytes);
    if (current_.size() > 0) co_return;
    KJ_IF_MAYBE(exception, sink_->failure) {
      kj::throwFatalException(kj::cp(*exception));
    }
  }

  // When nothing is under way that could feed the stream.
  static kj::Promise<void> hung(IoContext& event) {
    return event.idle().then([]() -> kj::Promise<void> {
      return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::str(kHung));
    });
  }

  bool isolateIsRunning() { return event().isolate().running(); }

  IoContext& event() {
    auto* event = event_.owner();
    if (event == nullptr) {
      kj::throwFatalException(
          KJ_EXCEPTION(DISCONNECTED, "the event that feeds this stream has ended"));
    }
    return *event;
  }

  void readOn() {
    event().runTurn([&](js::Turn& turn) {
      sink_->reading = true;
      callStreams(turn, "readSome", {sink_->reader.Get(turn.v8), turn.wrap(*sink_)});
    });
  }

  IoOwn<Anchor> event_;
  cppgc::Persistent<AheadSink> sink_;
  kj::Maybe<uint64_t> length_;
  uint64_t count_ = 0;  // of bytes handed out
  Bytes current_;
  size_t offset_ = 0;  // what of `current_` is used
};

// ---- as a whole ----

class WholeSink final : public ChunkSink {
 public:
  WholeSink(js::Turn& turn, v8::Local<v8::Promise::Resolver> resolver, v8::Local<v8::Object> reader,
            size_t bytesMax, ReadableStream::Make make)
      : bytesMax_(bytesMax),
        make_(kj::mv(make)),
        resolver_(turn.v8, resolver),
        reader_(turn.v8, reader) {}

  bool chunk(js::Turn& turn, v8::Local<v8::Value> value) override {
    v8::Local<v8::Value> error;
    if (!append(turn, bytes_, value)) {
      error = newNotBytesError(turn);
    } else if (bytes_.size() > bytesMax_) {
      error = js::Error::range("The body is too large to be read at once.").toValue(turn);
    } else {
      return true;
    }
    fail(turn, error);
    callStreams(turn, "cancelReader", {reader_.Get(turn.v8), error});
    return false;
  }
  void end(js::Turn& turn) override {
    v8::Local<v8::Value> made;
    auto failure = turn.catching([&] { made = make_(turn, bytes_); });
    bytes_ = Bytes();
    KJ_IF_MAYBE(reason, failure) {
      return fail(turn, *reason);
    }
    turn.check(resolver_.Get(turn.v8)->Resolve(turn.context, made));
  }
  void fail(js::Turn& turn, v8::Local<v8::Value> reason) override {
    bytes_ = Bytes();
    turn.check(resolver_.Get(turn.v8)->Reject(turn.context, reason));
  }

  void Trace(cppgc::Visitor* visitor) const override {
    ChunkSink::Trace(visitor);
    visitor->Trace(resolver_);
    visitor->Trace(reader_);
  }

 private:
  Bytes bytes_;
  size_t bytesMax_;
  ReadableStream::Make make_;
  v8::TracedReference<v8::Promise::Resolver> resolver_;
  v8::TracedReference<v8::Object> reader_;
};

}  // namespace

kj::Own<kj::AsyncInputStream> newStreamReader(js::Turn& turn, ReadableStream stream) {
  auto length = stream.length(turn);
  return kj::heap<StreamReader>(turn, acquire(turn, stream), length);
}

js::Promise readWholeStream(js::Turn& turn, ReadableStream stream, size_t bytesMax,
                            ReadableStream::Make make) {
  auto reader = acquire(turn, stream);
  auto resolver = turn.check(v8::Promise::Resolver::New(turn.context));
  auto* sink = turn.make<WholeSink>(turn, resolver, reader, bytesMax, kj::mv(make));
  callStreams(turn, "readSome", {reader, turn.wrap(*sink)});
  return resolver->GetPromise();
}

constinit const js::Class ChunkSink::kClass{.name = kClassName, .exposed = false};

}  // namespace ocapd::api
