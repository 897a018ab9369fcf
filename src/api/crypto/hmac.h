// HMAC: RFC 2104 over the hash functions of digest.h.
//
// By hand rather than by OpenSSL's EVP_MAC: making, keying and duplicating its contexts takes
// several times as long as hashing a short message.
#pragma once

#include "src/api/crypto/digest.h"

namespace ocapd::api::crypto {

// The code of all the pieces, one behind the other, into `into`, which has rowOf(hash).bytes bytes
// and may be one of the pieces.
void hmac(Hash hash, BytesPtr key, std::initializer_list<BytesPtr> pieces,
          kj::ArrayPtr<kj::byte> into);

}  // namespace ocapd::api::crypto
