// `ocapd test`: runs the test() handlers of a config's workers, one after another.
//
// Errors    the exit code: 0 if all passed, 1 if any failed, none was found, or the config is
// wrong.
#pragma once

#include "src/cli/command_line.h"
#include "src/server/logger.h"

namespace ocapd::cli {

int test(const CommandLine& line, server::Logger& logger);

}  // namespace ocapd::cli
