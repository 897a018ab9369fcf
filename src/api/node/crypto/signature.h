// Signing and verifying, and RSA's encryption.
//
// Spec      https://nodejs.org/api/crypto.html#cryptosignalgorithm-data-key-callback
#pragma once

#include "src/api/node/crypto/key.h"

namespace ocapd::api::node {

// How a signature is made; undefined members take the key's defaults.
struct SignatureOptions {
  kj::Maybe<int32_t> padding;
  kj::Maybe<int32_t> saltBytes;
  bool isP1363 = false;  // (EC)DSA: two numbers of equal size instead of DER
};

// `data` is the message, or with `isDigest` its digest. `digest` undefined: the key's own way.
v8::Local<v8::Value> sign(js::Turn& turn, Key* key, kj::Maybe<kj::String> digest,
                          v8::Local<v8::Value> data, bool isDigest, kj::Maybe<int32_t> padding,
                          kj::Maybe<int32_t> saltBytes, bool isP1363);
bool verify(js::Turn& turn, Key* key, kj::Maybe<kj::String> digest, v8::Local<v8::Value> data,
            bool isDigest, kj::Maybe<int32_t> padding, kj::Maybe<int32_t> saltBytes, bool isP1363,
            v8::Local<v8::Value> signature);

// `operation`: 0 publicEncrypt, 1 publicDecrypt, 2 privateEncrypt, 3 privateDecrypt.
v8::Local<v8::Value> cryptRsa(js::Turn& turn, uint32_t operation, Key* key,
                              v8::Local<v8::Value> data, int32_t padding,
                              kj::Maybe<kj::String> oaepDigest, v8::Local<v8::Value> oaepLabel);

}  // namespace ocapd::api::node
