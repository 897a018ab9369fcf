#include "src/api/modules/worker_modules.h"

#include "src/api/actor/unsafe_module.h"
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

// "cloudflare:email": what an extension of the config gives as "cloudflare-internal:email".
kj::Maybe<v8::Local<v8::Object>> emailModule(js::Turn& turn) {
  auto* modules = turn.isolate().modules;
  if (modules == nullptr) return nullptr;
  KJ_IF_MAYBE(extension, modules->importInternal(turn, "cloudflare-internal:email")) {
    auto given = turn.get(*extension, "default");
    if (!given->IsObject()) return nullptr;
    auto exports = v8::Object::New(turn.v8);
    turn.set(exports, "EmailMessage", turn.get(given.As<v8::Object>(), "EmailMessage"));
    return exports;
  }
  return nullptr;
}

constexpr Row kRows[] = {
    {"cloudflare:sockets"_kj, js::Importer::User, &socketsModule, kAlways},
    {"cloudflare:workers"_kj, js::Importer::User, &workersModule, kAlways},
    {"workerd:unsafe"_kj, js::Importer::User, &unsafeModule,
     [](const compat::CompatFlags& flags) { return flags.has(Flag::UnsafeModule); }},
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
  if (specifier == "cloudflare:email") return emailModule(turn);
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
