#include "src/js/engine.h"

#include <kj/debug.h>
#include <v8-initialization.h>

namespace ocapd::js {

namespace {

// What ocapd asks of V8 before the config's own flags, which may override it.
constexpr const char kOwnFlags[] =
    // The embedded builtins stay in libnode's text: a copy near the code range costs 2 MB a
    // process.
    "--no-short-builtin-calls "
    // V8 13.6 leaves the interrupt check out of some endless loops it has analysed for unrolling
    // (`for (;;) new Array(1000).fill(1.5)`): nothing could terminate them.
    "--no-turboshaft-loop-unrolling "
    // No isolate uses it, and it makes every context bigger.
    "--no-harmony-shadow-realm";

// Sets one flag; false when V8 does not know it. V8 removes the flags it knows from an argument
// vector.
bool setFlag(kj::StringPtr flag) {
  auto copy = kj::str(flag);
  char program[] = "ocapd";
  char* arguments[] = {program, copy.begin(), nullptr};
  int count = 2;
  v8::V8::SetFlagsFromCommandLine(&count, arguments, true);
  return count == 1;
}

}  // namespace

kj::Maybe<kj::StringPtr> Engine::findUnknownFlag(kj::ArrayPtr<const kj::StringPtr> flags) {
  for (auto& flag : flags) {
    if (!setFlag(flag)) return flag;
  }
  return nullptr;
}

Engine::Engine(kj::ArrayPtr<const kj::StringPtr> flags) {
  v8::V8::SetFlagsFromString(kOwnFlags);
  for (auto& flag : flags) setFlag(flag);
  v8::V8::InitializePlatform(&platform_);
  v8::V8::Initialize();
}

Engine::~Engine() noexcept {
  v8::V8::Dispose();
  v8::V8::DisposePlatform();
}

}  // namespace ocapd::js
