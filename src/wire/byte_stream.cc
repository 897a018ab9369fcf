#include "src/wire/byte_stream.h"

#include <kj/debug.h>

namespace ocapd::wire {

namespace {

// What the reference writes at most at a time.
constexpr size_t kPieceBytesMax = 65536;

class RemoteSink final : public channel::ByteSink {
 public:
  explicit RemoteSink(schema::ByteStream::Client stream) : stream_(kj::mv(stream)) {}

  kj::Promise<void> write(const void* buffer, size_t size) override {
    auto rest = kj::arrayPtr(static_cast<const kj::byte*>(buffer), size);
    while (rest.size() > 0) {
      auto piece = rest.slice(0, kj::min(rest.size(), kPieceBytesMax));
      rest = rest.slice(piece.size(), rest.size());
      auto request = stream_.writeRequest(capnp::MessageSize{piece.size() / 8 + 16, 0});
      request.setBytes(piece);
      co_await request.send();
    }
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    for (auto piece : pieces) co_await write(piece.begin(), piece.size());
  }
  kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }
  kj::Promise<void> end() override { return stream_.endRequest().send().ignoreResult(); }

 private:
  schema::ByteStream::Client stream_;
};

// A sink that several may write to, one after the other.
struct SharedSink final : public kj::Refcounted {
  explicit SharedSink(kj::Own<channel::ByteSink> sink) : sink(kj::mv(sink)) {}
  kj::Own<channel::ByteSink> sink;
};

kj::Exception alreadyEnded() {
  return KJ_EXCEPTION(FAILED, "already called end()");
}

// A part of a stream, lent out up to a limit; from there on another one continues.
class Substream final : public schema::ByteStream::Server {
 public:
  Substream(kj::Own<SharedSink> shared, schema::ByteStream::SubstreamCallback::Client callback,
            uint64_t limit)
      : shared_(kj::mv(shared)), callback_(kj::mv(callback)), left_(limit) {}

  kj::Promise<void> write(WriteContext context) override {
    if (isEnded_) return alreadyEnded();
    auto bytes = context.getParams().getBytes();
    KJ_IF_MAYBE(next, next_) {
      return forward(*next, bytes);
    }
    auto mine = bytes.slice(0, kj::min(left_, bytes.size()));
    auto rest = bytes.slice(mine.size(), bytes.size());
    left_ -= mine.size();
    written_ += mine.size();
    auto written = shared_->sink->write(mine.begin(), mine.size());
    if (left_ > 0) return written;
    return written.then([this, rest]() -> kj::Promise<void> {
      auto next = callback_.reachedLimitRequest().send().getNext();
      next_ = next;
      return rest.size() == 0 ? kj::Promise<void>(kj::READY_NOW) : forward(next, rest);
    });
  }

  kj::Promise<void> end(EndContext) override {
    if (isEnded_) return alreadyEnded();
    isEnded_ = true;
    KJ_IF_MAYBE(next, next_) {
      return next->endRequest().send().ignoreResult();
    }
    auto request = callback_.endedRequest();
    request.setByteCount(written_);
    auto told = request.send().ignoreResult();
    callback_ = nullptr;  // the reference waits for this before it ends the original
    return told;
  }

 private:
  static kj::Promise<void> forward(schema::ByteStream::Client& next, capnp::Data::Reader bytes) {
    auto request = next.writeRequest(capnp::MessageSize{bytes.size() / 8 + 16, 0});
    request.setBytes(bytes);
    return request.send();
  }

  kj::Own<SharedSink> shared_;
  schema::ByteStream::SubstreamCallback::Client callback_;
  uint64_t left_;
  uint64_t written_ = 0;
  bool isEnded_ = false;
  kj::Maybe<schema::ByteStream::Client> next_;
};

class HostedSink final : public schema::ByteStream::Server {
 public:
  explicit HostedSink(kj::Own<channel::ByteSink> sink)
      : shared_(kj::refcounted<SharedSink>(kj::mv(sink))) {}

