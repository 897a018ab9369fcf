#include "src/wire/token_seal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <random>
#include <string>

#include <gtest/gtest.h>
#include <kj/debug.h>

namespace ocapd::wire {

namespace {

std::string textOf(kj::ArrayPtr<const kj::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

kj::ArrayPtr<const kj::byte> bytesOf(const std::string& text) {
  return kj::arrayPtr(reinterpret_cast<const kj::byte*>(text.data()), text.size());
}

TEST(TokenKey, OpensWhatItSealed) {
  TokenKey key;
  for (size_t size : {0, 1, 16, 100, 70'000}) {
    std::string plain(size, 'x');
    auto sealed = key.seal(bytesOf(plain));
    EXPECT_EQ(sealed.size(), TokenKey::kSealedBytesMin + size);
    auto opened = key.open(sealed);
    ASSERT_TRUE(opened != nullptr);
    KJ_IF_MAYBE(bytes, opened) EXPECT_EQ(textOf(*bytes), plain);
    EXPECT_EQ(textOf(sealed).find("xxxxxxxx"), std::string::npos);
  }
}

TEST(TokenKey, NeverSealsTwiceAlike) {
  TokenKey key;
  auto first = key.seal(bytesOf("same"));
  auto second = key.seal(bytesOf("same"));
  EXPECT_NE(textOf(first), textOf(second));
}

TEST(TokenKey, RefusesEverySingleBitFlip) {
  TokenKey key;
  auto sealed = key.seal(bytesOf("a service, an entrypoint and its props"));
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    sealed[bit / 8] ^= kj::byte(1u << (bit % 8));
    EXPECT_TRUE(key.open(sealed) == nullptr) << bit;
    sealed[bit / 8] ^= kj::byte(1u << (bit % 8));
  }
  EXPECT_TRUE(key.open(sealed) != nullptr);
}

TEST(TokenKey, RefusesEveryTruncationAndExtension) {
  TokenKey key;
  auto sealed = key.seal(bytesOf("a service, an entrypoint and its props"));
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_TRUE(key.open(sealed.slice(0, size)) == nullptr) << size;
    EXPECT_TRUE(key.open(sealed.slice(sealed.size() - size, sealed.size())) == nullptr) << size;
  }
  auto longer = textOf(sealed) + '\0';
  EXPECT_TRUE(key.open(bytesOf(longer)) == nullptr);
}

TEST(TokenKey, RefusesTokensOfAnotherKey) {
  TokenKey mine;
  TokenKey other;
  auto sealed = other.seal(bytesOf("x"));
  EXPECT_TRUE(mine.open(sealed) == nullptr);
  // Not even under the right id.
  auto forged = kj::heapArray<kj::byte>(sealed.asPtr());
  auto own = mine.seal(bytesOf("x"));
  memcpy(forged.begin() + 16, own.begin() + 16, TokenKey::kKeyIdBytes);
  EXPECT_TRUE(mine.open(forged) == nullptr);
}

// Ten million take a minute: OCAPD_FORGERIES=10000000.
TEST(TokenKey, RefusesRandomForgeries) {
  TokenKey key;
  auto genuine = key.seal(bytesOf("a service, an entrypoint and its props"));
  const char* wanted = getenv("OCAPD_FORGERIES");
  size_t count = wanted == nullptr ? 100'000 : strtoul(wanted, nullptr, 10);
  std::mt19937_64 random(20261122);
  auto forged = kj::heapArray<kj::byte>(genuine.asPtr());
  for (size_t i = 0; i < count; ++i) {
    // The right header, which anybody can copy, and a ciphertext and tag that are guessed.
    for (size_t at = TokenKey::kHeaderBytes; at + 8 <= forged.size(); at += 8) {
      uint64_t value = random();
      memcpy(forged.begin() + at, &value, sizeof(value));
    }
    ASSERT_TRUE(key.open(forged) == nullptr);
  }
}

// Areas of this process that core dumps leave out.
size_t countUndumped() {
  std::string maps;
  int fd = ::open("/proc/self/smaps", O_RDONLY);
  KJ_ASSERT(fd >= 0);
  char buffer[65536];
  for (ssize_t n; (n = ::read(fd, buffer, sizeof(buffer))) > 0;) maps.append(buffer, size_t(n));
  ::close(fd);
  size_t count = 0;
  for (size_t at = 0; (at = maps.find("VmFlags:", at)) != std::string::npos; ++at) {
    if (maps.substr(at, maps.find('\n', at) - at).find(" dd") != std::string::npos) ++count;
  }
  return count;
}

TEST(TokenKey, ItsPageIsLeftOutOfDumps) {
  auto before = countUndumped();
  {
    TokenKey key;
    EXPECT_EQ(countUndumped(), before + 1);
  }
  EXPECT_EQ(countUndumped(), before);
}

}  // namespace

}  // namespace ocapd::wire
