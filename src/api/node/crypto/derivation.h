// Keys derived from passwords and secrets, random numbers, primes, constant-time comparison.
//
// Spec      https://nodejs.org/api/crypto.html
#pragma once

#include "src/api/node/crypto/openssl.h"

namespace ocapd::api::node {

v8::Local<v8::Value> pbkdf2(js::Turn& turn, v8::Local<v8::Value> password,
                            v8::Local<v8::Value> salt, uint32_t iterations, uint32_t keyBytes,
                            kj::String digest);
v8::Local<v8::Value> scrypt(js::Turn& turn, v8::Local<v8::Value> password,
                            v8::Local<v8::Value> salt, double cost, double blockSize,
                            double parallelization, double memoryMax, uint32_t keyBytes);
v8::Local<v8::Value> hkdf(js::Turn& turn, kj::String digest, v8::Local<v8::Value> key,
                          v8::Local<v8::Value> salt, v8::Local<v8::Value> info, double keyBytes);

void fillRandom(js::Turn& turn, v8::Local<v8::Value> buffer, double offset, double size);
v8::Local<v8::Value> generatePrime(js::Turn& turn, int32_t bits, bool isSafe,
                                   v8::Local<v8::Value> add, v8::Local<v8::Value> remainder);
bool checkPrime(js::Turn& turn, v8::Local<v8::Value> candidate);
bool timingSafeEqual(js::Turn& turn, v8::Local<v8::Value> a, v8::Local<v8::Value> b);

}  // namespace ocapd::api::node
