#include "src/api/crypto/digest.h"

#include <kj/debug.h>

namespace ocapd::api::crypto {

namespace {

constexpr HashRow kHashes[] = {
    {Hash::Md5, "MD5"_kj, 16, 64, ""_kj},
    {Hash::Sha1, "SHA-1"_kj, 20, 64, "1"_kj},
    {Hash::Sha256, "SHA-256"_kj, 32, 64, "256"_kj},
    {Hash::Sha384, "SHA-384"_kj, 48, 128, "384"_kj},
    {Hash::Sha512, "SHA-512"_kj, 64, 128, "512"_kj},
};
constexpr size_t kHashCount = sizeof(kHashes) / sizeof(kHashes[0]);

struct Implementations {
  Implementations() {
    for (const HashRow& row : kHashes) {
      byHash[size_t(row.hash)] =
          check(EVP_MD_fetch(nullptr, row.name.cStr(), nullptr), "EVP_MD_fetch");
    }
  }
  EVP_MD* byHash[kHashCount];  // kept as long as the process
};

// Initialized contexts: starting over with the same hash allocates nothing.
struct ReadyContexts {
  EVP_MD_CTX* get(Hash hash) {
    auto& context = byHash[size_t(hash)];
    const EVP_MD* type = nullptr;
    if (context == nullptr) {
      context.reset(check(EVP_MD_CTX_new(), "EVP_MD_CTX_new"));
      type = implementationOf(hash);
    }
    check(EVP_DigestInit_ex2(context.get(), type, nullptr), "EVP_DigestInit_ex2");
    return context.get();
  }
  DigestContext byHash[kHashCount];
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c;
}

}  // namespace

const HashRow& rowOf(Hash hash) {
  return kHashes[size_t(hash)];
}

bool sameName(kj::ArrayPtr<const char> left, kj::ArrayPtr<const char> right) {
  if (left.size() != right.size()) return false;
  for (size_t i : kj::indices(left)) {
    if (lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

kj::Maybe<Hash> findHash(kj::StringPtr name) {
  for (const HashRow& row : kHashes) {
    if (sameName(row.name.asArray(), name.asArray())) return row.hash;
  }
  return nullptr;
}

const EVP_MD* implementationOf(Hash hash) {
  static const Implementations kImplementations;
  return kImplementations.byHash[size_t(hash)];
}

void digest(Hash hash, std::initializer_list<BytesPtr> pieces, kj::ArrayPtr<kj::byte> into) {
  digest(hash, nullptr, pieces, into);
}

void digest(Hash hash, BytesPtr first, std::initializer_list<BytesPtr> pieces,
            kj::ArrayPtr<kj::byte> into) {
  KJ_REQUIRE(into.size() == rowOf(hash).bytes);
  static thread_local ReadyContexts contexts;
  auto* context = contexts.get(hash);
  check(EVP_DigestUpdate(context, first.begin(), first.size()), "EVP_DigestUpdate");
  for (BytesPtr piece : pieces) {
    check(EVP_DigestUpdate(context, piece.begin(), piece.size()), "EVP_DigestUpdate");
  }
  check(EVP_DigestFinal_ex(context, into.begin(), nullptr), "EVP_DigestFinal_ex");
}

RunningDigest::RunningDigest(Hash hash)
    : hash_(hash), context_(check(EVP_MD_CTX_new(), "EVP_MD_CTX_new")) {
  check(EVP_DigestInit_ex2(context_.get(), implementationOf(hash), nullptr), "EVP_DigestInit_ex2");
}

void RunningDigest::update(BytesPtr data) {
  check(EVP_DigestUpdate(context_.get(), data.begin(), data.size()), "EVP_DigestUpdate");
}

Bytes RunningDigest::finish() {
  auto result = kj::heapArray<kj::byte>(rowOf(hash_).bytes);
  check(EVP_DigestFinal_ex(context_.get(), result.begin(), nullptr), "EVP_DigestFinal_ex");
  return result;
}

}  // namespace ocapd::api::crypto
