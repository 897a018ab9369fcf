// Where the config comes from, as the command line says.
#pragma once

#include "src/cli/command_line.h"
#include "src/config/load.h"

namespace ocapd::cli {

// Says what is wrong with the path before anything is read.
kj::Maybe<UsageError> checkConfigFile(kj::StringPtr path);

// Reads the file, or standard input. `constName` takes the place of the command line's.
config::LoadResult loadConfig(const CommandLine& line,
                              const kj::Maybe<kj::String>& constName = nullptr);

}  // namespace ocapd::cli
