// What keys that are plain bytes have in common: AES and HMAC keys.
#pragma once

#include "src/api/crypto/algorithm.h"

namespace ocapd::api::crypto {

// A fresh random key.
Secret randomSecret(uint32_t bits);

// The bytes of an "oct" JSON Web Key after the checks that all such keys have; `use` is the one use
// it may name. `what` begins the error texts.
Bytes importOct(const ImportSource& source, kj::StringPtr what, kj::StringPtr use,
                const Algorithm& algorithm);

// Throws when a JSON Web Key says of itself that it may not be exported and is to be.
void checkExtractable(const ImportSource& source, const Algorithm& algorithm);
// Throws when key_ops has a name twice or lacks one of the usages. `what` begins the first text.
void checkKeyOperations(const ImportSource& source, kj::StringPtr what);

}  // namespace ocapd::api::crypto
