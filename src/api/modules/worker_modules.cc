#include "src/api/modules/worker_modules.h"

#include "src/api/bindings/bindings.h"
#include "src/api/node/node_modules.h"
#include "src/api/sockets/socket.h"
#include "src/api/workers/workers_module.h"

namespace ocapd::api {

namespace {

using Flag = compat::CompatFlag;

struct Row {
  kj::StringPtr specifier;
  js::Importer visibleTo;
  v8::Local<v8::Object> (*exports)(js::Turn&);
  bool (*isThere)(const compat::CompatFlags&);
};

constexpr bool (*kAlways)(const compat::CompatFlags&) = [](const compat::CompatFlags&) {
  return true;
};

constexpr Row kRows[] = {
     [](const compat::CompatFlags& flags) { return flags.has(Flag::UnsafeModule); }},
    {"cloudflare:sockets"_kj, js::Importer::User, &socketsModule, kAlways},
    {"cloudflare:workers"_kj, js::Importer::User, &workersModule, kAlways},
};

}  // namespace

kj::Maybe<kj::StringPtr> WorkerModules::canonicalName(kj::StringPtr specifier) {
  if (!flags_.has(Flag::NodejsCompatV2)) return nullptr;
  return nodeModuleOfBareName(specifier);
}

kj::Maybe<v8::Local<v8::Object>> WorkerModules::exportsOf(js::Turn& turn, kj::StringPtr specifier,
                                                          js::Importer importer) {
  for (const Row& row : kRows) {
    if (row.specifier != specifier || !row.isThere(flags_)) continue;
    if (row.visibleTo == js::Importer::Internal && importer == js::Importer::User) continue;
    return row.exports(turn);
  }
  if (importer == js::Importer::Internal) {
    KJ_IF_MAYBE(exports, wrappedBindingModule(turn, specifier)) {
      return *exports;
    }
  }
  if (importer == js::Importer::Internal || hasNodeModule(flags_, specifier)) {
    return nodeModuleExports(turn, specifier);
  }
  return nullptr;
}

}  // namespace ocapd::api
