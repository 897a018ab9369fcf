// The limits that the command line sets for workers.
#pragma once

#include "src/cli/command_line.h"
#include "src/server/worker_service.h"

namespace ocapd::cli {

inline server::WorkerServices::Limits limitsOf(const CommandLine& line) {
  return {int64_t(line.turnMillisecondsMax) * kj::MILLISECONDS,
          size_t(line.heapMegabytesMax) * 1024 * 1024};
}

}  // namespace ocapd::cli
