#include "src/api/streams/readable_stream.h"

#include <cppgc/persistent.h>
#include <kj/debug.h>
#include <v8-array-buffer.h>
#include <v8-container.h>
#include <v8-typed-array.h>

#include "src/js/dictionary.h"
#include "src/js/iterator.h"

namespace ocapd::js {

using ocapd::api::ReadableStream;

inline constexpr Field<ReadableStream::ReaderOptions> kReaderOptions[] = {
    field<&ReadableStream::ReaderOptions::mode>("mode"),
};
template <>
struct Convert<ReadableStream::ReaderOptions>
    : DictionaryConvert<ReadableStream::ReaderOptions, kReaderOptions> {};

inline constexpr Field<ReadableStream::IteratorOptions> kIteratorOptions[] = {
    field<&ReadableStream::IteratorOptions::preventCancel>("preventCancel"),
};
template <>
struct Convert<ReadableStream::IteratorOptions>
    : DictionaryConvert<ReadableStream::IteratorOptions, kIteratorOptions> {};

}  // namespace ocapd::js

namespace ocapd::api {

namespace {

v8::Local<v8::Uint8Array> toUint8Array(js::Turn& turn, std::shared_ptr<v8::BackingStore> store,
                                       size_t count) {
  // A view keeps its whole buffer alive: what is mostly empty is copied.
  if (count <= store->ByteLength() / 2) {
    auto copy = v8::ArrayBuffer::New(turn.v8, count);
    memcpy(copy->Data(), store->Data(), count);
    return v8::Uint8Array::New(copy, 0, count);
  }
  return v8::Uint8Array::New(v8::ArrayBuffer::New(turn.v8, kj::mv(store)), 0, count);
}

[[noreturn]] void throwLocked() {
  throw js::Error::type("This ReadableStream is currently locked to a reader.");
}

}  // namespace

// ---- ReadableStream ----

void ReadableStream::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  for (auto& each : pendingReads_) visitor->Trace(each);
  visitor->Trace(error_);
  visitor->Trace(reader_);
}

js::Promise ReadableStream::cancel(js::Turn& turn, v8::Local<v8::Value> reason) {
  if (locked_) throwLocked();
  return cancelInternal(turn, reason);
}

// https://streams.spec.whatwg.org/#readable-stream-cancel
js::Promise ReadableStream::cancelInternal(js::Turn& turn, v8::Local<v8::Value>) {
  disturbed_ = true;
  if (state_ == State::Errored) return turn.rejected(error_.Get(turn.v8));
  if (state_ == State::Readable) close(turn);
  return turn.resolved(turn.undefined());
}

ReadableStreamDefaultReader* ReadableStream::getReader(js::Turn& turn,
                                                       kj::Maybe<ReaderOptions> options) {
  KJ_IF_MAYBE(given, options) {
    KJ_IF_MAYBE(mode, given->mode) {
      if (*mode == "byob") {
        throw js::Error::type(
            "BYOB readers are not implemented in ocapd yet; read with "
            "getReader() and no mode.");
      }
      throw js::Error::type("mode must be undefined or 'byob', not '", *mode, "'.");
    }
  }
  return ReadableStreamDefaultReader::create(turn, this);
}

ReadableStreamAsyncIterator* ReadableStream::values(js::Turn& turn,
                                                    kj::Maybe<IteratorOptions> options) {
  auto* reader = ReadableStreamDefaultReader::create(turn, this);
  bool preventCancel = options.orDefault(IteratorOptions()).preventCancel;
  return turn.make<ReadableStreamAsyncIterator>(*reader, preventCancel);
}

v8::Local<v8::Value> ReadableStream::tee(js::Turn& turn) {
  auto [left, right] = split(turn);
  v8::Local<v8::Value> both[] = {turn.wrap(*left), turn.wrap(*right)};
  return v8::Array::New(turn.v8, both, 2);
}

