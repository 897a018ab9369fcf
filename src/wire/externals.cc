#include "src/wire/externals.h"

#include <kj/debug.h>

#include "src/wire/byte_stream.h"
#include "src/wire/rpc_target.h"

namespace ocapd::wire {

namespace {

// Texts pinned by the reference.
constexpr kj::StringPtr kStreamLost =
    "jsg.Error: ReadableStream received over RPC disconnected prematurely."_kj;
constexpr kj::StringPtr kNoPusher =
    "jsg.TypeError: Couldn't return stream because caller didn't provide an ExternalPusher."_kj;

constexpr kj::StringPtr kStaysHere =
    "jsg.DOMException(DataCloneError): Service bindings, stubs of Durable Objects and their "
    "classes "
    "cannot be sent to another process. Send an RpcTarget that forwards to them instead."_kj;

// V8's formats 15 and 16 differ in the width of lengths beyond 4 GiB only.
constexpr kj::byte kVersionTag = 0xff;
constexpr kj::byte kNewerVersion = 16;
constexpr kj::byte kKnownVersion = 15;

// A stream that is not there yet.
class LateStream final : public kj::AsyncInputStream {
 public:
  explicit LateStream(kj::Promise<kj::Own<kj::AsyncInputStream>> stream)
      : arriving_(
            stream.then([this](kj::Own<kj::AsyncInputStream>&& given) { stream_ = kj::mv(given); })
                .fork()) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    if (stream_.get() == nullptr) co_await arriving_.addBranch();
    co_return co_await stream_->tryRead(buffer, minBytes, maxBytes);
  }

 private:
  kj::Own<kj::AsyncInputStream> stream_;
  kj::ForkedPromise<void> arriving_;
};

kj::Exception tunnelled(kj::Exception::Type type, kj::StringPtr text) {
  return kj::Exception(type, __FILE__, __LINE__, kj::str(text));
}

}  // namespace

kj::Array<const kj::byte> readV8Data(capnp::Data::Reader data) {
  auto bytes = kj::heapArray<kj::byte>(data);
  if (bytes.size() >= 2 && bytes[0] == kVersionTag && bytes[1] == kNewerVersion) {
    bytes[1] = kKnownVersion;
  }
  return bytes;
}

// ---- what the peer pushes ----

class Externals::PushedStream final : public Pusher::InputStream::Server {
 public:
  explicit PushedStream(kj::Own<kj::AsyncInputStream> stream) : stream_(kj::mv(stream)) {}

  kj::Own<kj::AsyncInputStream> take() {
    auto stream =
        kj::mv(KJ_REQUIRE_NONNULL(stream_, "pushed byte stream has already been consumed"));
    stream_ = nullptr;
    return stream;
  }

 private:
  kj::Maybe<kj::Own<kj::AsyncInputStream>> stream_;
};

class Externals::PushedSignal final : public Pusher::AbortSignal::Server {
 public:
  explicit PushedSignal(kj::Promise<kj::Own<channel::Message>> aborted)
      : aborted_(kj::mv(aborted)) {}

  kj::Promise<kj::Own<channel::Message>> take() {
    auto aborted =
        kj::mv(KJ_REQUIRE_NONNULL(aborted_, "pushed abort signal has already been consumed"));
    aborted_ = nullptr;
    return aborted;
  }

 private:
  kj::Maybe<kj::Promise<kj::Own<channel::Message>>> aborted_;
};

class Externals::Trigger final : public schema::AbortTrigger::Server {
 public:
  Trigger(kj::Own<kj::PromiseFulfiller<kj::Own<channel::Message>>> fulfiller,
          kj::Own<Externals> externals)
      : fulfiller_(kj::mv(fulfiller)), externals_(kj::mv(externals)) {}
  ~Trigger() noexcept(false) {
    if (isReleased_ || !fulfiller_->isWaiting()) return;
    fulfiller_->reject(tunnelled(
        kj::Exception::Type::DISCONNECTED,
        "jsg.DOMException(AbortError): An AbortSignal received over RPC was implicitly aborted "
        "because the connection back to its trigger was lost."));
  }

