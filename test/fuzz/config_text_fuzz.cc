// Text configs. The input is a file system: the main file, and behind each line `=== NAME` another
// file. It lives in memory, so that nothing of the machine can be read.

#include "config_check.h"
#include "src/config/load.h"
#include "src/config/memory_filesystem.h"

#include <string_view>

namespace {

constexpr std::string_view kSeparator = "\n=== ";

// False if there is no such file to be.
bool addFile(ocapd::config::MemoryFilesystem& files, kj::StringPtr name, std::string_view text) {
  return kj::runCatchingExceptions(
             [&]() { files.add(name, kj::arrayPtr(text.data(), text.size())); }) == nullptr;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ocapd::config::MemoryFilesystem files;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  auto name = kj::str("main.capnp");
  for (;;) {
    size_t end = rest.find(kSeparator);
    addFile(files, name, rest.substr(0, end));
    if (end == rest.npos) break;
    rest = rest.substr(end + kSeparator.size());
    size_t line = rest.find('\n');
    if (line == rest.npos) break;
    name = kj::str(kj::arrayPtr(rest.data(), line));
    rest = rest.substr(line + 1);
  }
  kj::StringPtr importDirs[] = {"."_kj};
  ocapd::fuzz::checkLoadResult(ocapd::config::loadText(files, {"main.capnp", nullptr, importDirs}));
  return 0;
}
