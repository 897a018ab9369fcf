#include "src/api/crypto/rsa_jwk.h"

#include <openssl/core_names.h>

namespace ocapd::api::crypto {

namespace {

struct PrimePart {
  const char* name;  // in the key
  kj::Maybe<kj::String> Jwk::* member;
  kj::StringPtr label;  // in messages
  kj::StringPtr jwkName;
};
constexpr PrimePart kPrimeParts[] = {
    {OSSL_PKEY_PARAM_RSA_FACTOR1, &Jwk::p, "First Prime Factor"_kj, "p"_kj},
    {OSSL_PKEY_PARAM_RSA_FACTOR2, &Jwk::q, "Second Prime Factor"_kj, "q"_kj},
    {OSSL_PKEY_PARAM_RSA_EXPONENT1, &Jwk::dp, "First Factor CRT Exponent"_kj, "dp"_kj},
    {OSSL_PKEY_PARAM_RSA_EXPONENT2, &Jwk::dq, "Second Factor CRT Exponent"_kj, "dq"_kj},
    {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, &Jwk::qi, "First CRT Coefficient"_kj, "qi"_kj},
};

BigNumber decodedNumber(const kj::Maybe<kj::String>& member) {
  KJ_IF_MAYBE(bytes, decoded(member)) {
    BigNumber number = toNumber(*bytes);
    OPENSSL_cleanse(bytes->begin(), bytes->size());
    return number;
  }
  return nullptr;
}

// Pinned by the reference.
constexpr kj::StringPtr kAllOrNone =
    "Invalid RSA private key in JSON Web Key; if one Prime Factor or CRT Exponent/Coefficient "
    "parameter is present, then they must all be present (\"p\", \"q\", \"dp\", \"dq\", \"qi\")."_kj;

}  // namespace

Pkey rsaFromJwk(const Jwk& jwk) {
  ErrorScope errors;
  // OpenSSL's builder keeps pointers to the numbers until the key is made.
  kj::Vector<BigNumber> numbers;
  ParamBuilder parts(check(OSSL_PARAM_BLD_new(), "OSSL_PARAM_BLD_new"));
  auto add = [&](const char* name, BigNumber number) {
    check(OSSL_PARAM_BLD_push_BN(parts.get(), name, number.get()), "OSSL_PARAM_BLD_push_BN");
    numbers.add(kj::mv(number));
  };
  // Texts pinned by the reference.
  auto addRequired = [&](const char* name, const kj::Maybe<kj::String>& member,
                         kj::StringPtr label) {
    BigNumber number = decodedNumber(member);
    if (number == nullptr) {
      throw js::Error::dom("DataError", "Invalid RSA key in JSON Web Key; missing or invalid ",
                           label, ".");
    }
    add(name, kj::mv(number));
  };
  addRequired(OSSL_PKEY_PARAM_RSA_N, jwk.n, "Modulus parameter (\"n\")");
  addRequired(OSSL_PKEY_PARAM_RSA_E, jwk.e, "Exponent parameter (\"e\")");
  if (jwk.d == nullptr) {
    Pkey key = keyFromParts("RSA", EVP_PKEY_PUBLIC_KEY, parts.get());
    if (key == nullptr) throw js::Error::dom("DataError", "Invalid RSA key in JSON Web Key.");
    return key;
  }

  addRequired(OSSL_PKEY_PARAM_RSA_D, jwk.d, "Private Exponent parameter (\"d\")");
  if (jwk.hasOtherPrimes) {
    throw js::Error::dom("NotSupportedError", "Multi-prime private keys not supported.");
  }
  size_t present = 0;
  for (const PrimePart& part : kPrimeParts) {
    if (jwk.*part.member != nullptr) ++present;
  }
  if (present > 0) {
    if (present < std::size(kPrimeParts)) throw js::Error::dom("DataError", kAllOrNone);
    for (const PrimePart& part : kPrimeParts) {
      BigNumber number = decodedNumber(jwk.*part.member);
      if (number == nullptr) {
        throw js::Error::dom("DataError", "Invalid RSA key in JSON Web Key; invalid ", part.label,
                             " parameter (\"", part.jwkName, "\").");
      }
      add(part.name, kj::mv(number));
    }
  }
  Pkey key = keyFromParts("RSA", EVP_PKEY_KEYPAIR, parts.get());
  if (key == nullptr) throw js::Error::dom("DataError", "Invalid RSA key in JSON Web Key.");
  return key;
}

void putRsa(Jwk& jwk, const EVP_PKEY* key, KeyType type) {
  auto text = [&](const char* name) -> kj::Maybe<kj::String> {
    BigNumber number = numberOf(key, name);
    if (number == nullptr) return nullptr;
    Bytes bytes = toBytes(number.get());
    KJ_DEFER(OPENSSL_cleanse(bytes.begin(), bytes.size()));
    return base64Url(bytes);
  };
  jwk.n = text(OSSL_PKEY_PARAM_RSA_N);
  jwk.e = text(OSSL_PKEY_PARAM_RSA_E);
  if (type == KeyType::Public) return;
  jwk.d = text(OSSL_PKEY_PARAM_RSA_D);
  for (const PrimePart& part : kPrimeParts) jwk.*part.member = text(part.name);
}

// RFC 8017, section 3.2
bool isConsistentRsa(const EVP_PKEY* key) {
  ErrorScope errors;
  BigNumber n = numberOf(key, OSSL_PKEY_PARAM_RSA_N);
  BigNumber e = numberOf(key, OSSL_PKEY_PARAM_RSA_E);
  BigNumber d = numberOf(key, OSSL_PKEY_PARAM_RSA_D);
  BigNumber p = numberOf(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
  BigNumber q = numberOf(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
  BigNumber dp = numberOf(key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
  BigNumber dq = numberOf(key, OSSL_PKEY_PARAM_RSA_EXPONENT2);
  BigNumber qi = numberOf(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  if (n == nullptr || e == nullptr || d == nullptr) return false;
  if (p == nullptr || q == nullptr) return true;
  if (dp == nullptr || dq == nullptr || qi == nullptr) return false;

  BigNumberContext context(check(BN_CTX_secure_new(), "BN_CTX_secure_new"));
  BigNumber result(check(BN_new(), "BN_new"));
  auto product = [&](const BIGNUM* left, const BIGNUM* right) {
    check(BN_mul(result.get(), left, right, context.get()), "BN_mul");
    return result.get();
  };
  auto isInverse = [&](const BIGNUM* left, const BIGNUM* right, const BIGNUM* modulus) {
    return BN_cmp(modulus, BN_value_one()) > 0 &&
           BN_mod_mul(result.get(), left, right, modulus, context.get()) == 1 &&
           BN_is_one(result.get()) == 1;
  };
  if (BN_cmp(product(p.get(), q.get()), n.get()) != 0) return false;
  if (!isInverse(qi.get(), q.get(), p.get())) return false;
  // e d is 1 modulo p - 1 and q - 1, whether d was made modulo their product or their multiple.
  auto fits = [&](BIGNUM* prime, const BIGNUM* exponent) {
    BigNumber modulus(check(BN_dup(prime), "BN_dup"));
    check(BN_sub_word(modulus.get(), 1), "BN_sub_word");
    return BN_cmp(exponent, modulus.get()) < 0 && isInverse(e.get(), d.get(), modulus.get()) &&
           isInverse(e.get(), exponent, modulus.get());
  };
  return fits(p.get(), dp.get()) && fits(q.get(), dq.get());
}

}  // namespace ocapd::api::crypto
