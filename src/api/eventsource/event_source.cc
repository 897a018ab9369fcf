#include "src/api/eventsource/event_source.h"

#include "src/api/eventsource/event_source_js.h"
#include "src/api/fetch/fetcher.h"
#include "src/api/streams/readable_stream.h"

namespace ocapd::api {

namespace {

// Through a Fetcher, or the worker's globalOutbound.
js::Promise fetch(js::Turn& turn, v8::Local<v8::Value> fetcher, v8::Local<v8::Value> url,
                  v8::Local<v8::Value> init) {
  if (auto* given = turn.unwrap<Fetcher>(fetcher)) return given->fetch(turn, url, init);
  return globalFetch(turn, url, init);
}

bool isFetcher(js::Turn& turn, v8::Local<v8::Value> value) {
  return turn.unwrap<Fetcher>(value) != nullptr;
}

bool isReadableStream(js::Turn& turn, v8::Local<v8::Value> value) {
  return ReadableStream::from(turn, value) != nullptr;
}

constexpr js::Member kNatives[] = {
    js::function<&fetch>("fetch"),
    js::function<&isFetcher>("isFetcher"),
    js::function<&isReadableStream>("isReadableStream"),
};

}  // namespace

constinit const js::Builtin kEventSource{
    .name = "eventSource", .source = kEventSourceJs, .natives = kNatives};

}  // namespace ocapd::api
