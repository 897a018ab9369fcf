#include "src/api/crypto/symmetric.h"

#include <openssl/rand.h>

namespace ocapd::api::crypto {

Secret randomSecret(uint32_t bits) {
  auto bytes = kj::heapArray<kj::byte>((size_t(bits) + 7) / 8);
  check(RAND_priv_bytes(bytes.begin(), int(bytes.size())), "RAND_priv_bytes");
  if (bits % 8 != 0) bytes.back() &= kj::byte(0xFF << (8 - bits % 8));
  return Secret(kj::mv(bytes));
}

void checkExtractable(const ImportSource& source, const Algorithm& algorithm) {
  if (!source.extractable || source.jwk->ext.orDefault(true)) return;
  // Pinned by the reference.
  throw js::Error::dom("DataError", "JWK ext field for \"", algorithm.name,
                       "\" is set to false but extractable is true");
}

void checkKeyOperations(const ImportSource& source, kj::StringPtr what) {
  KJ_IF_MAYBE(names, source.jwk->keyOperations) {
    for (size_t i : kj::indices(*names)) {
      for (size_t earlier = 0; earlier < i; ++earlier) {
        if ((*names)[earlier] != (*names)[i]) continue;
        // Pinned by the reference.
        throw js::Error::dom("DataError", what, " \"jwk\" key contains duplicate value \"",
                             (*names)[i], "\", in \"key_op\".");
      }
    }
    Usages allowed = knownUsages(*names);
    knownUsages(source.usages).forEach([&](Usage usage) {
      if (allowed.has(usage)) return;
      // Pinned by the reference.
      throw js::Error::dom("DataError", "\"jwk\" key missing usage \"", nameOf(usage),
                           "\", in \"key_ops\".");
    });
  }
}

Bytes importOct(const ImportSource& source, kj::StringPtr what, kj::StringPtr use,
                const Algorithm& algorithm) {
  const Jwk& jwk = *source.jwk;
  if (shown(jwk.kty) != "oct") {
    // Pinned by the reference.
    throw js::Error::dom("DataError", what,
                         " \"jwk\" key import requires a JSON Web Key with Key Type parameter "
                         "\"kty\" equal to \"oct\" (encountered \"",
                         shown(jwk.kty), "\").");
  }
  auto bytes = decoded(jwk.k);
  if (bytes == nullptr) {
    // Pinned by the reference.
    throw js::Error::dom("DataError", what,
                         " \"jwk\" key import requires a base64Url encoding of the key.");
  }
  checkExtractable(source, algorithm);
  KJ_IF_MAYBE(given, jwk.use) {
    if (source.usages.size() > 0 && *given != use) {
      // Pinned by the reference.
      throw js::Error::dom("DataError", what, " \"jwk\" key must have a \"use\" of \"", use,
                           "\", not \"", *given, "\".");
    }
  }
  checkKeyOperations(source, what);
  return kj::mv(KJ_ASSERT_NONNULL(bytes));
}

}  // namespace ocapd::api::crypto
