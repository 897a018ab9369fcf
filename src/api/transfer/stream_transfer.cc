// Streams as values: the receiver gets one of the same bytes, fed by the sender's.

#include <cppgc/persistent.h>
#include <v8-typed-array.h>

#include "src/api/streams/native_source.h"
#include "src/api/streams/readable_stream.h"
#include "src/api/streams/streams.h"
#include "src/api/streams/writable_stream.h"
#include "src/api/transfer/transfers.h"

namespace ocapd::api {

namespace {

// Reads that begin outside of the reader's turn, which may be one of the isolate that feeds them.
class LaterStream final : public kj::AsyncInputStream {
 public:
  LaterStream(kj::Own<kj::AsyncInputStream> inner, kj::Own<void> hold)
      : hold_(kj::mv(hold)), inner_(kj::mv(inner)) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    return kj::evalLater(
        [this, buffer, minBytes, maxBytes] { return inner_->tryRead(buffer, minBytes, maxBytes); });
  }
  kj::Maybe<uint64_t> tryGetLength() override { return inner_->tryGetLength(); }
  kj::Promise<uint64_t> pumpTo(kj::AsyncOutputStream& output, uint64_t amount) override {
    return kj::evalLater([this, &output, amount] { return inner_->pumpTo(output, amount); });
  }

 private:
  kj::Own<void> hold_;  // keeps the sender's session open
  kj::Own<kj::AsyncInputStream> inner_;
};

bool isReadable(js::Turn& turn, v8::Local<v8::Object> object) {
  return ReadableStream::from(turn, object) != nullptr;
}

void writeReadable(rpc::HostWriter& writer, v8::Local<v8::Object> object) {
  auto& turn = writer.turn();
  auto stream = KJ_ASSERT_NONNULL(ReadableStream::from(turn, object));
  // Texts pinned by the reference.
  if (stream.locked(turn)) {
    throw js::Error::type("The ReadableStream has been locked to a reader.");
  }
  if (stream.disturbed(turn)) throw js::Error::type("This ReadableStream is disturbed.");
  auto length = stream.length(turn);
  auto bytes = kj::heap<LaterStream>(stream.take(turn), writer.context().holdSession());
  writer.addExternal(channel::ReadableExternal{kj::mv(bytes), length});
}

v8::Local<v8::Object> readReadable(rpc::HostReader& reader) {
  auto external = reader.takeExternal();
  KJ_REQUIRE(external.is<channel::ReadableExternal>(),
             "external table slot type doesn't match serialization tag");
  auto& readable = external.get<channel::ReadableExternal>();
  auto& turn = reader.turn();
  auto* source =
      turn.make<NativeSource>(reader.context().own(kj::mv(readable.stream)), readable.length);
  return ReadableStream::create(turn, *source).object;
}

// Writes into a WritableStream of JavaScript's, in turns of its event.
class RemoteSink final : public channel::ByteSink {
 public:
  RemoteSink(js::Turn& turn, IoContext& context, v8::Local<v8::Object> writer, kj::Own<void> hold)
      : hold_(kj::mv(hold)), writer_(context.own(kj::heap<Writer>(turn, writer))) {}

  ~RemoteSink() noexcept(false) {
    auto* context = writer_.owner();
    if (ended_ || context == nullptr) return;
    // Dropped without end.
    context->enter([writer = kj::mv(writer_), context](js::Turn& turn) mutable {
      auto error = v8::Exception::Error(turn.string(
          "WritableStream received over RPC was disconnected because the remote execution context "
          "has ended."_kj));
      turn.set(error.As<v8::Object>(), "retryable", v8::True(turn.v8));
      writer.get(*context).call(turn, "abort", error);
    });
  }

  kj::Promise<void> write(const void* buffer, size_t size) override {
    auto bytes = kj::heapArray<kj::byte>(static_cast<const kj::byte*>(buffer), size);
    return perform("write", kj::mv(bytes));
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    kj::Vector<kj::byte> all;
    for (auto piece : pieces) all.addAll(piece);
    return perform("write", all.releaseAsArray());
  }
  kj::Promise<void> whenWriteDisconnected() override { return kj::NEVER_DONE; }
  kj::Promise<void> end() override {
    ended_ = true;
    return perform("close", nullptr);
  }

