#include "src/api/crypto/pkey.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "src/api/crypto/symmetric.h"

namespace ocapd::api::crypto {

namespace {

void requireWhole(const kj::byte* end, BytesPtr der, kj::StringPtr format) {
  if (end == der.end()) return;
  // Pinned by the reference.
  throw js::Error::dom("DataError", "Invalid ", size_t(der.end() - end), " trailing bytes after ",
                       format, " input.");
}

// DER as OpenSSL allocated it.
Bytes takeDer(kj::byte* der, int size) {
  check(size, "DER");
  auto result = kj::heapArray<kj::byte>(der, size_t(size));
  OPENSSL_clear_free(der, size_t(size));
  return result;
}

}  // namespace

Pkey parseSpki(BytesPtr der) {
  ErrorScope errors;
  const kj::byte* at = startOf(der);
  Pkey key(d2i_PUBKEY(nullptr, &at, long(der.size())));
  // Pinned by the reference.
  if (key == nullptr) throw js::Error::dom("DataError", "Invalid SPKI input.");
  requireWhole(at, der, "SPKI");
  return key;
}

Pkey parsePkcs8(BytesPtr der) {
  ErrorScope errors;
  const kj::byte* at = startOf(der);
  Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, long(der.size())));
  Pkey key(info == nullptr ? nullptr : EVP_PKCS82PKEY(info.get()));
  // Pinned by the reference.
  if (key == nullptr) throw js::Error::dom("DataError", "Invalid PKCS8 input.");
  requireWhole(at, der, "PKCS8");
  return key;
}

void requireType(const EVP_PKEY* key, const char* type, kj::StringPtr what) {
  if (EVP_PKEY_is_a(key, type)) return;
  throw js::Error::dom("DataError", "Input was not an ", what, " key.");  // pinned by the reference
}

kj::Maybe<Bytes> exportDer(const KeyData& key, kj::StringPtr format) {
  ErrorScope errors;
  kj::byte* der = nullptr;
  if (format == "spki") {
    if (key.type != KeyType::Public) {
      // Pinned by the reference.
      throw js::Error::dom("InvalidAccessError",
                           "Asymmetric spki export requires public key (not \"", nameOf(key.type),
                           "\").");
    }
    int size = i2d_PUBKEY(key.pkey.get(), &der);
    return takeDer(der, size);
  }
  if (format == "pkcs8") {
    if (key.type != KeyType::Private) {
      // Pinned by the reference.
      throw js::Error::dom("InvalidAccessError",
                           "Asymmetric pkcs8 export requires private key (not \"", nameOf(key.type),
                           "\").");
    }
    Pkcs8 info(EVP_PKEY2PKCS8(key.pkey.get()));
    if (info == nullptr) throw js::Error::dom("OperationError", "Private key export failed.");
    int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &der);
    return takeDer(der, size);
  }
  return nullptr;
}

void cannotExport(const KeyData& key, kj::StringPtr format) {
  // Pinned by the reference. Differs: the standard's is a NotSupportedError.
  throw js::Error::dom("InvalidAccessError", "Cannot export \"", key.algorithm.name, "\" in \"",
                       format, "\" format.");
}

KeyAlgorithm copyOf(const KeyAlgorithm& details) {
  return {.modulusLength = details.modulusLength,
          .publicExponent = kj::heapArray(details.publicExponent.asPtr()),
          .hash = details.hash,
          .length = details.length,
          .namedCurve = details.namedCurve};
}

kj::Own<KeyData> newKey(const Algorithm& algorithm, KeyType type, Pkey pkey, KeyAlgorithm details,
                        Usages usages) {
  auto key = kj::heap<KeyData>(algorithm, type);
  key->pkey = kj::mv(pkey);
  key->details = kj::mv(details);
  key->usages = usages;
  return key;
}

Usages checkImportUsages(const Algorithm& algorithm, KeyType type, const ImportSource& source) {
  return checkUsages(source.usages,
                     type == KeyType::Public ? algorithm.publicUsages : algorithm.usages,
                     kj::str("Attempt to import ", nameOf(type), ' ', algorithm.name));
}

Usages checkPairUsages(const Algorithm& algorithm, const UsageNames& names) {
  return checkUsages(names, algorithm.usages | algorithm.publicUsages,
                     kj::str("Attempt to generate ", algorithm.name));
}

void requirePrivateUsages(const Algorithm& algorithm, Usages usages) {
  if (!(usages & algorithm.usages).isEmpty()) return;
  // Pinned by the reference.
  throw js::Error::dom("SyntaxError",
                       "Attempt to generate asymmetric keys with no valid private key usages.");
}

KeyPair makePair(const Algorithm& algorithm, Pkey pkey, const KeyAlgorithm& details, Usages usages,
                 bool extractable) {
  check(EVP_PKEY_up_ref(pkey.get()), "EVP_PKEY_up_ref");
  Pkey shared(pkey.get());
  KeyPair pair;
  pair.publicKey = newKey(algorithm, KeyType::Public, kj::mv(shared), copyOf(details),
                          usages & algorithm.publicUsages);
  pair.publicKey->extractable = true;
  pair.privateKey =
      newKey(algorithm, KeyType::Private, kj::mv(pkey), copyOf(details), usages & algorithm.usages);
  pair.privateKey->extractable = extractable;
  return pair;
}

