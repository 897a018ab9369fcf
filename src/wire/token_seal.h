// TokenKey: seals bytes so that only this process can open them, and nobody can forge them.
//
// A sealed token is: magic (4 bytes), initialization vector (12, random), key id (16), ciphertext,
// authentication tag (16): AES-256-GCM, with all that stands before the ciphertext authenticated.
//
// Owns      the key: 32 random bytes of the operating system's, in a page of their own that is kept
//           out of swap and core dumps where the system allows it, and wiped in the end. There is
//           no way to get at it.
// Lives     as long as the process takes tokens; each has another key.
// Threads   any; it does not change.
// Errors    open() says nothing about why it does not open something.
// Spec      https://csrc.nist.gov/pubs/sp/800/38/d/final
#pragma once

#include <kj/array.h>
#include <kj/common.h>

namespace ocapd::wire {

class TokenKey {
 public:
  static constexpr size_t kIvBytes = 12;
  static constexpr size_t kKeyIdBytes = 16;
  static constexpr size_t kTagBytes = 16;
  static constexpr size_t kHeaderBytes = 4 + kIvBytes + kKeyIdBytes;
  static constexpr size_t kSealedBytesMin = kHeaderBytes + kTagBytes;
  // Larger ones are neither made nor opened.
  static constexpr size_t kSealedBytesMax = 16u << 20;

  TokenKey();
  ~TokenKey() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(TokenKey);

  kj::Array<kj::byte> seal(kj::ArrayPtr<const kj::byte> plain) const;
  // None: it was not sealed with this key, or not exactly so.
  kj::Maybe<kj::Array<kj::byte>> open(kj::ArrayPtr<const kj::byte> sealed) const;

 private:
  struct Page;
  Page* page_;
};

}  // namespace ocapd::wire
