#include "src/api/crypto/subtle_crypto.h"

#include "src/api/crypto/key_import.h"
#include "src/api/io/io_context.h"

namespace ocapd::api::crypto {

namespace {

// Throws unless `key` may be used for `usage` with the algorithm of that name. Texts pinned by the
// reference, as is that an unknown name is one that does not match.
void requireUse(const KeyData& key, kj::StringPtr name, Usage usage) {
  if (!sameName(key.algorithm.name.asArray(), name.asArray())) {
    throw js::Error::dom("InvalidAccessError", "Requested algorithm \"", name,
                         "\" does not match this CryptoKey's algorithm \"", key.algorithm.name,
                         "\".");
  }
  if (!key.usages.has(usage)) {
    throw js::Error::dom("InvalidAccessError", "Requested key usage \"", nameOf(usage),
                         "\" does not match any usage listed in this CryptoKey.");
  }
}

// The parameters for using `key` for `usage`, once it is known that it may be.
template <typename Identifier>
Parameters prepare(js::Turn& turn, const Identifier& identifier, const KeyData& key, Usage usage,
                   ParameterList list) {
  auto name = algorithmName(turn, identifier.value);
  Parameters parameters;
  // Parameters of another algorithm are not looked at: it does not fit the key.
  if (sameName(key.algorithm.name.asArray(), name.asArray())) {
    parameters = readParameters(turn, identifier.value, list, Identifier::kDictionary, "algorithm");
  }
  requireUse(key, name, usage);
  return parameters;
}

v8::Local<v8::Value> toJavaScript(js::Turn& turn, Exported exported) {
  KJ_SWITCH_ONEOF(exported) {
    KJ_CASE_ONEOF(bytes, Bytes) {
      return toArrayBuffer(turn, kj::mv(bytes));
    }
    KJ_CASE_ONEOF(jwk, Jwk) {
      return toObject(turn, jwk);
    }
  }
  KJ_UNREACHABLE;
}

Exported exportData(const KeyData& key, kj::StringPtr format) {
  if (!key.extractable) {
    // Pinned by the reference.
    throw js::Error::dom("InvalidAccessError", "Attempt to export non-extractable ",
                         key.algorithm.name, " key.");
  }
  KJ_ASSERT(key.algorithm.exportKey != nullptr, "an extractable key that cannot be exported");
  return key.algorithm.exportKey(key, format);
}

const Cipher& wrappingOf(const KeyData& key) {
  const Algorithm& algorithm = key.algorithm;
  return algorithm.wrapping.forward != nullptr ? algorithm.wrapping : algorithm.encryption;
}

}  // namespace

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-encrypt
js::Promise SubtleCrypto::encrypt(js::Turn& turn, EncryptAlgorithm algorithm, CryptoKey* key,
                                  Data data) {
  const Cipher& cipher = key->data().algorithm.encryption;
  auto parameters = prepare(turn, algorithm, key->data(), Usage::Encrypt, cipher.parameters);
  return turn.resolved(toArrayBuffer(turn, cipher.forward(parameters, key->data(), data.bytes())));
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-decrypt
js::Promise SubtleCrypto::decrypt(js::Turn& turn, EncryptAlgorithm algorithm, CryptoKey* key,
                                  Data data) {
  const Cipher& cipher = key->data().algorithm.encryption;
  auto parameters = prepare(turn, algorithm, key->data(), Usage::Decrypt, cipher.parameters);
  return turn.resolved(toArrayBuffer(turn, cipher.backward(parameters, key->data(), data.bytes())));
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-sign
js::Promise SubtleCrypto::sign(js::Turn& turn, SignAlgorithm algorithm, CryptoKey* key, Data data) {
  const Signing& signing = key->data().algorithm.signing;
  auto parameters = prepare(turn, algorithm, key->data(), Usage::Sign, signing.parameters);
  return turn.resolved(toArrayBuffer(turn, signing.sign(parameters, key->data(), data.bytes())));
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-verify
js::Promise SubtleCrypto::verify(js::Turn& turn, SignAlgorithm algorithm, CryptoKey* key,
                                 Data signature, Data data) {
  const Signing& signing = key->data().algorithm.signing;
  auto parameters = prepare(turn, algorithm, key->data(), Usage::Verify, signing.parameters);
  bool isGenuine = signing.verify(parameters, key->data(), signature.bytes(), data.bytes());
  return turn.resolved(v8::Boolean::New(turn.v8, isGenuine));
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-digest
js::Promise SubtleCrypto::digest(js::Turn& turn, HashAlgorithm algorithm, Data data) {
  Hash hash = readHash(turn, algorithm.value);
  size_t size = rowOf(hash).bytes;
  auto result =
      v8::ArrayBuffer::New(turn.v8, size, v8::BackingStoreInitializationMode::kUninitialized);
  crypto::digest(hash, {data.bytes()}, kj::arrayPtr(static_cast<kj::byte*>(result->Data()), size));
  return turn.resolved(result);
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-generateKey
js::Promise SubtleCrypto::generateKey(js::Turn& turn, GenerateKeyAlgorithm algorithm,
                                      bool extractable, UsageNames usages) {
  auto name = algorithmName(turn, algorithm.value);
  auto found = findAlgorithm(name);
  KJ_IF_MAYBE(row, found) {
    if (row->generation.generate == nullptr) found = nullptr;
  }
  if (found == nullptr) {
    // Pinned by the reference.
    throw js::Error::dom("NotSupportedError", "Unrecognized key generation algorithm \"", name,
                         "\" requested.");
  }
  const Algorithm& row = KJ_ASSERT_NONNULL(found);
  auto parameters = readParameters(turn, algorithm.value, row.generation.parameters,
                                   GenerateKeyAlgorithm::kDictionary, "algorithm");
  // Random numbers are not for a script's top level, but key pairs are, in the reference.
  bool isSecret = row.keyLength.get != nullptr;
  if (isSecret) IoContext::current(turn);
  auto generated = row.generation.generate(row, parameters, extractable, usages);
  KJ_SWITCH_ONEOF(generated) {
    KJ_CASE_ONEOF(key, kj::Own<KeyData>) {
      requireUsages(key->usages);
      return turn.resolved(turn.wrap(*turn.make<CryptoKey>(kj::mv(key))));
    }
    KJ_CASE_ONEOF(pair, KeyPair) {
      auto result = v8::Object::New(turn.v8);
      auto define = [&](kj::StringPtr property, kj::Own<KeyData> key) {
        auto wrapped = turn.wrap(*turn.make<CryptoKey>(kj::mv(key)));
        turn.check(result->CreateDataProperty(turn.context, turn.name(property), wrapped));
      };
      define("publicKey", kj::mv(pair.publicKey));
      define("privateKey", kj::mv(pair.privateKey));
      return turn.resolved(result);
    }
  }
  KJ_UNREACHABLE;
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-deriveKey
js::Promise SubtleCrypto::deriveKey(js::Turn& turn, DeriveKeyAlgorithm algorithm, CryptoKey* base,
                                    ImportKeyAlgorithm derivedType, bool extractable,
                                    UsageNames usages) {
  const Derivation& derivation = base->data().algorithm.derivation;
  auto parameters = prepare(turn, algorithm, base->data(), Usage::DeriveKey, derivation.parameters);
  auto typeName = algorithmName(turn, derivedType.value);
  auto found = findAlgorithm(typeName);
  KJ_IF_MAYBE(row, found) {
    if (row->keyLength.get == nullptr) found = nullptr;
  }
  if (found == nullptr) {
    // Pinned by the reference.
    throw js::Error::dom("NotSupportedError", "Unrecognized derived key type \"", typeName,
                         "\" requested.");
  }
  const Algorithm& row = KJ_ASSERT_NONNULL(found);
  auto read = [&](ParameterList list) {
    return readParameters(turn, derivedType.value, list, ImportKeyAlgorithm::kDictionary,
                          "derivedKeyParams");
  };
  ImportAlgorithm importing{row, read(row.importing.parameters)};
  auto lengthParameters = read(row.keyLength.parameters);
  auto secret =
      derivation.deriveBits(parameters, base->data(), row.keyLength.get(lengthParameters));
  auto* key =
      crypto::importKey(turn, importing, {"raw", secret.get(), nullptr, extractable, usages});
  return turn.resolved(turn.wrap(*key));
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-deriveBits
js::Promise SubtleCrypto::deriveBits(js::Turn& turn, DeriveKeyAlgorithm algorithm, CryptoKey* base,
                                     v8::Local<v8::Value> length) {
  kj::Maybe<uint32_t> bits;
  if (!length->IsNullOrUndefined()) {
    int64_t wanted = turn.check(length->IntegerValue(turn.context));
    if (wanted < 0 || wanted > int64_t(UINT32_MAX)) {
      // Pinned by the reference.
      throw js::Error::type("deriveBits length must be an unsigned long integer.");
    }
    bits = uint32_t(wanted);
  }
  const Derivation& derivation = base->data().algorithm.derivation;
  auto parameters =
      prepare(turn, algorithm, base->data(), Usage::DeriveBits, derivation.parameters);
  auto secret = derivation.deriveBits(parameters, base->data(), bits);
  return turn.resolved(toArrayBuffer(turn, kj::heapArray(BytesPtr(secret.get()))));
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-importKey
js::Promise SubtleCrypto::importKey(js::Turn& turn, kj::String format, KeyDataArgument keyData,
                                    ImportKeyAlgorithm algorithm, bool extractable,
                                    UsageNames usages) {
  auto importing = readImportAlgorithm(turn, algorithm.value);
  BytesPtr bytes = nullptr;
  Jwk* jwk = nullptr;
  // Texts pinned by the reference.
  if (format == "jwk") {
    if (!keyData.is<Jwk>()) {
      throw js::Error::type("Import data provided for \"jwk\" import format must be a JsonWebKey.");
    }
    jwk = &keyData.get<Jwk>();
  } else {
    if (!keyData.is<Data>()) {
      throw js::Error::type(
          "Import data provided for buffer-based import formats must be a buffer source.");
    }
    bytes = keyData.get<Data>().bytes();
  }
  auto* key = crypto::importKey(turn, importing, {format, bytes, jwk, extractable, usages});
  return turn.resolved(turn.wrap(*key));
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-exportKey
js::Promise SubtleCrypto::exportKey(js::Turn& turn, kj::String format, CryptoKey* key) {
  return turn.resolved(toJavaScript(turn, exportData(key->data(), format)));
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-wrapKey
js::Promise SubtleCrypto::wrapKey(js::Turn& turn, kj::String format, CryptoKey* key,
                                  CryptoKey* wrappingKey, EncryptAlgorithm algorithm) {
  const Cipher& cipher = wrappingOf(wrappingKey->data());
  auto parameters =
      prepare(turn, algorithm, wrappingKey->data(), Usage::WrapKey, cipher.parameters);
  auto exported = exportData(key->data(), format);
  Secret plain;
  KJ_SWITCH_ONEOF(exported) {
    KJ_CASE_ONEOF(bytes, Bytes) {
      plain = Secret(kj::mv(bytes));
    }
    KJ_CASE_ONEOF(jwk, Jwk) {
      auto json = toJson(jwk);
      plain = Secret(BytesPtr(json.asBytes()));
      OPENSSL_cleanse(json.begin(), json.size());
    }
  }
  return turn.resolved(
      toArrayBuffer(turn, cipher.forward(parameters, wrappingKey->data(), plain.get())));
}

// https://w3c.github.io/webcrypto/#SubtleCrypto-method-unwrapKey
js::Promise SubtleCrypto::unwrapKey(js::Turn& turn, kj::String format, Data wrapped,
                                    CryptoKey* unwrappingKey, EncryptAlgorithm unwrapAlgorithm,
                                    ImportKeyAlgorithm importAlgorithm, bool extractable,
                                    UsageNames usages) {
  const Cipher& cipher = wrappingOf(unwrappingKey->data());
  auto parameters =
      prepare(turn, unwrapAlgorithm, unwrappingKey->data(), Usage::UnwrapKey, cipher.parameters);
  auto importing = readImportAlgorithm(turn, importAlgorithm.value);
  Secret plain(cipher.backward(parameters, unwrappingKey->data(), wrapped.bytes()));
  kj::Maybe<Jwk> jwk;
  if (format == "jwk") jwk = parseJwk(turn, plain.get());
  Jwk* parsed = nullptr;
  KJ_IF_MAYBE(found, jwk) {
    parsed = found;
  }
  auto* key =
      crypto::importKey(turn, importing, {format, plain.get(), parsed, extractable, usages});
  return turn.resolved(turn.wrap(*key));
}

// https://developers.cloudflare.com/workers/runtime-apis/web-crypto/#timingsafeequal
bool SubtleCrypto::timingSafeEqual(Data left, Data right) {
  BytesPtr first = left.bytes();
  BytesPtr second = right.bytes();
  if (first.size() != second.size()) {
    // Pinned by the reference.
    throw js::Error::type("Input buffers must have the same byte length.");
  }
  return CRYPTO_memcmp(startOf(first), startOf(second), first.size()) == 0;
}

js::Object* newSubtleCrypto(js::Turn& turn) {
  return turn.make<SubtleCrypto>();
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&SubtleCrypto::encrypt>("encrypt"),
    js::method<&SubtleCrypto::decrypt>("decrypt"),
    js::method<&SubtleCrypto::sign>("sign"),
    js::method<&SubtleCrypto::verify>("verify"),
    js::method<&SubtleCrypto::digest>("digest"),
    js::method<&SubtleCrypto::generateKey>("generateKey"),
    js::method<&SubtleCrypto::deriveKey>("deriveKey"),
    js::method<&SubtleCrypto::deriveBits>("deriveBits"),
    js::method<&SubtleCrypto::importKey>("importKey"),
    js::method<&SubtleCrypto::exportKey>("exportKey"),
    js::method<&SubtleCrypto::wrapKey>("wrapKey"),
    js::method<&SubtleCrypto::unwrapKey>("unwrapKey"),
    js::method<&SubtleCrypto::timingSafeEqual>("timingSafeEqual"),
};

}  // namespace

constinit const js::Class SubtleCrypto::kClass{
    .name = kClassName,
    .spec = "https://w3c.github.io/webcrypto/#subtlecrypto-interface",
    .members = kMembers,
};

}  // namespace ocapd::api::crypto
