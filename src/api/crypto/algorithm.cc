#include "src/api/crypto/algorithm.h"

#include "src/api/crypto/families.h"

namespace ocapd::api::crypto {

kj::Maybe<const Algorithm&> findAlgorithm(kj::StringPtr name) {
  static constexpr const Algorithm* kAll[] = {
      &kRsassaPkcs1, &kRsaPss, &kRsaOaep, &kEcdsa, &kEcdh, &kEd25519, &kNodeEd25519, &kX25519,
      &kAesCtr,      &kAesCbc, &kAesGcm,  &kAesKw, &kHmac, &kHkdf,    &kPbkdf2,
  };
  for (const Algorithm* algorithm : kAll) {
    if (sameName(algorithm->name.asArray(), name.asArray())) return *algorithm;
  }
  return nullptr;
}

// https://w3c.github.io/webcrypto/#algorithm-normalization-normalize-an-algorithm, steps 1 to 3.
// Differs: the name is read once, not again with the parameters.
kj::String algorithmName(js::Turn& turn, v8::Local<v8::Value> identifier) {
  if (!identifier->IsObject()) return js::Convert<kj::String>::from(turn, identifier);
  auto name = turn.get(identifier.As<v8::Object>(), "name");
  if (name->IsUndefined()) throw js::Error::type("Missing field \"name\" in \"algorithm\".");
  return js::Convert<kj::String>::from(turn, name);
}

// https://w3c.github.io/webcrypto/#algorithm-normalization-normalize-an-algorithm, steps 6 to 10
Parameters readParameters(js::Turn& turn, v8::Local<v8::Value> identifier, ParameterList list,
                          const char* dictionary, const char* argument) {
  Parameters result;
  for (const Parameter& parameter : list) {
    v8::Local<v8::Value> value = turn.undefined();
    if (identifier->IsObject()) {
      value = turn.get(identifier.As<v8::Object>(), parameter.field.name);
    }
    if (value->IsUndefined()) {
      if (parameter.missing == nullptr) continue;
      if (*parameter.missing != 0) throw js::Error::type(parameter.missing);
      // Pinned by the reference.
      throw js::Error::type("Missing field \"", parameter.field.name, "\" in \"", argument, "\".");
    }
    try {
      parameter.field.read(turn, value, result);
    } catch (js::TypeMismatch& mismatch) {
      throw js::Error::type("Incorrect type for the '", parameter.field.name, "' field on '",
                            dictionary, "': the provided value is not of type '", mismatch.expected,
                            "'.");
    }
  }
  return result;
}

Hash readHash(js::Turn& turn, v8::Local<v8::Value> identifier) {
  KJ_IF_MAYBE(hash, findHash(algorithmName(turn, identifier))) {
    return *hash;
  }
  // Pinned by the reference.
  throw js::Error::dom("NotSupportedError",
                       "Unrecognized or unimplemented digest algorithm requested.");
}

void requireUsages(Usages usages) {
  if (!usages.isEmpty()) return;
  // Pinned by the reference.
  throw js::Error::dom("SyntaxError", "Secret/private CryptoKeys must have at least one usage.");
}

}  // namespace ocapd::api::crypto