  kj::Promise<void> write(WriteContext context) override {
    if (isEnded_) return alreadyEnded();
    auto bytes = context.getParams().getBytes();
    return shared_->sink->write(bytes.begin(), bytes.size());
  }

  kj::Promise<void> end(EndContext) override {
    if (isEnded_) return alreadyEnded();
    isEnded_ = true;
    return shared_->sink->end();
  }

  kj::Promise<void> getSubstream(GetSubstreamContext context) override {
    if (isEnded_) return alreadyEnded();
    auto params = context.getParams();
    context.getResults().setSubstream(
        kj::heap<Substream>(kj::addRef(*shared_), params.getCallback(), params.getLimit()));
    return kj::READY_NOW;
  }

  kj::Promise<void> startTls(StartTlsContext) override {
    return KJ_EXCEPTION(FAILED, "this stream's transport did not provide a way to start TLS");
  }

 private:
  kj::Own<SharedSink> shared_;
  bool isEnded_ = false;
};

// Both ends of a pipe know whether it was ended.
struct PipeState final : public kj::Refcounted {
  bool isEnded = false;
};

class CheckedStream final : public kj::AsyncInputStream {
 public:
  CheckedStream(kj::Own<kj::AsyncInputStream> inner, kj::Own<PipeState> state,
                kj::Exception unfinished)
      : inner_(kj::mv(inner)), state_(kj::mv(state)), unfinished_(kj::mv(unfinished)) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    return inner_->tryRead(buffer, minBytes, maxBytes).then([this, minBytes](size_t count) {
      if (count < minBytes && !state_->isEnded) kj::throwFatalException(kj::cp(unfinished_));
      return count;
    });
  }
  kj::Maybe<uint64_t> tryGetLength() override { return inner_->tryGetLength(); }

 private:
  kj::Own<kj::AsyncInputStream> inner_;
  kj::Own<PipeState> state_;
  kj::Exception unfinished_;
};

class PipeSink final : public channel::ByteSink {
 public:
  PipeSink(kj::Own<kj::AsyncOutputStream> inner, kj::Own<PipeState> state)
      : inner_(kj::mv(inner)), state_(kj::mv(state)) {}

  kj::Promise<void> write(const void* buffer, size_t size) override {
    return inner_->write(buffer, size);
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    return inner_->write(pieces);
  }
  kj::Promise<void> whenWriteDisconnected() override { return inner_->whenWriteDisconnected(); }
  kj::Promise<void> end() override {
    state_->isEnded = true;
    inner_ = nullptr;
    return kj::READY_NOW;
  }

 private:
  kj::Own<kj::AsyncOutputStream> inner_;
  kj::Own<PipeState> state_;
};

}  // namespace

kj::Own<channel::ByteSink> newRemoteSink(schema::ByteStream::Client stream) {
  return kj::heap<RemoteSink>(kj::mv(stream));
}

schema::ByteStream::Client hostSink(kj::Own<channel::ByteSink> sink) {
  return kj::heap<HostedSink>(kj::mv(sink));
}

BytePipe newBytePipe(kj::Maybe<kj::Exception> unfinished) {
  auto pipe = kj::newOneWayPipe();
  auto state = kj::refcounted<PipeState>();
  auto stream = kj::mv(pipe.in);
  KJ_IF_MAYBE(exception, unfinished) {
    stream = kj::heap<CheckedStream>(kj::mv(stream), kj::addRef(*state), kj::mv(*exception));
  }
  return {kj::mv(stream), kj::heap<PipeSink>(kj::mv(pipe.out), kj::mv(state))};
}

BytePipe newBytePipeOf(uint64_t length) {
  auto pipe = kj::newOneWayPipe(length);
  return {kj::mv(pipe.in), kj::heap<PipeSink>(kj::mv(pipe.out), kj::refcounted<PipeState>())};
}

kj::Promise<void> pumpAll(kj::Own<kj::AsyncInputStream> stream, kj::Own<channel::ByteSink> sink) {
  co_await stream->pumpTo(*sink);
  co_await sink->end();
}

}  // namespace ocapd::wire
