#include "src/api/sockets/socket_connection.h"

#include <kj/debug.h>

namespace ocapd::api {

namespace {

// Pinned by the reference.
kj::Exception closedForWriting() {
  return KJ_EXCEPTION(FAILED, "jsg.TypeError: This WritableStream has been closed.");
}
kj::Exception closedForReading() {
  return KJ_EXCEPTION(FAILED,
                      "jsg.TypeError: This ReadableStream belongs to an object that is closing.");
}

}  // namespace

class SocketConnection::Input final : public kj::AsyncInputStream {
 public:
  explicit Input(kj::Own<SocketConnection> owner) : owner_(kj::mv(owner)) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    return owner_
        ->use([buffer, minBytes, maxBytes](kj::AsyncIoStream& stream) {
          return stream.tryRead(buffer, minBytes, maxBytes);
        })
        .then([this, minBytes](size_t bytes) {
          if (bytes < minBytes) owner_->inputEnded();
          return bytes;
        });
  }
  kj::Promise<uint64_t> pumpTo(kj::AsyncOutputStream& output, uint64_t amount) override {
    return owner_
        ->use(
            [&output, amount](kj::AsyncIoStream& stream) { return stream.pumpTo(output, amount); })
        .then([this, amount](uint64_t bytes) {
          if (bytes < amount) owner_->inputEnded();
          return bytes;
        });
  }

 private:
  kj::Own<SocketConnection> owner_;
};

class SocketConnection::Output final : public ByteSink {
 public:
  explicit Output(kj::Own<SocketConnection> owner) : owner_(kj::mv(owner)) {}

  kj::Promise<void> write(kj::ArrayPtr<const kj::byte> bytes) override {
    if (owner_->gone_ != nullptr || owner_->outputEnded_) return closedForWriting();
    owner_->writing_ = true;
    return owner_
        ->use([bytes](kj::AsyncIoStream& stream) {
          return stream.write(bytes.begin(), bytes.size());
        })
        .attach(kj::defer([owner = kj::addRef(*owner_)]() mutable { owner->writeEnded(); }));
  }
  kj::Promise<void> end() override {
    if (owner_->gone_ != nullptr) return kj::READY_NOW;
    return owner_
        ->use([](kj::AsyncIoStream& stream) -> kj::Promise<void> {
          stream.shutdownWrite();
          return kj::READY_NOW;
        })
        .then([this]() { owner_->outputEnded(); });
  }
  void abort(kj::Exception) override { owner_->drop(); }

 private:
  kj::Own<SocketConnection> owner_;
};

SocketConnection::SocketConnection(kj::Promise<Stream> stream, TlsStarter tlsStarter,
                                   HalfOpen halfOpen)
    : tlsStarter_(kj::mv(tlsStarter)),
      halfOpen_(halfOpen),
      closedPair_(kj::newPromiseAndFulfiller<void>()),
      closed_(closedPair_.promise.fork()),
      ready_(stream
                 .then(
                     [this](Stream made) {
                       if (gone_ == nullptr) stream_ = kj::mv(made);
                     },
                     [this](kj::Exception&& exception) {
                       failed(exception);
                       kj::throwFatalException(kj::mv(exception));
                     })
                 .fork()) {}

kj::Promise<void> SocketConnection::ready() {
  return ready_.addBranch();
}

kj::Promise<void> SocketConnection::whenClosed() {
  return closed_.addBranch();
}

kj::Own<kj::AsyncInputStream> SocketConnection::newInput() {
  return kj::heap<Input>(kj::addRef(*this));
}

kj::Own<ByteSink> SocketConnection::newOutput() {
  return kj::heap<Output>(kj::addRef(*this));
}

template <typename Use>
auto SocketConnection::use(Use action) -> decltype(action(kj::instance<kj::AsyncIoStream&>())) {
  using Result = decltype(action(kj::instance<kj::AsyncIoStream&>()));
  auto begin = [this, action = kj::mv(action)]() mutable -> Result {
    KJ_IF_MAYBE(reason, gone_) {
      return kj::cp(*reason);
    }
    return action(*stream_);
  };
  Result begun =
      stream_.get() != nullptr || gone_ != nullptr ? begin() : ready().then(kj::mv(begin));
  return canceler_.wrap(begun.catch_([this](kj::Exception&& exception) -> Result {
    failed(exception);
    return kj::mv(exception);
  }));
}

void SocketConnection::writeEnded() {
  writing_ = false;
  KJ_IF_MAYBE(waiter, writesDone_) {
    (*waiter)->fulfill();
  }
  writesDone_ = nullptr;
}

// A stream's next write begins in the turn that the end of the one before causes: there is none
// when nothing else is left to do.
kj::Promise<void> SocketConnection::writesDone() {
  co_await kj::evalLast([] {});
  while (writing_) {
    auto pair = kj::newPromiseAndFulfiller<void>();
    writesDone_ = kj::mv(pair.fulfiller);
    co_await pair.promise;
    co_await kj::evalLast([] {});
  }
}

void SocketConnection::inputEnded() {
  inputEnded_ = true;
  if (outputEnded_ || halfOpen_ == HalfOpen::Refused) drop();
}

void SocketConnection::outputEnded() {
  outputEnded_ = true;
  if (inputEnded_) drop();
}

void SocketConnection::failed(const kj::Exception& exception) {
  if (gone_ != nullptr) return;
  gone_ = kj::cp(exception);
  closedPair_.fulfiller->reject(kj::cp(exception));
}

// Nothing is under way, or it does not count.
void SocketConnection::drop() {
  if (gone_ == nullptr) {
    gone_ = closedForReading();
    closedPair_.fulfiller->fulfill();
  }
  canceler_.cancel(closedForReading());
  stream_ = nullptr;
}

kj::Promise<void> SocketConnection::finish(kj::Own<SocketConnection> self) {
  co_await self->ready();
  co_await self->writesDone();
  if (self->stream_.get() != nullptr && !self->outputEnded_) self->stream_->shutdownWrite();
  self->drop();
  co_await self->whenClosed();
}

kj::Promise<SocketConnection::Stream> SocketConnection::startTls(kj::Own<SocketConnection> self,
                                                                 kj::String serverName) {
  co_await self->ready();
  co_await self->writesDone();
  KJ_IF_MAYBE(reason, self->gone_) {
    kj::throwFatalException(kj::cp(*reason));
  }
  self->canceler_.cancel(closedForReading());
  auto stream = kj::mv(self->stream_);
  self->drop();
  auto starter = kj::mv(self->tlsStarter_);
  KJ_IF_MAYBE(start, *starter) {
    co_await (*start)(serverName);
    co_return stream.attach(kj::mv(starter));
  }
  kj::throwFatalException(
      KJ_EXCEPTION(FAILED,
                   "jsg.Error: This connection cannot be secured: whoever made it knows no "
                   "TLS."));
}

}  // namespace ocapd::api
