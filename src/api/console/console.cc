#include "src/api/console/console.h"

#include "src/api/console/console_js.h"
#include "src/api/io/worker_host.h"

namespace ocapd::api {

namespace {

using Level = WorkerHost::LogLevel;

template <Level kLevel>
void write(js::Turn& turn, kj::String text) {
  WorkerHost::of(turn).writeConsole(kLevel, text);
}

constexpr js::Member kNatives[] = {
    js::function<&write<Level::Debug>>("debug"), js::function<&write<Level::Info>>("info"),
    js::function<&write<Level::Log>>("log"),     js::function<&write<Level::Warn>>("warn"),
    js::function<&write<Level::Error>>("error"),
};

}  // namespace

constinit const js::Builtin kConsole{
    .name = "console", .source = kConsoleJs, .natives = kNatives};

}  // namespace ocapd::api
