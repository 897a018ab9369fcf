#include "src/api/node/bindings/tables.h"
#include "src/api/node/crypto/crypto_binding.h"

namespace ocapd::api::node {

const Binding kCrypto{"crypto", cryptoFunctions()};

}  // namespace ocapd::api::node
