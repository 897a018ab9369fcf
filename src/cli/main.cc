// The program `ocapd`.

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <kj/debug.h>
#include <kj/exception.h>

#include "src/cli/command_line.h"
#include "src/cli/serve.h"
#include "src/cli/test_command.h"
#include "src/server/logger.h"

namespace ocapd::cli {
namespace {

int print(FILE* file, kj::StringPtr text, int exitCode) {
  fwrite(text.begin(), 1, text.size(), file);
  return fflush(file) == 0 ? exitCode : 1;
}

int run(const CommandLine& line, char** argv) {
  // Tests tell everything unless they are told not to.
  bool verbose = line.verbose || (line.command == Command::Test && !line.quiet);
  auto detail = verbose ? server::Logger::Detail::Verbose : server::Logger::Detail::Normal;
  server::Logger logger(detail);
  server::KjLogBridge bridge(logger);
  switch (line.command) {
    case Command::Serve: return serve(line, logger, argv);
    case Command::Test: return test(line, logger);
  }
  KJ_UNREACHABLE;
}

int main(int argc, char** argv) {
  kj::Vector<kj::StringPtr> arguments;
  for (int i = 1; i < argc; i++) arguments.add(argv[i]);
  auto parsed = parseCommandLine(arguments);
  KJ_SWITCH_ONEOF(parsed) {
    KJ_CASE_ONEOF(answer, Answer) {
      return print(stdout, answer.text, 0);
    }
    KJ_CASE_ONEOF(error, UsageError) {
      return print(stderr, error.text, 1);
    }
    KJ_CASE_ONEOF(line, CommandLine) {
      int exitCode = 1;
      KJ_IF_MAYBE(exception, kj::runCatchingExceptions([&]() { exitCode = run(line, argv); })) {
        // Tools know a crash by these words.
        return print(stderr, kj::str("*** Fatal uncaught kj::Exception: ", *exception, "\n"), 1);
      }
      return exitCode;
    }
  }
  KJ_UNREACHABLE;
}

}  // namespace
}  // namespace ocapd::cli

int main(int argc, char** argv) {
  return ocapd::cli::main(argc, argv);
}