 private:
  struct Writer {
    Writer(js::Turn& turn, v8::Local<v8::Object> object) : object(turn.v8, object) {}
    v8::Local<v8::Value> call(js::Turn& turn, kj::StringPtr method, v8::Local<v8::Value> argument) {
      auto self = object.Get(turn.v8);
      auto function = turn.get(self, method).As<v8::Function>();
      auto promise = turn.check(function->Call(turn.context, self, 1, &argument));
      if (promise->IsPromise()) promise.As<v8::Promise>()->MarkAsHandled();
      return promise;
    }
    v8::Global<v8::Object> object;
  };

  kj::Promise<void> perform(kj::StringPtr method, kj::Maybe<kj::Array<kj::byte>> bytes) {
    auto* context = writer_.owner();
    if (context == nullptr) return KJ_EXCEPTION(DISCONNECTED, "the stream's event has ended");
    struct Answer : public kj::Refcounted {
      explicit Answer(kj::Own<kj::PromiseFulfiller<void>> fulfiller)
          : fulfiller(kj::mv(fulfiller)) {}
      kj::Own<kj::PromiseFulfiller<void>> fulfiller;
    };
    auto pair = kj::newPromiseAndFulfiller<void>();
    auto answer = kj::refcounted<Answer>(kj::mv(pair.fulfiller));
    context->enter([this, context, method, bytes = kj::mv(bytes),
                    answer = kj::mv(answer)](js::Turn& turn) mutable {
      if (!answer->fulfiller->isWaiting()) return;  // the peer has gone, and this sink with it
      v8::Local<v8::Value> argument = turn.undefined();
      KJ_IF_MAYBE(given, bytes) {
        auto buffer = v8::ArrayBuffer::New(turn.v8, given->size());
        if (given->size() > 0) memcpy(buffer->Data(), given->begin(), given->size());
        argument = v8::Uint8Array::New(buffer, 0, given->size());
      }
      auto failure = turn.catching([&] {
        auto done = turn.resolved(writer_.get(*context).call(turn, method, argument));
        auto onDone = kj::addRef(*answer);
        auto onFailure = kj::addRef(*answer);
        turn.whenSettled(
            done,
            [answer = kj::mv(onDone)](js::Turn& inner, v8::Local<v8::Value>) mutable {
              answer->fulfiller->fulfill();
              return inner.undefined();
            },
            [answer = kj::mv(onFailure)](js::Turn& inner, v8::Local<v8::Value> reason) mutable {
              answer->fulfiller->reject(js::toKj(inner, reason));
              return inner.undefined();
            });
      });
      KJ_IF_MAYBE(reason, failure) {
        answer->fulfiller->reject(js::toKj(turn, *reason));
      }
    });
    return kj::mv(pair.promise);
  }

  kj::Own<void> hold_;
  IoOwn<Writer> writer_;
  bool ended_ = false;
};

bool isWritable(js::Turn& turn, v8::Local<v8::Object> object) {
  return callStreams(turn, "isWritableStream", {object})->IsTrue();
}

void writeWritable(rpc::HostWriter& writer, v8::Local<v8::Object> object) {
  auto& turn = writer.turn();
  if (turn.get(object, "locked")->IsTrue()) {
    throw js::Error::type("This WritableStream is currently locked to a writer.");
  }
  auto getWriter = turn.get(object, "getWriter").As<v8::Function>();
  auto made = turn.check(getWriter->Call(turn.context, object, 0, nullptr)).As<v8::Object>();
  auto& context = writer.context();
  writer.addExternal(
      channel::WritableExternal{kj::heap<RemoteSink>(turn, context, made, context.holdSession())});
}

class SinkOfExternal final : public ByteSink {
 public:
  explicit SinkOfExternal(kj::Own<channel::ByteSink> inner) : inner_(kj::mv(inner)) {}
  kj::Promise<void> write(kj::ArrayPtr<const kj::byte> bytes) override {
    return inner_->write(bytes.begin(), bytes.size());
  }
  kj::Promise<void> end() override { return inner_->end(); }
  void abort(kj::Exception) override { inner_ = nullptr; }

 private:
  kj::Own<channel::ByteSink> inner_;
};

v8::Local<v8::Object> readWritable(rpc::HostReader& reader) {
  auto external = reader.takeExternal();
  KJ_REQUIRE(external.is<channel::WritableExternal>(),
             "external table slot type doesn't match serialization tag");
  auto& writable = external.get<channel::WritableExternal>();
  return newWritableStream(reader.turn(), kj::heap<SinkOfExternal>(kj::mv(writable.sink)));
}

}  // namespace

constinit const rpc::HostType kWritableTransfer{2, &isWritable, &writeWritable, &readWritable};
constinit const rpc::HostType kReadableTransfer{3, &isReadable, &writeReadable, &readReadable};

}  // namespace ocapd::api
