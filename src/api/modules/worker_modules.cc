#include "src/api/modules/worker_modules.h"

#include <kj/map.h>

#include "src/api/node/node_modules.h"
#include "src/api/sockets/socket.h"
#include "src/api/workers/workers_module.h"

namespace ocapd::api {

namespace {

using Flag = compat::CompatFlag;

constexpr kj::StringPtr kNode = "node:"_kj;
constexpr kj::StringPtr kNodeInternal = "node-internal:"_kj;

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
    {"cloudflare:sockets"_kj, js::Importer::User, &socketsModule, kAlways},
    {"cloudflare:workers"_kj, js::Importer::User, &workersModule, kAlways},
};

}  // namespace

// Bare names are Node's where that is on, also those of modules that are not there.
kj::Maybe<kj::StringPtr> WorkerModules::canonicalName(kj::StringPtr specifier) {
  if (!flags_.has(Flag::NodejsCompatV2)) return nullptr;
  static const kj::HashMap<kj::StringPtr, kj::String> kNames = [] {
    kj::HashMap<kj::StringPtr, kj::String> names;
    for (auto name : nodeModuleNames()) names.insert(name, kj::str(kNode, name));
    return names;
  }();
  return kNames.find(specifier).map([](const kj::String& name) { return kj::StringPtr(name); });
}

bool WorkerModules::hasNode(kj::StringPtr specifier) const {
  if (flags_.has(Flag::NodejsCompat) || flags_.has(Flag::NodejsCompatV2)) return true;
  return flags_.has(Flag::NodejsAls) && specifier == "node:async_hooks";
}

kj::Maybe<v8::Local<v8::Object>> WorkerModules::exportsOf(js::Turn& turn, kj::StringPtr specifier,
                                                          js::Importer importer) {
  if (specifier.startsWith(kNode)) {
    if (importer == js::Importer::User && !hasNode(specifier)) return nullptr;
    return nodeModuleExports(turn, specifier);
  }
  if (specifier.startsWith(kNodeInternal)) {
    if (importer == js::Importer::User) return nullptr;
    return nodeModuleExports(turn, specifier);
  }
  for (const Row& row : kRows) {
    if (row.specifier != specifier || !row.isThere(flags_)) continue;
    if (row.visibleTo == js::Importer::Internal && importer == js::Importer::User) continue;
    return row.exports(turn);
  }
  return nullptr;
}

}  // namespace ocapd::api
