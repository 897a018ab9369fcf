#include "src/cli/serve.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kj/async-io.h>
#include <kj/async-unix.h>
#include <kj/debug.h>

#include "src/cli/config_source.h"
#include "src/cli/file_watch.h"
#include "src/cli/limits.h"
#include "src/cli/startup_pages.h"
#include "src/server/net/tls.h"
#include "src/server/server.h"
#include "src/server/worker_service.h"

namespace ocapd::cli {
namespace {

// Editors and build tools write several files: the last change is waited for.
constexpr kj::Duration kQuietTime = 500 * kj::MILLISECONDS;
// Turns of the event loop before the kernel is asked for news although there is work to do: busy
// requests do not keep others from being read.
constexpr kj::uint kTurnsPerPoll = 256;
// By then whatever was waiting for the program has had its first answers.
constexpr kj::Duration kStartupTime = 300 * kj::MILLISECONDS;
// What shells report for a process ended by a signal.
constexpr int kSignalExitBase = 128;

void print(kj::StringPtr text) {
  fwrite(text.begin(), 1, text.size(), stderr);
  fflush(stderr);
}

kj::String programPath() {
  char path[PATH_MAX];
  ssize_t n = ::readlink("/proc/self/exe", path, sizeof(path));
  KJ_ASSERT(n > 0, "/proc is not mounted");
  return kj::heapString(path, n);
}

class Serving {
 public:
  Serving(const CommandLine& line, server::Logger& logger, char** argv)
      : line_(line), logger_(logger), argv_(argv), program_(programPath()) {}

  int run();

 private:
  // False if the config's errors, or those of its sockets, were reported.
  bool tryStart(server::Server& server, server::WorkerServices& workers,
                config::LoadResult& loaded);
  // False if it cannot listen; that has been reported.
  bool openInspector(server::WorkerServices& workers, server::ControlChannel& control);
  // Resolves when the config has changed and is quiet again.
  kj::Promise<void> configChanged(FileWatch& watch);
  kj::Promise<int> stopSignal();
  [[noreturn]] void startAgain();

  const CommandLine& line_;
  server::Logger& logger_;
  char** argv_;
  kj::String program_;
  kj::AsyncIoContext io_ = kj::setupAsyncIo();
  kj::Own<server::InspectorServer> inspector_;
};

int Serving::run() {
  io_.waitScope.setBusyPollInterval(kTurnsPerPoll);
  auto loaded = loadConfig(line_);
  kj::Maybe<FileWatch> watch;
  kj::Promise<void> changed = kj::NEVER_DONE;
  if (line_.watch) {
    auto& files = watch.emplace(io_.unixEventPort);
    for (auto& file : loaded.files) files.add(file);
    files.add(program_);
    changed = configChanged(files);
  }
  auto changedOnce = changed.fork();

  server::WorkerServices workers(io_.provider->getTimer(), logger_);
  workers.setLimits(limitsOf(line_));
  server::ControlChannel control(line_.controlFd);
  if (!openInspector(workers, control)) return 1;
  server::Server server(io_, logger_, workers, control);
  bool started = tryStart(server, workers, loaded);
  if (!started) {
    if (!line_.watch) return 1;
    print("Can't start server due to config errors, waiting for config files to change...\n"_kj);
  } else if (!server.hasSockets() && !line_.watch) {
    return 0;
  }

  auto startupForgotten = io_.provider->getTimer()
                              .afterDelay(kStartupTime)
                              .then([]() { forgetStartupPages(); })
                              .eagerlyEvaluate(nullptr);
  auto stopped = stopSignal();
  auto reload = changedOnce.addBranch().then([]() { return 0; });
  int signal = stopped.exclusiveJoin(kj::mv(reload)).wait(io_.waitScope);
  if (signal == 0) startAgain();
  if (!started) return 0;
  // A second signal means: now.
  auto impatient = stopSignal();
  auto drained = server.drain().then([]() { return 0; });
  int second = drained.exclusiveJoin(kj::mv(impatient)).wait(io_.waitScope);
  if (second != 0) ::_exit(kSignalExitBase + second);
  return 0;
}

bool Serving::tryStart(server::Server& server, server::WorkerServices& workers,
                       config::LoadResult& loaded) {
  KJ_IF_MAYBE(plan, loaded.plan) {
    logger_.setStructured(plan->logging.structured);
  }
  for (auto& warning : loaded.warnings) logger_.configWarning(warning.toString());
  for (auto& error : loaded.errors) logger_.configError(error.toString());
  KJ_IF_MAYBE(plan, loaded.plan) {
    KJ_IF_MAYBE(unknownFlag, workers.startEngine(plan->v8Flags)) {
      logger_.configError(*unknownFlag);
      return false;
    }
    KJ_IF_MAYBE(address, line_.debugPort) {
      server.setDebugPort({kj::str(*address), line_.debugPortAllowRemote});
    }
    return server.start(kj::mv(*plan));
  }
  return false;
}

bool Serving::openInspector(server::WorkerServices& workers, server::ControlChannel& control) {
  KJ_IF_MAYBE(address, line_.inspectorAddress) {
    auto opened = server::InspectorServer::open(*address);
    KJ_IF_MAYBE(error, opened.tryGet<server::net::OpenError>()) {
      auto text = kj::str("Inspector: ", error->what);
      KJ_IF_MAYBE(detail, error->detail) {
        logger_.configErrorWithDetail(text, *detail);
      } else {
        logger_.configError(text);
      }
      return false;
    }
    inspector_ = kj::mv(opened.get<kj::Own<server::InspectorServer>>());
    workers.setInspector(*inspector_);
    control.inspectorListens(inspector_->port());
  }
  return true;
}

kj::Promise<void> Serving::configChanged(FileWatch& watch) {
  co_await watch.changed();
  print("Noticed configuration change, reloading shortly...\r"_kj);
  auto& timer = io_.provider->getTimer();
  for (bool quiet = false; !quiet;) {
    auto again = watch.changed().then([]() { return false; });
    quiet = co_await timer.afterDelay(kQuietTime)
                .then([]() { return true; })
                .exclusiveJoin(kj::mv(again));
  }
  print("Reloading due to config change...           \n"_kj);
}

kj::Promise<int> Serving::stopSignal() {
  auto terminated = io_.unixEventPort.onSignal(SIGTERM).then([](siginfo_t) { return SIGTERM; });
  auto interrupted = io_.unixEventPort.onSignal(SIGINT).then([](siginfo_t) { return SIGINT; });
  return terminated.exclusiveJoin(kj::mv(interrupted));
}

void Serving::startAgain() {
  // All descriptors of ours close themselves; inherited ones stay open for the next life.
  ::execv(program_.cStr(), argv_);
  KJ_FAIL_SYSCALL("execv", errno, program_);
}

}  // namespace

int serve(const CommandLine& line, server::Logger& logger, char** argv) {
  KJ_IF_MAYBE(error, checkConfigFile(line.configFile)) {
    print(error->text);
    return 1;
  }
  // Before there is an event loop, or threads.
  kj::UnixEventPort::captureSignal(SIGTERM);
  kj::UnixEventPort::captureSignal(SIGINT);
  server::net::useSystemTrustStore();
  return Serving(line, logger, argv).run();
}

}  // namespace ocapd::cli
