#include "src/api/streams/streams.h"

#include <v8-container.h>

#include "src/api/streams/native_source.h"
#include "src/api/streams/stream_reader.h"
#include "src/api/streams/streams_js.h"
#include "src/api/streams/writable_stream.h"
#include "src/js/isolate.h"

namespace ocapd::api {

namespace {

// ---- what native.js calls ----

void attach(js::Turn& turn, NativeSource* source, v8::Local<v8::Object> controller) {
  source->attach(turn, controller);
}
void read(js::Turn& turn, NativeSource* source) {
  source->read(turn);
}
void readInto(js::Turn& turn, NativeSource* source, v8::Local<v8::Value> buffer, double offset,
              double bytesMax, double bytesMin) {
  source->readInto(turn, buffer, size_t(offset), size_t(bytesMax), size_t(bytesMin));
}
void cancel(js::Turn&, NativeSource* source) {
  source->cancel();
}
v8::Local<v8::Value> tee(js::Turn& turn, NativeSource* source) {
  auto [left, right] = source->tee(turn);
  v8::Local<v8::Value> both[] = {turn.wrap(*left), turn.wrap(*right)};
  return v8::Array::New(turn.v8, both, 2);
}

js::Promise pump(js::Turn& turn, NativeSource* source, NativeSink* sink) {
  return source->pump(turn, *sink);
}

bool gotChunk(js::Turn& turn, ChunkSink* sink, v8::Local<v8::Value> value) {
  return sink->chunk(turn, value);
}
void gotEnd(js::Turn& turn, ChunkSink* sink) {
  sink->end(turn);
}
void gotFailure(js::Turn& turn, ChunkSink* sink, v8::Local<v8::Value> reason) {
  sink->fail(turn, reason);
}

void write(js::Turn& turn, NativeSink* sink, v8::Local<v8::Value> buffer,
           v8::Local<v8::Object> controller) {
  sink->write(turn, buffer, controller);
}
js::Promise end(js::Turn& turn, NativeSink* sink) {
  return sink->end(turn);
}
void abort(js::Turn& turn, NativeSink* sink, v8::Local<v8::Value> reason) {
  sink->abort(turn, reason);
}

constexpr js::Member kNatives[] = {
    js::function<&attach>("attach"),
    js::function<&read>("read"),
    js::function<&readInto>("readInto"),
    js::function<&cancel>("cancel"),
    js::function<&tee>("tee"),
    js::function<&pump>("pump"),
    js::function<&gotChunk>("gotChunk"),
    js::function<&gotEnd>("gotEnd"),
    js::function<&gotFailure>("gotFailure"),
    js::function<&write>("write"),
    js::function<&end>("end"),
    js::function<&abort>("abort"),
};

}  // namespace

constinit const js::Builtin kStreams{.name = "streams", .source = kStreamsJs, .natives = kNatives};

void installStreams(js::GlobalBuilder& global) {
  global.add(NativeSource::kClass).add(ChunkSink::kClass).add(NativeSink::kClass).add(kStreams);
}

v8::Local<v8::Value> callStreams(js::Turn& turn, kj::StringPtr function,
                                 std::initializer_list<v8::Local<v8::Value>> arguments) {
  auto builtin = turn.isolate().builtin(turn, kStreams);
  return turn.check(turn.get(builtin, function)
                        .As<v8::Function>()
                        ->Call(turn.context, turn.undefined(), int(arguments.size()),
                               const_cast<v8::Local<v8::Value>*>(arguments.begin())));
}

}  // namespace ocapd::api
