// Binary configs, as they come in through standard input.

#include "config_check.h"
#include "src/config/load.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  kj::ArrayInputStream in(kj::arrayPtr(data, size));
  ocapd::fuzz::checkLoadResult(ocapd::config::loadBinary(in, "<stdin>"));
  return 0;
}
