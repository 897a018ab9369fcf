// `ocapd serve`: loads a config, serves it until told to stop, and with --watch starts over when it
// changes.
#pragma once

#include "src/cli/command_line.h"
#include "src/server/logger.h"

namespace ocapd::cli {

// Returns the exit code. `argv` is what the program was started with, to start it again.
int serve(const CommandLine& line, server::Logger& logger, char** argv);

}  // namespace ocapd::cli
