// RSA keys as JSON Web Keys.
//
// Spec      RFC 7518, section 6.3
#pragma once

#include "src/api/crypto/algorithm.h"

namespace ocapd::api::crypto {

// A key from n, e and, for a private one, d with or without the primes. DataError in the
// reference's words when members are missing or wrong.
Pkey rsaFromJwk(const Jwk& jwk);

// Sets the members of a key.
void putRsa(Jwk& jwk, const EVP_PKEY* key, KeyType type);

// Whether a private key's parts fit each other; without primes there is nothing to compare.
bool isConsistentRsa(const EVP_PKEY* key);

}  // namespace ocapd::api::crypto
