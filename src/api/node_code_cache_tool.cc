// Build-time program: writes the compiled code of Node's modules to the file it is told.
//
// In an isolate of the startup snapshot, as V8 ties code to the read-only heap it was made with.

#include <stdio.h>

#include "src/api/install.h"
#include "src/api/io/worker_host.h"
#include "src/api/node/code_cache.h"
#include "src/js/engine.h"
#include "src/js/isolate.h"
#include "src/rpc/host_type.h"

namespace {

// What takes longest to compile of what is used most; the others are compiled when needed.
constexpr kj::StringPtr kSpecifiers[] = {
    "node:assert"_kj,
    "node:async_hooks"_kj,
    "node:buffer"_kj,
    "node:crypto"_kj,
    "node:events"_kj,
    "node:path"_kj,
    "node:process"_kj,
    "node:querystring"_kj,
    "node:stream"_kj,
    "node:stream/promises"_kj,
    "node:string_decoder"_kj,
    "node:timers"_kj,
    "node:url"_kj,
    "node:util"_kj,
    "node:zlib"_kj,
};

class NoWorker final : public ocapd::api::WorkerHost {
 public:
  const ocapd::compat::CompatFlags& flags() const override { return flags_; }
  v8::Local<v8::Object> env(ocapd::js::Turn& turn) override { return v8::Object::New(turn.v8); }
  v8::Local<v8::Object> exports(ocapd::js::Turn& turn) override { return env(turn); }
  kj::ArrayPtr<const ocapd::rpc::HostType> hostTypes() override { return nullptr; }
  bool wantsConsoleColors() override { return false; }
  void writeConsole(LogLevel, kj::StringPtr) override {}

 private:
  ocapd::compat::CompatFlags flags_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: node_code_cache_tool OUTPUT\n");
    return 1;
  }
  ocapd::js::Engine engine;
  ocapd::js::Isolate isolate(engine, ocapd::api::global(), ocapd::api::snapshot(), {});
  NoWorker host;
  isolate.owner = static_cast<ocapd::api::WorkerHost*>(&host);
  kj::Array<kj::byte> bytes;
  isolate.run([&](ocapd::js::Turn& turn) {
    auto failure = turn.catching(
        [&] { bytes = ocapd::api::node::makeCodeCache(turn, kSpecifiers).serialize(); });
    KJ_IF_MAYBE(reason, failure) {
      v8::String::Utf8Value text(turn.v8, *reason);
      fprintf(stderr, "a module failed: %s\n", *text);
    }
  });
  if (bytes.size() == 0) return 1;
  FILE* file = fopen(argv[1], "wb");
  if (file == nullptr || fwrite(bytes.begin(), 1, bytes.size(), file) != bytes.size() ||
      fclose(file) != 0) {
    perror(argv[1]);
    return 1;
  }
  return 0;
}
