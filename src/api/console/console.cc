#include "src/api/console/console.h"

#include "src/api/console/console_js.h"
#include "src/api/console/native_hooks.h"
#include "src/api/io/trace_sink.h"
#include "src/api/io/worker_host.h"

namespace ocapd::api {

namespace {

using Level = WorkerHost::LogLevel;

template <Level kLevel>
void write(js::Turn& turn, kj::String text) {
  WorkerHost::of(turn).writeConsole(kLevel, text);
}

bool isTraced(js::Turn& turn) {
  return TraceSink::current(turn) != nullptr;
}

void trace(js::Turn& turn, uint32_t level, kj::String argumentsJson) {
  if (auto* sink = TraceSink::current(turn)) sink->traceLog(Level(level), argumentsJson);
}

bool colors(js::Turn& turn) {
  return WorkerHost::of(turn).wantsConsoleColors();
}

constexpr js::Member kNatives[] = {
    js::function<&kindOf>("kindOf"),
    js::function<&getProxyDetails>("getProxyDetails"),
    js::function<&getPromiseState>("getPromiseState"),
    js::function<&previewEntries>("previewEntries"),
    js::function<&ownNonIndexKeys>("ownNonIndexKeys"),
    js::function<&describeApi>("describeApi"),
    js::function<&colors>("colors"),
    js::function<&isTraced>("isTraced"),
    js::function<&trace>("trace"),
    js::function<&write<Level::Debug>>("debug"),
    js::function<&write<Level::Info>>("info"),
    js::function<&write<Level::Log>>("log"),
    js::function<&write<Level::Warn>>("warn"),
    js::function<&write<Level::Error>>("error"),
};

}  // namespace

constinit const js::Builtin kConsole{.name = "console", .source = kConsoleJs, .natives = kNatives};

}  // namespace ocapd::api
