#include "src/cli/test_command.h"

#include <stdio.h>

#include <kj/async-io.h>
#include <kj/async-unix.h>

#include "src/cli/config_source.h"
#include "src/cli/limits.h"
#include "src/cli/test_filter.h"
#include "src/server/net/tls.h"
#include "src/server/server.h"
#include "src/server/worker_service.h"

namespace ocapd::cli {

namespace {

constexpr kj::StringPtr kDefault = "default"_kj;

// "424µs", "31.4ms", "2.1s"
kj::String describe(kj::Duration duration) {
  auto rounded = [](double value) {
    char text[32];
    snprintf(text, sizeof(text), "%.1f", value);
    return kj::heapString(text);
  };
  int64_t micros = duration / kj::MICROSECONDS;
  if (micros < 1000) return kj::str(micros, "µs");
  if (micros < 1000000) return kj::str(rounded(double(micros) / 1000), "ms");
  return kj::str(rounded(double(micros) / 1000000), "s");
}

class TestRun {
 public:
  TestRun(kj::AsyncIoContext& io, server::Server& server, server::Logger& logger)
      : io_(io), server_(server), logger_(logger) {}

  int run(const TestFilter& filter) {
    auto& services = server_.plan().services;
    for (size_t i : kj::indices(services)) {
      if (!matchesGlob(filter.service, services[i].name)) continue;
      for (auto& entrypoint : server_.testEntrypoints(i)) {
        if (!matchesGlob(filter.entrypoint, entrypoint)) continue;
        runOne(i, services[i].name, entrypoint);
      }
    }
    if (count_ == 0)
      logger_.log(server::Logger::Level::Error, __FILE__, __LINE__, "No tests found!");
    if (count_ > 0 && failed_ == 0) return 0;
    fputs("Tests failed!\n", stderr);
    return 1;
  }

 private:
  void runOne(size_t service, kj::StringPtr name, kj::StringPtr entrypoint) {
    bool isDefault = entrypoint == kDefault;
    auto title = isDefault ? kj::str(name) : kj::str(name, ":", entrypoint);
    logger_.progress(__FILE__, __LINE__, kj::str("[ TEST ] ", title));
    auto& clock = kj::systemPreciseMonotonicClock();
    auto start = clock.now();
    ++count_;
    kj::Maybe<kj::StringPtr> named;
    if (!isDefault) named = entrypoint;
    auto channel = server_.getChannel(config::ServiceRef{service, named, nullptr});
    auto target = channel->startRequest({});
    kj::StringPtr verdict = "PASS";
    KJ_IF_MAYBE(exception, kj::runCatchingExceptions([&] { target->test().wait(io_.waitScope); })) {
      ++failed_;
      verdict = "FAIL";
      logger_.log(server::Logger::Level::Error, __FILE__, __LINE__,
                  server::describeException(*exception));
    }
    target = nullptr;
    auto took = describe(clock.now() - start);
    logger_.progress(__FILE__, __LINE__, kj::str("[ ", verdict, " ] ", title, " (", took, ")"));
  }

  kj::AsyncIoContext& io_;
  server::Server& server_;
  server::Logger& logger_;
  size_t count_ = 0;
  size_t failed_ = 0;
};

bool start(server::Server& server, server::WorkerServices& workers, server::Logger& logger,
           const CommandLine& line, config::LoadResult& loaded) {
  for (auto& warning : loaded.warnings) logger.configWarning(warning.toString());
  for (auto& error : loaded.errors) logger.configError(error.toString());
  KJ_IF_MAYBE(plan, loaded.plan) {
    logger.setStructured(plan->logging.structured);
    kj::Vector<kj::StringPtr> flags;
    flags.addAll(plan->v8Flags);
    if (line.predictable) flags.addAll(std::initializer_list<kj::StringPtr>{"--predictable"_kj});
    KJ_IF_MAYBE(unknownFlag, workers.startEngine(flags)) {
      logger.configError(*unknownFlag);
      return false;
    }
    return server.start(kj::mv(*plan));
  }
  return false;
}

}  // namespace

int test(const CommandLine& line, server::Logger& logger) {
  KJ_IF_MAYBE(error, checkConfigFile(line.configFile)) {
    fputs(error->text.cStr(), stderr);
    return 1;
  }
  TestFilter filter;
  KJ_IF_MAYBE(text, line.filter) {
    auto parsed = parseTestFilter(*text);
    KJ_IF_MAYBE(given, parsed) {
      filter = kj::mv(*given);
    } else {
      fputs(usageError(kj::str(*text, ": Too many colons.")).text.cStr(), stderr);
      return 1;
    }
  }
  if (line.allAutogates) {
    logger.configWarning("--all-autogates has no effect: ocapd has no autogates. Leave it out.");
  }
  server::net::useSystemTrustStore();
  auto io = kj::setupAsyncIo();
  auto loaded = loadConfig(line, filter.constName);
  server::WorkerServices workers(io.provider->getTimer(), logger);
  workers.setLimits(limitsOf(line));
  if (line.gcStress) workers.stressCollector();
  server::Server server(io, logger, workers, server::ControlChannel(nullptr));
  if (!start(server, workers, logger, line, loaded)) return 1;
  return TestRun(io, server, logger).run(filter);
}

}  // namespace ocapd::cli