  kj::Promise<void> abort(AbortContext context) override {
    isReleased_ = true;
    fulfiller_->fulfill(
        kj::heap<channel::Message>(externals_->read(context.getParams().getReason())));
    return kj::READY_NOW;
  }
  kj::Promise<void> release(ReleaseContext) override {
    isReleased_ = true;
    return kj::READY_NOW;
  }

 private:
  kj::Own<kj::PromiseFulfiller<kj::Own<channel::Message>>> fulfiller_;
  kj::Own<Externals> externals_;
  bool isReleased_ = false;
};

class Externals::PusherServer final : public Pusher::Server {
 public:
  explicit PusherServer(kj::Own<Externals> externals) : externals_(kj::mv(externals)) {}

  kj::Promise<void> pushByteStream(PushByteStreamContext context) override {
    externals_->pushByteStream(context.getParams().getLengthPlusOne(), context.getResults());
    return kj::READY_NOW;
  }
  kj::Promise<void> pushAbortSignal(PushAbortSignalContext context) override {
    externals_->pushAbortSignal(context.getResults());
    return kj::READY_NOW;
  }

 private:
  kj::Own<Externals> externals_;
};

Externals::Pusher::Client Externals::pusher() {
  return kj::heap<PusherServer>(addRef());
}

void Externals::pushByteStream(uint64_t lengthPlusOne,
                               Pusher::PushByteStreamResults::Builder results) {
  BytePipe pipe;
  if (lengthPlusOne > 0) {
    pipe = newBytePipeOf(lengthPlusOne - 1);
  } else {
    pipe = newBytePipe(tunnelled(kj::Exception::Type::DISCONNECTED, kStreamLost));
  }
  results.setSource(streams_.add(kj::heap<PushedStream>(kj::mv(pipe.stream))));
  results.setSink(hostSink(kj::mv(pipe.sink)));
}

void Externals::pushAbortSignal(Pusher::PushAbortSignalResults::Builder results) {
  auto pair = kj::newPromiseAndFulfiller<kj::Own<channel::Message>>();
  results.setSignal(signals_.add(kj::heap<PushedSignal>(kj::mv(pair.promise))));
  results.setTrigger(kj::heap<Trigger>(kj::mv(pair.fulfiller), addRef()));
}

// ---- reading ----

channel::Message Externals::read(schema::JsValue::Reader value) {
  auto slots = value.getExternals();
  auto externals = kj::heapArrayBuilder<channel::External>(slots.size());
  for (auto slot : slots) externals.add(readExternal(slot));
  return {readV8Data(value.getV8Serialized()), externals.finish()};
}

channel::External Externals::readExternal(schema::JsValue::External::Reader slot) {
  using Slot = schema::JsValue::External;
  switch (slot.which()) {
    case Slot::RPC_TARGET: return newRemoteCapability(slot.getRpcTarget().getCap(), addRef());
    case Slot::WRITABLE_STREAM: {
      auto writable = slot.getWritableStream();
      KJ_REQUIRE(writable.getEncoding() == schema::StreamEncoding::IDENTITY,
                 "unknown StreamEncoding received from peer");
      return channel::WritableExternal{newRemoteSink(writable.getByteStream())};
    }
    case Slot::READABLE_STREAM: {
      auto readable = slot.getReadableStream();
      // TODO(#5): gzip and brotli, of bodies that are handed on undecoded.
      KJ_REQUIRE(readable.getEncoding() == schema::StreamEncoding::IDENTITY,
                 "unknown StreamEncoding received from peer");
      return readReadable(readable.getStream());
    }
    case Slot::ABORT_SIGNAL: return readSignal(slot.getAbortSignal());
    default: break;
  }
  // TODO(#6): channel tokens; TODO(#5): sockets.
  KJ_FAIL_REQUIRE("a value from another process holds something that cannot come from there",
                  uint16_t(slot.which()));
}

channel::External Externals::readReadable(Pusher::InputStream::Client client) {
  auto local = streams_.getLocalServer(client).then(
      [self = addRef(), client](kj::Maybe<Pusher::InputStream::Server&> server) mutable {
        auto& found = KJ_REQUIRE_NONNULL(server, "pushed external is not a byte stream");
        return kj::downcast<PushedStream>(found).take();
      });
  return channel::ReadableExternal{kj::heap<LateStream>(kj::mv(local)), nullptr};
}

