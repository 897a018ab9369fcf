#include "src/api/node/bindings/binding.h"

#include "src/api/node/bindings/tables.h"

namespace ocapd::api::node {

std::span<const Binding* const> bindings() {
  static constexpr const Binding* kBindings[] = {
      &kAsyncContext, &kBuffer, &kCrypto, &kStringDecoder, &kTypes, &kUrl, &kUtil, &kZlib,
  };
  return kBindings;
}

}  // namespace ocapd::api::node