void checkJwk(const Algorithm& algorithm, const ImportSource& source, kj::StringPtr use) {
  const Jwk& jwk = *source.jwk;
  KJ_IF_MAYBE(given, jwk.use) {
    if (source.usages.size() > 0 && *given != use) {
      // Pinned by the reference.
      throw js::Error::dom("DataError",
                           "Asymmetric \"jwk\" key import with usages requires a JSON Web Key with "
                           "Public Key Use parameter \"use\" (\"",
                           *given, "\") equal to \"", use, "\".");
    }
  }
  KJ_IF_MAYBE(names, jwk.keyOperations) {
    Usages asked = knownUsages(source.usages);
    Usages allowed = knownUsages(*names);
    asked.forEach([&](Usage usage) {
      if (allowed.has(usage)) return;
      // Pinned by the reference.
      throw js::Error::dom("DataError",
                           "All specified key usages must be present in the JSON Web Key's Key "
                           "Operations parameter (\"key_ops\").");
    });
    checkKeyOperations(source, "Asymmetric");
  }
  checkExtractable(source, algorithm);
}

// ---- operations ----

kj::Maybe<Bytes> signWith(const KeyData& key, const EVP_MD* hash, BytesPtr data,
                          const Parameters& parameters, Configure configure) {
  ErrorScope errors;
  DigestContext context(check(EVP_MD_CTX_new(), "EVP_MD_CTX_new"));
  EVP_PKEY_CTX* inner = nullptr;
  check(EVP_DigestSignInit(context.get(), &inner, hash, nullptr, key.pkey.get()),
        "EVP_DigestSignInit");
  if (configure != nullptr) configure(inner, parameters, key);
  size_t size = size_t(EVP_PKEY_get_size(key.pkey.get()));
  auto result = kj::heapArray<kj::byte>(size);
  if (EVP_DigestSign(context.get(), result.begin(), &size, startOf(data), data.size()) != 1) {
    return nullptr;
  }
  if (size == result.size()) return result;
  return kj::heapArray<kj::byte>(result.slice(0, size));
}

bool verifyWith(const KeyData& key, const EVP_MD* hash, BytesPtr signature, BytesPtr data,
                const Parameters& parameters, Configure configure) {
  ErrorScope errors;
  DigestContext context(check(EVP_MD_CTX_new(), "EVP_MD_CTX_new"));
  EVP_PKEY_CTX* inner = nullptr;
  check(EVP_DigestVerifyInit(context.get(), &inner, hash, nullptr, key.pkey.get()),
        "EVP_DigestVerifyInit");
  if (configure != nullptr) configure(inner, parameters, key);
  return EVP_DigestVerify(context.get(), startOf(signature), signature.size(), startOf(data),
                          data.size()) == 1;
}

const KeyData& peerOf(const Parameters& parameters, const KeyData& key) {
  const KeyData& peer = required(parameters.publicKey)->data();
  // Texts pinned by the reference.
  if (peer.type != KeyType::Public) {
    throw js::Error::dom("InvalidAccessError", "The provided key has type \"", nameOf(peer.type),
                         "\", not \"public\"");
  }
  if (&peer.algorithm != &key.algorithm) {
    throw js::Error::dom("InvalidAccessError", "Base ", key.algorithm.name,
                         " private key cannot be used to derive a key from a peer ",
                         peer.algorithm.name, " public key");
  }
  return peer;
}

kj::Maybe<Secret> agree(const KeyData& key, const KeyData& peer, kj::Maybe<uint32_t> length) {
  ErrorScope errors;
  PkeyContext context(
      check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.pkey.get(), nullptr), "EVP_PKEY_CTX_new"));
  check(EVP_PKEY_derive_init(context.get()), "EVP_PKEY_derive_init");
  size_t size = 0;
  if (EVP_PKEY_derive_set_peer(context.get(), peer.pkey.get()) != 1 ||
      EVP_PKEY_derive(context.get(), nullptr, &size) != 1) {
    return nullptr;
  }
  Secret whole(kj::heapArray<kj::byte>(size));
  if (EVP_PKEY_derive(context.get(), whole.get().begin(), &size) != 1) return nullptr;
  KJ_IF_MAYBE(bits, length) {
    if (*bits > whole.size() * 8) {
      // Pinned by the reference.
      throw js::Error::dom("OperationError", "Derived key length (", *bits,
                           " bits) is too long (should be at most ", whole.size() * 8, " bits).");
    }
    size_t bytes = (size_t(*bits) + 7) / 8;
    Secret cut(BytesPtr(whole.get().slice(0, bytes)));
    if (*bits % 8 != 0) cut.get().back() &= kj::byte(0xFF << (8 - *bits % 8));
    return cut;
  }
  return whole;
}

}  // namespace ocapd::api::crypto
