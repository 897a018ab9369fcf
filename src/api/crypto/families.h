// The rows of the table of algorithms, by the file that has them.
#pragma once

#include "src/api/crypto/algorithm.h"

namespace ocapd::api::crypto {

// aes.cc
extern const Algorithm kAesCtr;
extern const Algorithm kAesCbc;
extern const Algorithm kAesGcm;
extern const Algorithm kAesKw;
// hmac.cc
extern const Algorithm kHmac;
// kdf.cc
extern const Algorithm kHkdf;
extern const Algorithm kPbkdf2;
// rsa.cc
extern const Algorithm kRsassaPkcs1;
extern const Algorithm kRsaPss;
extern const Algorithm kRsaOaep;
// ec.cc
extern const Algorithm kEcdsa;
extern const Algorithm kEcdh;
// edwards.cc
extern const Algorithm kEd25519;
extern const Algorithm kNodeEd25519;
extern const Algorithm kX25519;

}  // namespace ocapd::api::crypto
