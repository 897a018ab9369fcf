#include "src/wire/token_seal.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>

#include <kj/debug.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace ocapd::wire {

namespace {

constexpr size_t kKeyBytes = 32;
constexpr kj::byte kMagic[4] = {0x26, 0xad, 0x1d, 0x82};

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

CipherContext newContext() {
  CipherContext context(EVP_CIPHER_CTX_new());
  KJ_ASSERT(context != nullptr, "OpenSSL is out of memory");
  return context;
}

size_t pageBytes() {
  static const size_t kBytes = size_t(::sysconf(_SC_PAGESIZE));
  return kBytes;
}

}  // namespace

struct TokenKey::Page {
  kj::byte key[kKeyBytes];
  kj::byte id[SHA256_DIGEST_LENGTH];
};

TokenKey::TokenKey() {
  void* memory =
      ::mmap(nullptr, pageBytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) KJ_FAIL_SYSCALL("mmap", errno);
  page_ = static_cast<Page*>(memory);
  // Where that is not allowed the key is as safe as the rest of the process.
  ::mlock(memory, pageBytes());
  ::madvise(memory, pageBytes(), MADV_DONTDUMP);
  ::madvise(memory, pageBytes(), MADV_DONTFORK);
  KJ_ASSERT(RAND_priv_bytes(page_->key, kKeyBytes) == 1, "the system has no randomness to give");
  SHA256(page_->key, kKeyBytes, page_->id);
  ::mprotect(memory, pageBytes(), PROT_READ);
}

TokenKey::~TokenKey() noexcept(false) {
  ::mprotect(page_, pageBytes(), PROT_READ | PROT_WRITE);
  OPENSSL_cleanse(page_, sizeof(Page));
  ::munmap(page_, pageBytes());
}

kj::Array<kj::byte> TokenKey::seal(kj::ArrayPtr<const kj::byte> plain) const {
  KJ_REQUIRE(plain.size() <= kSealedBytesMax - kSealedBytesMin, "too much for a token",
             plain.size());
  auto sealed = kj::heapArray<kj::byte>(kSealedBytesMin + plain.size());
  kj::byte* iv = sealed.begin() + sizeof(kMagic);
  kj::byte* cipher = sealed.begin() + kHeaderBytes;
  memcpy(sealed.begin(), kMagic, sizeof(kMagic));
  KJ_ASSERT(RAND_bytes(iv, kIvBytes) == 1, "the system has no randomness to give");
  memcpy(iv + kIvBytes, page_->id, kKeyIdBytes);

  auto context = newContext();
  auto* raw = context.get();
  int bytes = 0;
  bool isSealed =
      EVP_EncryptInit_ex(raw, EVP_aes_256_gcm(), nullptr, page_->key, iv) == 1 &&
      EVP_EncryptUpdate(raw, nullptr, &bytes, sealed.begin(), int(kHeaderBytes)) == 1 &&
      EVP_EncryptUpdate(raw, cipher, &bytes, plain.begin(), int(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(raw, cipher + plain.size(), &bytes) == 1 &&
      EVP_CIPHER_CTX_ctrl(raw, EVP_CTRL_GCM_GET_TAG, kTagBytes, cipher + plain.size()) == 1;
  KJ_ASSERT(isSealed, "OpenSSL cannot seal a token");
  return sealed;
}

kj::Maybe<kj::Array<kj::byte>> TokenKey::open(kj::ArrayPtr<const kj::byte> sealed) const {
  if (sealed.size() < kSealedBytesMin || sealed.size() > kSealedBytesMax) return nullptr;
  const kj::byte* iv = sealed.begin() + sizeof(kMagic);
  const kj::byte* cipher = sealed.begin() + kHeaderBytes;
  size_t cipherBytes = sealed.size() - kSealedBytesMin;
  if (CRYPTO_memcmp(sealed.begin(), kMagic, sizeof(kMagic)) != 0) return nullptr;
  if (CRYPTO_memcmp(iv + kIvBytes, page_->id, kKeyIdBytes) != 0) return nullptr;
  kj::byte tag[kTagBytes];
  memcpy(tag, cipher + cipherBytes, kTagBytes);

  auto plain = kj::heapArray<kj::byte>(cipherBytes);
  auto context = newContext();
  auto* raw = context.get();
  int bytes = 0;
  bool isGenuine =
      EVP_DecryptInit_ex(raw, EVP_aes_256_gcm(), nullptr, page_->key, iv) == 1 &&
      EVP_DecryptUpdate(raw, nullptr, &bytes, sealed.begin(), int(kHeaderBytes)) == 1 &&
      EVP_DecryptUpdate(raw, plain.begin(), &bytes, cipher, int(cipherBytes)) == 1 &&
      EVP_CIPHER_CTX_ctrl(raw, EVP_CTRL_GCM_SET_TAG, kTagBytes, tag) == 1 &&
      EVP_DecryptFinal_ex(raw, plain.begin() + cipherBytes, &bytes) == 1;
  if (!isGenuine) {
    OPENSSL_cleanse(plain.begin(), plain.size());
    return nullptr;
  }
  return kj::mv(plain);
}

}  // namespace ocapd::wire