std::pair<ReadableStream*, ReadableStream*> ReadableStream::split(js::Turn& turn) {
  if (locked_) throwLocked();
  KJ_IF_MAYBE(bytes, source_.tryGet<kj::Own<SharedBytes>>()) {
    if (state_ == State::Readable) {
      auto* left = turn.make<ReadableStream>(kj::addRef(**bytes));
      auto* right = turn.make<ReadableStream>(kj::addRef(**bytes));
      locked_ = disturbed_ = true;
      return {left, right};
    }
  }
  auto& context = IoContext::current(turn);
  auto length = length_;
  auto pair = kj::newTee(detach(turn));
  return {turn.make<ReadableStream>(context.own(kj::mv(pair.branches[0])), length),
          turn.make<ReadableStream>(context.own(kj::mv(pair.branches[1])), length)};
}

kj::Own<kj::AsyncInputStream> ReadableStream::detach(js::Turn& turn) {
  if (locked_) throwLocked();
  locked_ = disturbed_ = true;
  if (state_ == State::Errored) turn.throwValue(error_.Get(turn.v8));
  if (state_ == State::Closed) {
    return newSharedBytesStream(kj::refcounted<SharedBytes>(kj::Array<const kj::byte>()));
  }
  state_ = State::Closed;
  KJ_SWITCH_ONEOF(source_) {
    KJ_CASE_ONEOF(native, NativeSource) {
      return native.take(IoContext::current(turn));
    }
    KJ_CASE_ONEOF(bytes, kj::Own<SharedBytes>) {
      return newSharedBytesStream(kj::mv(bytes));
    }
  }
  KJ_UNREACHABLE;
}

js::Promise ReadableStream::read(js::Turn& turn) {
  disturbed_ = true;
  switch (state_) {
    case State::Closed: return turn.resolved(js::iterationResult(turn, turn.undefined(), true));
    case State::Errored: return turn.rejected(error_.Get(turn.v8));
    case State::Readable: break;
  }
  KJ_IF_MAYBE(shared, source_.tryGet<kj::Own<SharedBytes>>()) {
    auto bytes = kj::mv(*shared);
    close(turn);
    if (bytes->bytes.size() == 0)
      return turn.resolved(js::iterationResult(turn, turn.undefined(), true));
    auto store = v8::ArrayBuffer::NewBackingStore(turn.v8, bytes->bytes.size());
    memcpy(store->Data(), bytes->bytes.begin(), bytes->bytes.size());
    return turn.resolved(
        js::iterationResult(turn, toUint8Array(turn, kj::mv(store), bytes->bytes.size()), false));
  }
  auto resolver = turn.check(v8::Promise::Resolver::New(turn.context));
  // Reset, not the constructor: that one is for objects being made, and tells a collection that is
  // under way nothing.
  pendingReads_.emplace_back();
  pendingReads_.back().Reset(turn.v8, resolver);
  if (!reading_) startRead(turn);
  return resolver->GetPromise();
}

void ReadableStream::startRead(js::Turn& turn) {
  auto& context = IoContext::current(turn);
  auto& source = source_.get<NativeSource>().get(context);
  size_t size = kChunkBytesMax;
  KJ_IF_MAYBE(left, source.tryGetLength()) {
    size = kj::max(kj::min(*left, size), 1);
  }
  std::shared_ptr<v8::BackingStore> chunk = v8::ArrayBuffer::NewBackingStore(
      turn.v8, size, v8::BackingStoreInitializationMode::kUninitialized);
  reading_ = true;
  cppgc::Persistent<ReadableStream> self(this);
  auto bytesRead = source.tryRead(chunk->Data(), 1, size);
  context.continueIn(
      kj::mv(bytesRead),
      [self, chunk = kj::mv(chunk)](js::Turn& inner, size_t count) mutable {
        self->reading_ = false;
        self->delivered(inner, kj::mv(chunk), count);
      },
      [self](js::Turn& inner, kj::Exception&& exception) {
        self->reading_ = false;
        self->failed(inner, js::toJs(inner, kj::mv(exception)));
      });
}

