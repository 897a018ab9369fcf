#include "src/cli/config_source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kj/filesystem.h>
#include <kj/io.h>

namespace ocapd::cli {

kj::Maybe<UsageError> checkConfigFile(kj::StringPtr path) {
  if (path == "-") return nullptr;
  struct stat info;
  if (::stat(path.cStr(), &info) < 0) {
    return usageError(errno == ENOENT ? kj::str(path, ": No such file.")
                                      : kj::str(path, ": ", strerror(errno)));
  }
  if (S_ISDIR(info.st_mode)) return usageError(kj::str(path, ": Config path is not a file."));
  return nullptr;
}

config::LoadResult loadConfig(const CommandLine& line, const kj::Maybe<kj::String>& constName) {
  auto name = line.constName;
  KJ_IF_MAYBE(given, constName) {
    name = kj::StringPtr(*given);
  }
  config::Overrides overrides{line.directoryPaths, line.externalAddresses, line.sockets};
  config::LoadOptions options{.experimental = line.experimental,
                              .compatibilityDate = line.compatibilityDate};
  auto disk = kj::newDiskFilesystem();
  if (!line.binary) {
    return config::loadText(*disk, config::TextConfig{line.configFile, name, line.importDirs},
                            overrides, options);
  }
  if (line.configFile == "-") {
    kj::FdInputStream standardInput(STDIN_FILENO);
    return config::loadBinary(standardInput, line.configFile, overrides, options);
  }
  return config::loadBinary(*disk, line.configFile, overrides, options);
}

}  // namespace ocapd::cli
