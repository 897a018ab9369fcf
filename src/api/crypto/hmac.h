// HMAC contexts: one that has seen its key computes any number of MACs.
#pragma once

#include "src/api/crypto/digest.h"

namespace ocapd::api::crypto {

MacContext newHmac(Hash hash, BytesPtr key);

}  // namespace ocapd::api::crypto
