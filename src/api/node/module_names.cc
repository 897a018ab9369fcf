#include "src/api/node/module_names.h"

#include "src/api/node/node_modules.h"

namespace ocapd::api {

namespace {

constexpr size_t kPrefixLength = sizeof("node:") - 1;

kj::StringPtr bareName(const node::ModuleName& module) {
  return module.specifier.slice(kPrefixLength);
}

template <size_t kCount>
kj::Maybe<node::Flag> gateIn(const node::ModuleName (&modules)[kCount], kj::StringPtr specifier) {
  for (const auto& module : modules) {
    if (module.specifier == specifier) return module.gate;
  }
  return nullptr;
}

}  // namespace

bool hasNodeModule(const compat::CompatFlags& flags, kj::StringPtr specifier) {
  using Flag = compat::CompatFlag;
  bool isOn = flags.has(Flag::NodejsCompat) || flags.has(Flag::NodejsCompatV2);
  if (!isOn) return flags.has(Flag::NodejsAls) && specifier == "node:async_hooks";
  auto gate = gateIn(node::kModules, specifier);
  if (gate == nullptr) gate = gateIn(node::kPrefixedModules, specifier);
  KJ_IF_MAYBE(flag, gate) {
    return *flag == Flag::NodejsCompat || flags.has(*flag);
  }
  return false;
}

kj::Maybe<kj::StringPtr> nodeModuleOfBareName(kj::StringPtr name) {
  for (const auto& module : node::kModules) {
    if (bareName(module) == name) return module.specifier;
  }
  return nullptr;
}

kj::ArrayPtr<const kj::StringPtr> nodeModuleNames() {
  static const auto kNames =
      KJ_MAP(module, kj::arrayPtr(node::kModules, std::size(node::kModules))) {
    return bareName(module);
  };
  return kNames;
}

}  // namespace ocapd::api
