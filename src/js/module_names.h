// ModuleNames: how module specifiers become the names under which modules are known.
//
// Two registries, as the reference has them: in the legacy one names are paths within the bundle
// ("dir/file.js"), in the newer one URLs under "file:///bundle/" (flag new_module_registry).
//
// Threads   any; immutable.
#pragma once

#include <cstdint>

#include <kj/string.h>

namespace ocapd::js {

enum class ModuleRegistry : uint8_t { Legacy, Urls };

class ModuleNames {
 public:
  explicit ModuleNames(ModuleRegistry registry) : registry_(registry) {}

  // The name of a bundle's module; none when there can be no such module ("../x", "/x").
  kj::Maybe<kj::String> ofBundled(kj::StringPtr name) const;

  // What `specifier` means in the module named `referrer`; none when it cannot mean anything.
  kj::Maybe<kj::String> resolve(kj::StringPtr specifier, kj::StringPtr referrer) const;

  // The name without what distinguishes several instances of one source (query and fragment).
  kj::String withoutInstance(kj::StringPtr name) const;

  // "Module not found: file:///bundle/x.js", in the registry's words.
  kj::String notFound(kj::StringPtr specifier, kj::StringPtr referrer) const;

  // `__filename` and `__dirname` of a module.
  kj::String filename(kj::StringPtr name) const;
  kj::String dirname(kj::StringPtr name) const;

  ModuleRegistry registry() const { return registry_; }

 private:
  ModuleRegistry registry_;
};

// Whether a specifier begins with a URL scheme, such as "node:path".
bool hasScheme(kj::StringPtr specifier);

}  // namespace ocapd::js
