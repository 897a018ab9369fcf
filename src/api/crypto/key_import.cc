#include "src/api/crypto/key_import.h"

#include <v8-json.h>

namespace ocapd::api::crypto {

ImportAlgorithm readImportAlgorithm(js::Turn& turn, v8::Local<v8::Value> identifier) {
  auto name = algorithmName(turn, identifier);
  KJ_IF_MAYBE(algorithm, findAlgorithm(name)) {
    if (algorithm->importing.import != nullptr) {
      return {*algorithm, readParameters(turn, identifier, algorithm->importing.parameters,
                                         "ImportKeyAlgorithm", "algorithm")};
    }
  }
  // Pinned by the reference.
  throw js::Error::dom("NotSupportedError", "Unrecognized key import algorithm \"", name,
                       "\" requested.");
}

CryptoKey* importKey(js::Turn& turn, const ImportAlgorithm& algorithm, const ImportSource& source) {
  auto key =
      algorithm.algorithm.importing.import(algorithm.algorithm, algorithm.parameters, source);
  if (key->type != KeyType::Public) requireUsages(key->usages);
  key->extractable = source.extractable;
  return turn.make<CryptoKey>(kj::mv(key));
}

CryptoKey* importBinding(js::Turn& turn, const KeyBinding& binding) {
  v8::Local<v8::Value> identifier = turn.string(binding.algorithm);
  if (binding.algorithm.startsWith("{")) {
    identifier = turn.check(v8::JSON::Parse(turn.context, identifier.As<v8::String>()));
  }
  auto algorithm = readImportAlgorithm(turn, identifier);
  UsageNames usages = KJ_MAP(usage, binding.usages) {
    return kj::str(usage);
  };
  if (binding.format == "jwk") {
    Jwk jwk = parseJwk(turn, binding.data);
    return importKey(turn, algorithm, {binding.format, nullptr, &jwk, binding.extractable, usages});
  }
  return importKey(turn, algorithm,
                   {binding.format, binding.data, nullptr, binding.extractable, usages});
}

}  // namespace ocapd::api::crypto
