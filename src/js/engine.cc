#include "src/js/engine.h"

#include <kj/debug.h>
#include <kj/vector.h>
#include <v8-initialization.h>

namespace ocapd::js {

namespace {

// What ocapd asks of V8 before the config's own flags, which may override it.
constexpr const char kOwnFlags[] =
    // The embedded builtins stay in libnode's text: a copy near the code range costs 2 MB a process.
    "--no-short-builtin-calls "
    // No isolate uses it, and it makes every context bigger.
    "--no-harmony-shadow-realm";

void setFlags(kj::ArrayPtr<const kj::StringPtr> flags) {
  v8::V8::SetFlagsFromString(kOwnFlags);
  // V8 removes the flags it knows from an argument vector; what is left it did not know.
  kj::Vector<kj::String> copies;
  kj::Vector<char*> arguments;
  arguments.add(const_cast<char*>("ocapd"));
  for (auto& flag : flags) {
    arguments.add(copies.add(kj::str(flag)).begin());
  }
  int count = int(arguments.size());
  v8::V8::SetFlagsFromCommandLine(&count, arguments.begin(), true);
  KJ_REQUIRE(count <= 1, "V8 does not know this flag; remove it from v8Flags", arguments[1]);
}

}  // namespace

Engine::Engine(kj::ArrayPtr<const kj::StringPtr> flags) {
  setFlags(flags);
  v8::V8::InitializePlatform(&platform_);
  v8::V8::Initialize();
}

Engine::~Engine() noexcept {
  v8::V8::Dispose();
  v8::V8::DisposePlatform();
}

}  // namespace ocapd::js
