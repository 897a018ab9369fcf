#include "src/api/streams/native_source.h"

#include <cppgc/persistent.h>
#include <kj/debug.h>
#include <v8-array-buffer.h>

#include "src/api/streams/streams.h"
#include "src/api/streams/writable_stream.h"

namespace ocapd::api {

void NativeSource::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(abortReason_);
  visitor->Trace(controller_);
}

kj::Maybe<kj::Own<SharedBytes>> NativeSource::sharedBytes() {
  KJ_IF_MAYBE(bytes, source_.tryGet<kj::Own<SharedBytes>>()) {
    if (sharedRead_ == 0) return kj::addRef(**bytes);
  }
  return nullptr;
}

kj::Own<kj::AsyncInputStream> NativeSource::take(js::Turn& turn) {
  auto coded = takeCoded(turn);
  return newDecodingStream(kj::mv(coded.stream), coded.coding);
}

NativeSource::Coded NativeSource::takeCoded(js::Turn& turn) {
  if (aborted_) turn.throwValue(abortReason_.Get(turn.v8));
  auto source = kj::mv(source_);
  source_ = Stream();
  KJ_SWITCH_ONEOF(source) {
    KJ_CASE_ONEOF(stream, Stream) {
      if (!stream.empty()) return {stream.take(IoContext::current(turn)), length_, coding_};
    }
    KJ_CASE_ONEOF(reading, IoOwn<Reading>) {
      return {kj::mv(reading.take(IoContext::current(turn))->stream), nullptr,
              ContentCoding::Identity};
    }
    KJ_CASE_ONEOF(bytes, kj::Own<SharedBytes>) {
      return {newSharedBytesStream(kj::mv(bytes)), length_, ContentCoding::Identity};
    }
  }
  auto nothing = kj::refcounted<SharedBytes>(kj::Array<const kj::byte>());
  return {newSharedBytesStream(kj::mv(nothing)), uint64_t(0), ContentCoding::Identity};
}

std::pair<NativeSource*, NativeSource*> NativeSource::tee(js::Turn& turn) {
  KJ_IF_MAYBE(bytes, sharedBytes()) {
    auto* left = turn.make<NativeSource>(kj::addRef(**bytes));
    auto* right = turn.make<NativeSource>(kj::mv(*bytes));
    return {left, right};
  }
  auto& context = IoContext::current(turn);
  auto coded = takeCoded(turn);
  auto pair = kj::newTee(kj::mv(coded.stream));
  auto* left =
      turn.make<NativeSource>(context.own(kj::mv(pair.branches[0])), coded.length, coded.coding);
  auto* right =
      turn.make<NativeSource>(context.own(kj::mv(pair.branches[1])), coded.length, coded.coding);
  return {left, right};
}

void NativeSource::abort(js::Turn& turn, v8::Local<v8::Value> reason) {
  aborted_ = true;
  abortReason_.Reset(turn.v8, reason);
  if (!controller_.IsEmpty()) failed(turn, reason);
}

kj::Maybe<v8::Local<v8::Value>> NativeSource::abortReason(js::Turn& turn) {
  if (!aborted_) return nullptr;
  return abortReason_.Get(turn.v8);
}

// ---- for the script ----

void NativeSource::attach(js::Turn& turn, v8::Local<v8::Object> controller) {
  controller_.Reset(turn.v8, controller);
  if (aborted_) failed(turn, abortReason_.Get(turn.v8));
}

void NativeSource::cancel() {
  source_ = Stream();
}

js::Promise NativeSource::pump(js::Turn& turn, NativeSink& sink) {
  auto& context = IoContext::current(turn);
  KJ_IF_MAYBE(bytes, source_.tryGet<kj::Own<SharedBytes>>()) {
    auto stream = context.own(newSharedBytesStream(kj::mv(*bytes)));
    source_ = kj::mv(stream);
  }
  kj::Promise<void> pumped = kj::READY_NOW;
  bool isEmpty = false;
  KJ_IF_MAYBE(stream, source_.tryGet<Stream>()) {
    isEmpty = stream->empty();
  }
  if (!isEmpty) {
    auto& reading = startReading(context);
    pumped = reading.canceler.wrap(sink.get(context).pumpFrom(*reading.stream));
  }
  cppgc::Persistent<NativeSource> self(this);
  cppgc::Persistent<NativeSink> target(&sink);
  return context.awaitIo(turn, kj::mv(pumped),
                         [self, target](js::Turn& inner) { return inner.undefined(); });
}

NativeSource::Reading& NativeSource::startReading(IoContext& context) {
  KJ_IF_MAYBE(stream, source_.tryGet<Stream>()) {
    auto reading = kj::heap<Reading>(newDecodingStream(stream->take(context), coding_));
    source_ = context.own(kj::mv(reading));
  }
  return source_.get<IoOwn<Reading>>().get(context);
}

