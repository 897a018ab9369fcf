// The algorithms: for each one the operations it has, their parameters and their implementations.
//
// One family of algorithms a file (aes.cc, ec.cc, ...) gives its rows; findAlgorithm() knows them
// all. normalize() makes of what a caller gave the row and the parameters that an operation reads.
//
// Errors    DOMExceptions and TypeErrors of the standard, in the reference's words where it has
// any. Spec      https://w3c.github.io/webcrypto/#algorithm-overview
#pragma once

#include <kj/one-of.h>

#include "src/api/crypto/crypto_key.h"
#include "src/api/crypto/data.h"
#include "src/api/crypto/jwk.h"
#include "src/js/dictionary.h"

namespace ocapd::api::crypto {

// The members of all the standard's parameter dictionaries.
struct Parameters {
  static constexpr const char* kDictionaryName = "Algorithm";

  kj::Maybe<DataCopy> additionalData;
  kj::Maybe<DataCopy> counter;
  kj::Maybe<Hash> hash;
  kj::Maybe<DataCopy> info;
  kj::Maybe<int32_t> iterations;
  kj::Maybe<DataCopy> iv;
  kj::Maybe<DataCopy> label;
  kj::Maybe<int32_t> length;
  kj::Maybe<int32_t> modulusLength;
  kj::Maybe<kj::String> namedCurve;
  kj::Maybe<DataCopy> publicExponent;
  kj::Maybe<CryptoKey*> publicKey;
  kj::Maybe<DataCopy> salt;
  kj::Maybe<int32_t> saltLength;
  kj::Maybe<int32_t> tagLength;
};

// Required ones are there once parameters are normalized.
template <typename T>
T& required(kj::Maybe<T>& parameter) {
  return KJ_ASSERT_NONNULL(parameter);
}
template <typename T>
const T& required(const kj::Maybe<T>& parameter) {
  return KJ_ASSERT_NONNULL(parameter);
}
inline BytesPtr required(const kj::Maybe<DataCopy>& parameter) {
  return KJ_ASSERT_NONNULL(parameter).bytes;
}

// A parameter that an operation reads.
struct Parameter {
  js::Field<Parameters> field;
  const char* missing;  // what is said when it is not there; null: it is optional
};

// In the order in which Web IDL reads them.
using ParameterList = std::span<const Parameter>;

template <auto M>
consteval Parameter optionalParameter(const char* name) {
  return {js::field<M>(name), nullptr};
}
template <auto M>
consteval Parameter requiredParameter(const char* name) {
  return {js::field<M>(name), ""};
}
// With a text of its own instead of the usual one.
template <auto M>
consteval Parameter requiredParameter(const char* name, const char* missing) {
  return {js::field<M>(name), missing};
}

struct KeyPair {
  kj::Own<KeyData> publicKey;
  kj::Own<KeyData> privateKey;
};
using Generated = kj::OneOf<kj::Own<KeyData>, KeyPair>;
using Exported = kj::OneOf<Bytes, Jwk>;

// What is to become a key. Key data must not outlive the call.
struct ImportSource {
  kj::StringPtr format;
  BytesPtr bytes;      // unless the format is jwk
  Jwk* jwk = nullptr;  // if it is
  bool extractable;
  const UsageNames& usages;

  bool isJwk() const { return jwk != nullptr; }
};

// encrypt and decrypt, or wrapKey and unwrapKey.
struct Cipher {
  ParameterList parameters = {};
  Bytes (*forward)(const Parameters&, const KeyData&, BytesPtr) = nullptr;
  Bytes (*backward)(const Parameters&, const KeyData&, BytesPtr) = nullptr;
};
struct Signing {
  ParameterList parameters = {};
  Bytes (*sign)(const Parameters&, const KeyData&, BytesPtr data) = nullptr;
  bool (*verify)(const Parameters&, const KeyData&, BytesPtr signature, BytesPtr data) = nullptr;
};
struct Derivation {
  ParameterList parameters = {};
  // No length: as long as the algorithm gives. Lengths are in bits.
  Secret (*deriveBits)(const Parameters&, const KeyData&, kj::Maybe<uint32_t> length) = nullptr;
};
struct Generation {
  ParameterList parameters = {};
  // Sets the keys' usages, extractable of the private one.
  Generated (*generate)(const Algorithm&, const Parameters&, bool extractable,
                        const UsageNames&) = nullptr;
};
struct Import {
  ParameterList parameters = {};
  // Sets all but extractable.
  kj::Own<KeyData> (*import)(const Algorithm&, const Parameters&, const ImportSource&) = nullptr;
};
// How many bits deriveKey() is to ask for; none: as many as there are.
struct KeyLength {
  ParameterList parameters = {};
  kj::Maybe<uint32_t> (*get)(const Parameters&) = nullptr;
};

// A row of the table. An operation without a function is not supported.
struct Algorithm {
  kj::StringPtr name;
  Usages usages = {};        // of secret or private keys
  Usages publicUsages = {};  // of public keys
  Cipher encryption = {};
  Cipher wrapping = {};
  Signing signing = {};
  Derivation derivation = {};
  Generation generation = {};
  Import importing = {};
  KeyLength keyLength = {};
  Exported (*exportKey)(const KeyData&, kj::StringPtr format) = nullptr;
};

// By its name in whatever case.
kj::Maybe<const Algorithm&> findAlgorithm(kj::StringPtr name);

// The name in an AlgorithmIdentifier; may run user code.
kj::String algorithmName(js::Turn& turn, v8::Local<v8::Value> identifier);

// Reads parameters out of an AlgorithmIdentifier. Error texts name `dictionary`, the reference's
// name of its type, and `argument`, where it came from.
Parameters readParameters(js::Turn& turn, v8::Local<v8::Value> identifier, ParameterList list,
                          const char* dictionary, const char* argument);

// The hash a HashAlgorithmIdentifier names.
Hash readHash(js::Turn& turn, v8::Local<v8::Value> identifier);

// Throws for a secret or private key that is good for nothing.
void requireUsages(Usages usages);

}  // namespace ocapd::api::crypto

namespace ocapd::js {

template <>
struct Convert<api::crypto::Hash> {
  static constexpr const char* kName = "string or HashAlgorithm";
  static api::crypto::Hash from(Turn& turn, v8::Local<v8::Value> value) {
    return api::crypto::readHash(turn, value);
  }
};

}  // namespace ocapd::js