void ReadableStream::delivered(js::Turn& turn, std::shared_ptr<v8::BackingStore> chunk,
                               size_t count) {
  if (state_ != State::Readable) return;  // cancelled meanwhile
  if (count == 0) return close(turn);
  if (pendingReads_.empty()) return;
  auto resolver = pendingReads_.front().Get(turn.v8);
  pendingReads_.pop_front();
  if (!pendingReads_.empty()) startRead(turn);
  turn.check(resolver->Resolve(
      turn.context, js::iterationResult(turn, toUint8Array(turn, kj::mv(chunk), count), false)));
}

// As handles: references outside of the traced object would not keep the resolvers.
std::vector<v8::Local<v8::Promise::Resolver>> ReadableStream::takePendingReads(js::Turn& turn) {
  std::vector<v8::Local<v8::Promise::Resolver>> result;
  for (auto& each : pendingReads_) result.push_back(each.Get(turn.v8));
  pendingReads_.clear();
  return result;
}

void ReadableStream::failed(js::Turn& turn, v8::Local<v8::Value> reason) {
  if (state_ != State::Readable) return;
  state_ = State::Errored;
  error_.Reset(turn.v8, reason);
  if (!reading_) source_ = NativeSource();  // otherwise the read in flight uses it
  auto waiting = takePendingReads(turn);
  for (auto& each : waiting) turn.check(each->Reject(turn.context, reason));
  if (reader_ && !reader_->closed_.IsEmpty()) {
    turn.check(reader_->closed_.Get(turn.v8)->Reject(turn.context, reason));
  }
}

void ReadableStream::abort(js::Turn& turn, v8::Local<v8::Value> reason) {
  aborted_ = true;
  error_.Reset(turn.v8, reason);
  failed(turn, reason);
}

kj::Maybe<v8::Local<v8::Value>> ReadableStream::abortReason(js::Turn& turn) {
  if (!aborted_) return nullptr;
  return error_.Get(turn.v8);
}

void ReadableStream::close(js::Turn& turn) {
  state_ = State::Closed;
  if (reading_) {
    // The source is in use by the read in flight; the event frees it when it ends.
  } else {
    source_ = NativeSource();
  }
  auto waiting = takePendingReads(turn);
  for (auto& each : waiting) {
    turn.check(each->Resolve(turn.context, js::iterationResult(turn, turn.undefined(), true)));
  }
  if (reader_ && !reader_->closed_.IsEmpty()) {
    turn.check(reader_->closed_.Get(turn.v8)->Resolve(turn.context, turn.undefined()));
  }
}

// ---- ReadableStreamDefaultReader ----

void ReadableStreamDefaultReader::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(stream_);
  visitor->Trace(closed_);
}

ReadableStreamDefaultReader* ReadableStreamDefaultReader::create(js::Turn& turn,
                                                                 ReadableStream* stream) {
  if (stream->locked_) throwLocked();
  auto* reader = turn.make<ReadableStreamDefaultReader>(*stream);
  stream->locked_ = true;
  stream->reader_ = reader;
  return reader;
}

js::Promise ReadableStreamDefaultReader::read(js::Turn& turn) {
  if (!stream_) throw js::Error::type("This ReadableStream reader has been released.");
  return stream_->read(turn);
}

js::Promise ReadableStreamDefaultReader::cancel(js::Turn& turn, v8::Local<v8::Value> reason) {
  if (!stream_) throw js::Error::type("This ReadableStream reader has been released.");
  return stream_->cancelInternal(turn, reason);
}

