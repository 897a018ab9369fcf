// What a key may be used for: a set, and the list of names that a caller gave.
//
// Spec      https://w3c.github.io/webcrypto/#cryptokey-interface
#pragma once

#include <stdint.h>

#include <initializer_list>
#include <string_view>

#include <kj/array.h>
#include <kj/string.h>

namespace ocapd::api::crypto {

// In the order in which CryptoKey.usages has them.
enum class Usage : uint8_t {
  Encrypt,
  Decrypt,
  Sign,
  Verify,
  DeriveKey,
  DeriveBits,
  WrapKey,
  UnwrapKey
};
constexpr kj::StringPtr kUsageNames[] = {"encrypt"_kj, "decrypt"_kj,   "sign"_kj,
                                         "verify"_kj,  "deriveKey"_kj, "deriveBits"_kj,
                                         "wrapKey"_kj, "unwrapKey"_kj};

constexpr kj::StringPtr nameOf(Usage usage) {
  return kUsageNames[size_t(usage)];
}

class Usages {
 public:
  constexpr Usages() = default;
  constexpr Usages(std::initializer_list<Usage> usages) {
    for (Usage usage : usages) add(usage);
  }

  constexpr void add(Usage usage) { bits_ |= uint8_t(1 << uint8_t(usage)); }
  constexpr bool has(Usage usage) const { return (bits_ >> uint8_t(usage) & 1) != 0; }
  constexpr bool isEmpty() const { return bits_ == 0; }
  constexpr Usages operator&(Usages other) const { return Usages(uint8_t(bits_ & other.bits_)); }
  constexpr Usages operator|(Usages other) const { return Usages(uint8_t(bits_ | other.bits_)); }

  template <typename Visit>
  void forEach(Visit&& visit) const {
    for (uint8_t i = 0; i < sizeof(kUsageNames) / sizeof(kUsageNames[0]); ++i) {
      if (has(Usage(i))) visit(Usage(i));
    }
  }

 private:
  explicit constexpr Usages(uint8_t bits) : bits_(bits) {}

  uint8_t bits_ = 0;
};

// Names that a caller asked for; unknown ones are refused together with those a key cannot have.
struct UsageNames : public kj::Array<kj::String> {
  UsageNames() = default;
  UsageNames(kj::Array<kj::String> names) : kj::Array<kj::String>(kj::mv(names)) {}
};

// The set of them. Throws a SyntaxError that begins with `attempt` for a name that is not in
// `allowed`.
Usages checkUsages(const UsageNames& names, Usages allowed, kj::StringPtr attempt);
// The known ones.
Usages knownUsages(const UsageNames& names);

}  // namespace ocapd::api::crypto
