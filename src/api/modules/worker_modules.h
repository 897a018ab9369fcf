// WorkerModules: the built-in modules that a worker may import: "cloudflare:workers" and the like.
//
// Owns      nothing but what it has made.
// Lives     as long as its worker's module loader.
// Threads   its lane.
#pragma once

#include <kj/map.h>
#include <v8-persistent-handle.h>

#include "src/compat/compat_flags.h"
#include "src/js/module_loader.h"

namespace ocapd::api {

class WorkerModules final : public js::BuiltInModules {
 public:
  explicit WorkerModules(const compat::CompatFlags& flags) : flags_(flags) {}

  kj::Maybe<kj::StringPtr> canonicalName(kj::StringPtr specifier) override;
  kj::Maybe<v8::Local<v8::Object>> exportsOf(js::Turn& turn, kj::StringPtr specifier,
                                             js::Importer importer) override;

 private:
  const compat::CompatFlags& flags_;
};

}  // namespace ocapd::api
