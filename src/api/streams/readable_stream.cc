#include "src/api/streams/readable_stream.h"

#include <v8-container.h>

#include "src/api/streams/stream_reader.h"
#include "src/api/streams/streams.h"

namespace ocapd::api {

namespace {

// Bits of describeReadable() in native.js.
constexpr int kNone = -1;
constexpr int kLocked = 1;
constexpr int kDisturbed = 2;

int describe(js::Turn& turn, v8::Local<v8::Value> value) {
  return callStreams(turn, "describeReadable", {value}).As<v8::Int32>()->Value();
}

}  // namespace

ReadableStream ReadableStream::create(js::Turn& turn, NativeSource& source) {
  v8::Local<v8::Value> length = turn.undefined();
  KJ_IF_MAYBE(bytes, source.length()) {
    length = v8::Number::New(turn.v8, double(*bytes));
  }
  return {callStreams(turn, "createReadable", {turn.wrap(source), length}).As<v8::Object>()};
}

kj::Maybe<ReadableStream> ReadableStream::from(js::Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsObject() || describe(turn, value) == kNone) return nullptr;
  return ReadableStream{value.As<v8::Object>()};
}

bool ReadableStream::locked(js::Turn& turn) const {
  return (describe(turn, object) & kLocked) != 0;
}

bool ReadableStream::disturbed(js::Turn& turn) const {
  return (describe(turn, object) & kDisturbed) != 0;
}

kj::Maybe<uint64_t> ReadableStream::length(js::Turn& turn) const {
  auto length = callStreams(turn, "lengthOf", {object});
  if (!length->IsNumber()) return nullptr;
  return uint64_t(length.As<v8::Number>()->Value());
}

NativeSource* ReadableStream::takeSource(js::Turn& turn) const {
  return turn.unwrap<NativeSource>(callStreams(turn, "takeSource", {object}));
}

kj::Own<kj::AsyncInputStream> ReadableStream::take(js::Turn& turn) const {
  if (auto* source = takeSource(turn)) return source->take(turn);
  return newStreamReader(turn, *this);
}

js::Promise ReadableStream::readAll(js::Turn& turn, size_t bytesMax, Make make) const {
  return readWholeStream(turn, *this, bytesMax, kj::mv(make));
}

std::pair<ReadableStream, ReadableStream> ReadableStream::tee(js::Turn& turn) const {
  auto both = callStreams(turn, "tee", {object}).As<v8::Array>();
  return {ReadableStream{turn.check(both->Get(turn.context, 0)).As<v8::Object>()},
          ReadableStream{turn.check(both->Get(turn.context, 1)).As<v8::Object>()}};
}

ReadableStream ReadableStream::proxy(js::Turn& turn) const {
  return {callStreams(turn, "proxy", {object}).As<v8::Object>()};
}

}  // namespace ocapd::api
