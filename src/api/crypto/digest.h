// Hash functions: their names, OpenSSL's implementations of them, and hashing.
//
// Threads   each lane has contexts of its own.
// Spec      https://w3c.github.io/webcrypto/#sha
#pragma once

#include <initializer_list>

#include "src/api/crypto/openssl.h"

namespace ocapd::api::crypto {

// MD5 is not of the standard; the reference has it everywhere, but for ECDSA.
enum class Hash : uint8_t { Md5, Sha1, Sha256, Sha384, Sha512 };

struct HashRow {
  Hash hash;
  kj::StringPtr name;
  uint32_t bytes;
  uint32_t blockBytes;
  kj::StringPtr jwkSuffix;  // of the names in JSON Web Keys: "256" of "HS256"; none for MD5
};

const HashRow& rowOf(Hash hash);
// By its name in whatever case.
kj::Maybe<Hash> findHash(kj::StringPtr name);

// Fetched once.
const EVP_MD* implementationOf(Hash hash);

// The digest of all the pieces, one behind the other, into `into`, which has rowOf(hash).bytes
// bytes and may be one of the pieces.
void digest(Hash hash, std::initializer_list<BytesPtr> pieces, kj::ArrayPtr<kj::byte> into);
// The same with `first` before the pieces.
void digest(Hash hash, BytesPtr first, std::initializer_list<BytesPtr> pieces,
            kj::ArrayPtr<kj::byte> into);

// Whether two names are the same but for the case of ASCII letters.
bool sameName(kj::ArrayPtr<const char> left, kj::ArrayPtr<const char> right);

// A digest that is told its data piece by piece.
class RunningDigest {
 public:
  explicit RunningDigest(Hash hash);

  void update(BytesPtr data);
  // Once, at the end.
  Bytes finish();

 private:
  Hash hash_;
  DigestContext context_;
};

}  // namespace ocapd::api::crypto
