// What public and private keys have in common: SPKI, PKCS #8, signing, checks of JSON Web Keys.
//
// Errors    DOMExceptions in the reference's words where it has any.
// Spec      RFC 5280 (SubjectPublicKeyInfo), RFC 5958 (PKCS #8)
#pragma once

#include "src/api/crypto/algorithm.h"

namespace ocapd::api::crypto {

// A key from DER; DataError when it is none or something follows it.
Pkey parseSpki(BytesPtr der);
Pkey parsePkcs8(BytesPtr der);
// Throws unless `key` is of OpenSSL's `type`; messages call it `what`.
void requireType(const EVP_PKEY* key, const char* type, kj::StringPtr what);

// The spki and pkcs8 formats; none for another format. InvalidAccessError for a key of the wrong
// type.
kj::Maybe<Bytes> exportDer(const KeyData& key, kj::StringPtr format);
[[noreturn]] void cannotExport(const KeyData& key, kj::StringPtr format);

kj::Own<KeyData> newKey(const Algorithm& algorithm, KeyType type, Pkey pkey, KeyAlgorithm details,
                        Usages usages);
KeyAlgorithm copyOf(const KeyAlgorithm& details);

// The usages of a key to be imported.
Usages checkImportUsages(const Algorithm& algorithm, KeyType type, const ImportSource& source);
// The usages of a pair to be generated: what fits neither key is refused.
Usages checkPairUsages(const Algorithm& algorithm, const UsageNames& names);
// Refuses a private key good for nothing. Behind the checks of parameters, before the work.
void requirePrivateUsages(const Algorithm& algorithm, Usages usages);
KeyPair makePair(const Algorithm& algorithm, Pkey pkey, const KeyAlgorithm& details, Usages usages,
                 bool extractable);

// The checks of use, key_ops and ext. `use` is the one use that the key may name.
void checkJwk(const Algorithm& algorithm, const ImportSource& source, kj::StringPtr use);

// Signs with a private key. `configure` sets what the algorithm needs. No hash: the key's own.
// None: the key cannot sign that.
using Configure = void (*)(EVP_PKEY_CTX* context, const Parameters&, const KeyData&);
kj::Maybe<Bytes> signWith(const KeyData& key, const EVP_MD* hash, BytesPtr data,
                          const Parameters& parameters, Configure configure = nullptr);
bool verifyWith(const KeyData& key, const EVP_MD* hash, BytesPtr signature, BytesPtr data,
                const Parameters& parameters, Configure configure = nullptr);

// The secret that two keys of one kind agree on, cut to `length` bits. None: they agree on nothing.
kj::Maybe<Secret> agree(const KeyData& key, const KeyData& peer, kj::Maybe<uint32_t> length);
// Throws unless the `public` parameter is a public key of the algorithm; gives it.
const KeyData& peerOf(const Parameters& parameters, const KeyData& key);

}  // namespace ocapd::api::crypto
