#include "src/api/node/bindings/install.h"

#include "src/api/node/compression/compressor.h"
#include "src/api/node/crypto/crypto_binding.h"

namespace ocapd::api {

void installNodeClasses(js::GlobalBuilder& global) {
  node::installCrypto(global);
  global.add(node::Compressor::kClass);
}

}  // namespace ocapd::api
