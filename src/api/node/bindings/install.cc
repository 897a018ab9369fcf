#include "src/api/node/bindings/install.h"

#include "src/api/node/crypto/crypto_binding.h"

namespace ocapd::api {

void installNodeClasses(js::GlobalBuilder& global) {
  node::installCrypto(global);
}

}  // namespace ocapd::api