channel::External Externals::readSignal(Pusher::AbortSignal::Client client) {
  auto aborted = signals_.getLocalServer(client).then(
      [self = addRef(), client](kj::Maybe<Pusher::AbortSignal::Server&> server) mutable {
        auto& found = KJ_REQUIRE_NONNULL(server, "pushed external is not an AbortSignal");
        return kj::downcast<PushedSignal>(found).take();
      });
  return channel::AbortExternal{kj::mv(aborted)};
}

// ---- writing ----

void Externals::write(channel::Message message, schema::JsValue::Builder value,
                      kj::Maybe<Pusher::Client> pusher) {
  value.setV8Serialized(message.data);
  if (message.externals.size() == 0) return;
  auto slots = value.initExternals(kj::uint(message.externals.size()));
  for (auto i : kj::indices(message.externals)) {
    writeExternal(kj::mv(message.externals[i]), slots[kj::uint(i)], pusher);
  }
}

void Externals::writeExternal(channel::External external, schema::JsValue::External::Builder slot,
                              kj::Maybe<Pusher::Client>& pusher) {
  KJ_SWITCH_ONEOF(external) {
    KJ_CASE_ONEOF(capability, kj::Own<channel::Capability>) {
      slot.initRpcTarget().setCap(hostCapability(kj::mv(capability), addRef()));
    }
    KJ_CASE_ONEOF(service, kj::Own<channel::ServiceChannel>) {
      // TODO(#6): a channel token; it opens in this process only.
      kj::throwFatalException(tunnelled(kj::Exception::Type::FAILED, kStaysHere));
    }
    KJ_CASE_ONEOF(actorClass, kj::Own<channel::ActorClassChannel>) {
      kj::throwFatalException(tunnelled(kj::Exception::Type::FAILED, kStaysHere));
    }
    KJ_CASE_ONEOF(readable, channel::ReadableExternal) {
      writeReadable(kj::mv(readable), slot, pusher);
    }
    KJ_CASE_ONEOF(writable, channel::WritableExternal) {
      slot.initWritableStream().setByteStream(hostSink(kj::mv(writable.sink)));
    }
    KJ_CASE_ONEOF(signal, channel::AbortExternal) {
      writeSignal(kj::mv(signal), slot, pusher);
    }
  }
}

void Externals::writeReadable(channel::ReadableExternal readable,
                              schema::JsValue::External::Builder slot,
                              kj::Maybe<Pusher::Client>& pusher) {
  auto& receiver = KJ_UNWRAP_OR(
      pusher, { kj::throwFatalException(tunnelled(kj::Exception::Type::FAILED, kNoPusher)); });
  auto pushed = receiver.pushByteStreamRequest().send();
  slot.initReadableStream().setStream(pushed.getSource());
  pumps_.add(pumpAll(kj::mv(readable.stream), newRemoteSink(pushed.getSink())));
}

void Externals::writeSignal(channel::AbortExternal signal, schema::JsValue::External::Builder slot,
                            kj::Maybe<Pusher::Client>& pusher) {
  auto& receiver = KJ_UNWRAP_OR(
      pusher, { kj::throwFatalException(tunnelled(kj::Exception::Type::FAILED, kNoPusher)); });
  auto pushed = receiver.pushAbortSignalRequest().send();
  slot.setAbortSignal(pushed.getSignal());
  auto trigger = pushed.getTrigger();
  auto released = trigger;
  pumps_.add(signal.aborted.then(
      [this, trigger](kj::Own<channel::Message>&& reason) mutable {
        auto request = trigger.abortRequest();
        write(kj::mv(*reason), request.initReason(), nullptr);
        return request.send().ignoreResult();
      },
      // It never will.
      [released](kj::Exception&&) mutable {
        return released.releaseRequest().send().ignoreResult();
      }));
}

void Externals::disconnected() {
  pumps_.clear();
}

// A stream that breaks off has told its reader.
void Externals::taskFailed(kj::Exception&&) {}

}  // namespace ocapd::wire
