// Importing a key: for crypto.subtle, and the door for bindings that are keys.
//
// Errors    as of crypto.subtle.importKey(): js::Error or a pending exception.
// Spec      https://w3c.github.io/webcrypto/#SubtleCrypto-method-importKey
#pragma once

#include "src/api/crypto/algorithm.h"

namespace ocapd::api::crypto {

// An algorithm and the parameters of importing a key of it.
struct ImportAlgorithm {
  const Algorithm& algorithm;
  Parameters parameters;
};
// NotSupportedError when the name is none that keys can be imported for.
ImportAlgorithm readImportAlgorithm(js::Turn& turn, v8::Local<v8::Value> identifier);

CryptoKey* importKey(js::Turn& turn, const ImportAlgorithm& algorithm, const ImportSource& source);

// A key of a config's binding.
struct KeyBinding {
  kj::StringPtr format;     // raw, pkcs8, spki or jwk
  BytesPtr data;            // the key in that format; of jwk its JSON text
  kj::StringPtr algorithm;  // a name, or JSON of a dictionary if it begins with '{'
  bool extractable = false;
  kj::ArrayPtr<const kj::StringPtr> usages;  // "encrypt", "sign", ...
};
// Its CryptoKey. Runs no code of the worker's.
CryptoKey* importBinding(js::Turn& turn, const KeyBinding& binding);

}  // namespace ocapd::api::crypto