// https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaultreaderrelease
void ReadableStreamDefaultReader::releaseLock(js::Turn& turn) {
  if (!stream_) return;
  auto* stream = stream_.Get();
  auto reason = js::Error::type("This ReadableStream reader has been released.").toValue(turn);
  stream_ = nullptr;
  stream->reader_ = nullptr;
  stream->locked_ = false;
  auto waiting = stream->takePendingReads(turn);
  for (auto& each : waiting) turn.check(each->Reject(turn.context, reason));
  auto resolver = closedResolver(turn);
  if (resolver->GetPromise()->State() == v8::Promise::kPending) {
    turn.check(resolver->Reject(turn.context, reason));
    resolver->GetPromise()->MarkAsHandled();
  }
}

js::Promise ReadableStreamDefaultReader::closed(js::Turn& turn) {
  auto resolver = closedResolver(turn);
  return resolver->GetPromise();
}

v8::Local<v8::Promise::Resolver> ReadableStreamDefaultReader::closedResolver(js::Turn& turn) {
  if (!closed_.IsEmpty()) return closed_.Get(turn.v8);
  auto resolver = turn.check(v8::Promise::Resolver::New(turn.context));
  closed_.Reset(turn.v8, resolver);
  if (stream_ && stream_->state_ == ReadableStream::State::Closed) {
    turn.check(resolver->Resolve(turn.context, turn.undefined()));
  } else if (stream_ && stream_->state_ == ReadableStream::State::Errored) {
    turn.check(resolver->Reject(turn.context, stream_->error_.Get(turn.v8)));
  }
  return resolver;
}

// ---- ReadableStreamAsyncIterator ----

void ReadableStreamAsyncIterator::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(reader_);
}

js::Promise ReadableStreamAsyncIterator::next(js::Turn& turn) {
  if (!reader_) return turn.resolved(js::iterationResult(turn, turn.undefined(), true));
  return reader_->read(turn);
}

js::Promise ReadableStreamAsyncIterator::returnValue(js::Turn& turn, v8::Local<v8::Value> value) {
  if (reader_) {
    auto* reader = reader_.Get();
    reader_ = nullptr;
    if (!preventCancel_) reader->cancel(turn, value);
    reader->releaseLock(turn);
  }
  return turn.resolved(js::iterationResult(turn, value, true));
}

// ---- tables ----

namespace {

constexpr js::Member kStreamMembers[] = {
    js::getter<&ReadableStream::locked>("locked"),
    js::method<&ReadableStream::cancel>("cancel"),
    js::method<&ReadableStream::getReader>("getReader"),
    js::method<&ReadableStream::tee>("tee"),
    js::method<&ReadableStream::values>("values").alsoAs(js::Symbol::AsyncIterator),
};
constexpr js::Member kReaderMembers[] = {
    js::constructor<&ReadableStreamDefaultReader::create>(),
    js::getter<&ReadableStreamDefaultReader::closed>("closed"),
    js::method<&ReadableStreamDefaultReader::cancel>("cancel"),
    js::method<&ReadableStreamDefaultReader::read>("read"),
    js::method<&ReadableStreamDefaultReader::releaseLock>("releaseLock"),
};
constexpr js::Member kIteratorMembers[] = {
    js::method<&ReadableStreamAsyncIterator::next>("next"),
    js::method<&ReadableStreamAsyncIterator::returnValue>("return"),
};

}  // namespace

constinit const js::Class ReadableStream::kClass{
    .name = kClassName,
    .spec = "https://streams.spec.whatwg.org/#rs-class",
    .members = kStreamMembers,
};
constinit const js::Class ReadableStreamDefaultReader::kClass{
    .name = kClassName,
    .spec = "https://streams.spec.whatwg.org/#default-reader-class",
    .members = kReaderMembers,
};
constinit const js::Class ReadableStreamAsyncIterator::kClass{
    .name = kClassName,
    .spec = "https://streams.spec.whatwg.org/#rs-asynciterator",
    .members = kIteratorMembers,
    .exposed = false,
    .inherits = js::Intrinsic::AsyncIteratorPrototype,
};

}  // namespace ocapd::api