void NativeSource::read(js::Turn& turn) {
  KJ_IF_MAYBE(bytes, source_.tryGet<kj::Own<SharedBytes>>()) {
    return readShared(turn, **bytes);
  }
  auto& context = IoContext::current(turn);
  auto& reading = startReading(context);
  size_t size = kChunkBytesMax;
  KJ_IF_MAYBE(left, reading.stream->tryGetLength()) {
    size = kj::max(kj::min(*left, size), 1);
  }
  std::shared_ptr<v8::BackingStore> chunk = v8::ArrayBuffer::NewBackingStore(
      turn.v8, size, v8::BackingStoreInitializationMode::kUninitialized);
  cppgc::Persistent<NativeSource> self(this);
  auto bytesRead = reading.canceler.wrap(reading.stream->tryRead(chunk->Data(), 1, size));
  context.continueIn(
      kj::mv(bytesRead),
      [self, chunk = kj::mv(chunk)](js::Turn& inner, size_t count) mutable {
        self->delivered(inner, kj::mv(chunk), count, count == 0);
      },
      [self](js::Turn& inner, kj::Exception&& exception) {
        self->failed(inner, js::toJs(inner, kj::mv(exception)));
      });
}

// In a microtask, as whatever reads may not be told while it asks.
void NativeSource::readShared(js::Turn& turn, SharedBytes& bytes) {
  auto rest = bytes.bytes.slice(sharedRead_, bytes.bytes.size());
  sharedRead_ = bytes.bytes.size();
  std::shared_ptr<v8::BackingStore> chunk;
  if (rest.size() > 0) {
    chunk = v8::ArrayBuffer::NewBackingStore(turn.v8, rest.size(),
                                             v8::BackingStoreInitializationMode::kUninitialized);
    memcpy(chunk->Data(), rest.begin(), rest.size());
  }
  cppgc::Persistent<NativeSource> self(this);
  turn.v8->EnqueueMicrotask(turn.function([self, chunk = kj::mv(chunk), size = rest.size()](
                                              js::Turn& inner, v8::Local<v8::Value>) mutable {
    self->delivered(inner, kj::mv(chunk), size, true);
    return inner.undefined();
  }));
}

void NativeSource::readInto(js::Turn& turn, v8::Local<v8::Value> buffer, size_t offset,
                            size_t bytesMax, size_t bytesMin) {
  // The script has checked all this; memory safety is not left to it.
  KJ_REQUIRE(buffer->IsArrayBuffer());
  auto store = buffer.As<v8::ArrayBuffer>()->GetBackingStore();
  KJ_REQUIRE(offset <= store->ByteLength() && bytesMax <= store->ByteLength() - offset &&
             bytesMin <= bytesMax);
  auto* target = static_cast<kj::byte*>(store->Data()) + offset;
  cppgc::Persistent<NativeSource> self(this);
  KJ_IF_MAYBE(shared, source_.tryGet<kj::Own<SharedBytes>>()) {
    auto& all = (*shared)->bytes;
    size_t count = kj::min(bytesMax, all.size() - sharedRead_);
    memcpy(target, all.begin() + sharedRead_, count);
    sharedRead_ += count;
    bool isLast = count < bytesMin;
    turn.v8->EnqueueMicrotask(
        turn.function([self, count, isLast](js::Turn& inner, v8::Local<v8::Value>) {
          self->filled(inner, count, isLast);
          return inner.undefined();
        }));
    return;
  }
  auto& context = IoContext::current(turn);
  auto& reading = startReading(context);
  auto bytesRead = reading.canceler.wrap(reading.stream->tryRead(target, bytesMin, bytesMax));
  context.continueIn(
      kj::mv(bytesRead),
      [self, store = kj::mv(store), bytesMin](js::Turn& inner, size_t count) {
        self->filled(inner, count, count < bytesMin);
      },
      [self](js::Turn& inner, kj::Exception&& exception) {
        self->failed(inner, js::toJs(inner, kj::mv(exception)));
      });
}

void NativeSource::delivered(js::Turn& turn, std::shared_ptr<v8::BackingStore> chunk, size_t bytes,
                             bool isLast) {
  v8::Local<v8::ArrayBuffer> buffer;
  // A view keeps its whole buffer alive: what is mostly empty is copied.
  if (bytes > 0 && bytes <= chunk->ByteLength() / 2) {
    buffer = v8::ArrayBuffer::New(turn.v8, bytes);
    memcpy(buffer->Data(), chunk->Data(), bytes);
  } else if (bytes > 0) {
    buffer = v8::ArrayBuffer::New(turn.v8, kj::mv(chunk));
  }
  v8::Local<v8::Value> content = turn.undefined();
  if (!buffer.IsEmpty()) content = buffer;
  callStreams(turn, "delivered",
              {controller_.Get(turn.v8), content, v8::Number::New(turn.v8, double(bytes)),
               v8::Boolean::New(turn.v8, isLast)});
}

void NativeSource::filled(js::Turn& turn, size_t bytes, bool isLast) {
  callStreams(turn, "filled",
              {controller_.Get(turn.v8), v8::Number::New(turn.v8, double(bytes)),
               v8::Boolean::New(turn.v8, isLast)});
}

void NativeSource::failed(js::Turn& turn, v8::Local<v8::Value> reason) {
  callStreams(turn, "sourceFailed", {controller_.Get(turn.v8), reason});
}

constinit const js::Class NativeSource::kClass{.name = kClassName, .exposed = false};

}  // namespace ocapd::api
