// From a config to a Plan. The room's door: the command line and the server need only this header
// and plan.h.
//
// Owns      nothing; a LoadResult owns all that it holds.
// Threads   any; no state is shared between calls.
// Limits    kTextBytesMax and the others in text_files.h, kBinaryBytesMax in binary_config.h.
// Errors    never thrown: whatever is wrong with the files is in LoadResult::errors.
#pragma once

#include "plan.h"
#include "problem.h"

#include <kj/filesystem.h>
#include <kj/io.h>
#include <kj/time.h>
#include <kj/vector.h>

namespace ocapd::config {

// What the command line says instead of the config. Of two entries for one name the later wins.
// Strings are copied into the Plan.
struct Overrides {
  struct Value {
    kj::StringPtr name;
    kj::StringPtr value;
  };
  struct Listener {
    kj::StringPtr name;
    kj::OneOf<kj::StringPtr, int> addressOrFd;  // --socket-addr or --socket-fd
  };
  kj::ArrayPtr<const Value> directoryPaths;     // --directory-path
  kj::ArrayPtr<const Value> externalAddresses;  // --external-addr
  kj::ArrayPtr<const Listener> sockets;         // both options, in the order given
};

// What else the command line and the process say.
struct LoadOptions {
  bool experimental = false;                   // --experimental
  kj::Maybe<kj::StringPtr> compatibilityDate;  // --compat-date: of all workers, which have none
  const kj::Clock& calendar = kj::systemCoarseCalendarClock();  // no date may lie in its future
};

struct LoadResult {
  kj::Maybe<Plan> plan;  // set exactly if there are no errors
  kj::Vector<Problem> errors;
  kj::Vector<Problem> warnings;
  // Every file that was read, absolute: what --watch watches, so also set when there are errors.
  kj::Array<kj::String> files;
};

struct TextConfig {
  kj::StringPtr path;                            // as typed: relative to the working directory
  kj::Maybe<kj::StringPtr> constName;            // may be dotted; none: the only one of type Config
  kj::ArrayPtr<const kj::StringPtr> importDirs;  // -I, searched in this order
};

LoadResult loadText(const kj::Filesystem& files, const TextConfig& config,
                    const Overrides& overrides = {}, const LoadOptions& options = {});

// Reads one framed message from `in` and no further. `name` is shown in errors.
LoadResult loadBinary(kj::InputStream& in, kj::StringPtr name, const Overrides& overrides = {},
                      const LoadOptions& options = {});
LoadResult loadBinary(const kj::Filesystem& files, kj::StringPtr path,
                      const Overrides& overrides = {}, const LoadOptions& options = {});

}  // namespace ocapd::config
