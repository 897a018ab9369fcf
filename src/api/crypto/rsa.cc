// RSASSA-PKCS1-v1_5, RSA-PSS and RSA-OAEP.
//
// Spec      https://w3c.github.io/webcrypto/#rsassa-pkcs1 and the sections behind it, RFC 8017

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "src/api/crypto/families.h"
#include "src/api/crypto/pkey.h"
#include "src/api/crypto/rsa_jwk.h"

namespace ocapd::api::crypto {

namespace {

constexpr uint32_t kModulusBitsMin = 256;
constexpr uint32_t kModulusBitsMax = 16384;
constexpr int32_t kGeneratedBitsMin = 512;  // OpenSSL's least

void requireModulusLength(int64_t bits) {
  if (bits % 8 == 0 && bits >= kModulusBitsMin && bits <= kModulusBitsMax) return;
  // Pinned by the reference.
  throw js::Error::dom("OperationError",
                       "The modulus length must be a multiple of 8 and between 256 and 16k, but ",
                       bits, " was requested.");
}

// The value of a big-endian public exponent.
uint32_t exponentValue(BytesPtr exponent) {
  uint64_t value = 0;
  for (kj::byte byte : exponent) {
    value = value << 8 | byte;
    if (value > UINT32_MAX) {
      // Pinned by the reference.
      throw js::Error::dom("OperationError",
                           "The \"publicExponent\" must be either 3 or 65537, but got a number "
                           "larger than 2^32.");
    }
  }
  return uint32_t(value);
}

// https://w3c.github.io/webcrypto/#rsassa-pkcs1-operations-generate-key
Generated generate(const Algorithm& algorithm, const Parameters& parameters, bool extractable,
                   const UsageNames& names) {
  Usages usages = checkPairUsages(algorithm, names);
  int32_t bits = required(parameters.modulusLength);
  BytesPtr exponent = required(parameters.publicExponent);
  // Texts pinned by the reference.
  if (bits <= 0) {
    throw js::Error::dom("OperationError", "modulusLength must be greater than zero (requested ",
                         bits, ").");
  }
  requireModulusLength(bits);
  if (bits < kGeneratedBitsMin) {
    throw js::Error::dom("OperationError", "RSA key size is too small.");
  }
  uint32_t value = exponentValue(exponent);
  if (value != 3 && value != 65537) {
    throw js::Error::dom("OperationError",
                         "The \"publicExponent\" must be either 3 or 65537, but got ", value, ".");
  }
  requirePrivateUsages(algorithm, usages);

  ErrorScope errors;
  PkeyContext context(check(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr), "RSA"));
  check(EVP_PKEY_keygen_init(context.get()), "EVP_PKEY_keygen_init");
  check(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits), "rsa_keygen_bits");
  BigNumber e = toNumber(exponent);
  check(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), e.get()), "rsa_keygen_pubexp");
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_generate(context.get(), &made) != 1) {
    throw js::Error::dom("OperationError", "Generating an RSA key of ", bits, " bits failed.");
  }
  KeyAlgorithm details{.modulusLength = uint32_t(bits),
                       .publicExponent = kj::heapArray(exponent),
                       .hash = required(parameters.hash)};
  return makePair(algorithm, Pkey(made), details, usages, extractable);
}

// What CryptoKey.algorithm says of an imported key, after the checks that all have.
KeyAlgorithm describe(const EVP_PKEY* key, Hash hash) {
  BigNumber e = numberOf(key, OSSL_PKEY_PARAM_RSA_E);
  BigNumber n = numberOf(key, OSSL_PKEY_PARAM_RSA_N);
  if (e == nullptr || n == nullptr) throw js::Error::dom("DataError", "Input was not an RSA key.");
  // In whole bytes, as the reference has it: a modulus may begin with zero bits.
  requireModulusLength(int64_t(BN_num_bytes(n.get())) * 8);
  Bytes exponent = toBytes(e.get());
  uint32_t value = exponentValue(exponent);
  if (value < 3 || value % 2 == 0) {
    // Pinned by the reference.
    throw js::Error::dom("OperationError", "Imported RSA key has invalid publicExponent ", value,
                         ".");
  }
  return {.modulusLength = uint32_t(BN_num_bits(n.get())),
          .publicExponent = kj::mv(exponent),
          .hash = hash};
}

// "RS256", "PS256", "RSA-OAEP-256"; "RSA-OAEP" with SHA-1.
kj::String jwkName(const Algorithm& algorithm, Hash hash) {
  kj::StringPtr suffix = rowOf(hash).jwkSuffix;
  if (&algorithm == &kRsassaPkcs1) return kj::str("RS", suffix);
  if (&algorithm == &kRsaPss) return kj::str("PS", suffix);
  return hash == Hash::Sha1 ? kj::str("RSA-OAEP") : kj::str("RSA-OAEP-", suffix);
}

void checkRsaJwk(const Algorithm& algorithm, Hash hash, const ImportSource& source) {
  const Jwk& jwk = *source.jwk;
  if (shown(jwk.kty) != "RSA") {
    // Pinned by the reference.
    throw js::Error::dom("DataError",
                         "RSASSA-PKCS1-v1_5 \"jwk\" key import requires a JSON Web Key with Key "
                         "Type parameter \"kty\" (\"",
                         shown(jwk.kty), "\") equal to \"RSA\".");
  }
  checkJwk(algorithm, source, &algorithm == &kRsaOaep ? "enc" : "sig");
  KJ_IF_MAYBE(alg, jwk.alg) {
    if (*alg != jwkName(algorithm, hash)) {
      throw js::Error::dom("DataError", "JSON Web Key Algorithm parameter \"alg\" (\"", *alg,
                           "\") does not match requested hash algorithm \"", rowOf(hash).name,
                           "\".");
    }
  }
}

// https://w3c.github.io/webcrypto/#rsassa-pkcs1-operations-import-key
kj::Own<KeyData> importKey(const Algorithm& algorithm, const Parameters& parameters,
                           const ImportSource& source) {
  Hash hash = required(parameters.hash);
  bool isPublic = source.isJwk() ? source.jwk->d == nullptr : source.format == "spki";
  KeyType type = isPublic ? KeyType::Public : KeyType::Private;
  if (!source.isJwk() && !isPublic && source.format != "pkcs8") {
    // Pinned by the reference.
    throw js::Error::dom("NotSupportedError", "Unrecognized key import format \"", source.format,
                         "\".");
  }
  Usages usages = checkImportUsages(algorithm, type, source);
  Pkey pkey;
  if (source.isJwk()) {
    checkRsaJwk(algorithm, hash, source);
    pkey = rsaFromJwk(*source.jwk);
  } else {
    pkey = isPublic ? parseSpki(source.bytes) : parsePkcs8(source.bytes);
  }
  requireType(pkey.get(), "RSA", "RSA");
  KeyAlgorithm details = describe(pkey.get(), hash);
  if (!isPublic && !isConsistentRsa(pkey.get())) {
    throw js::Error::dom("DataError", "Invalid RSA private key: its parts contradict each other.");
  }
  return newKey(algorithm, type, kj::mv(pkey), kj::mv(details), usages);
}

// https://w3c.github.io/webcrypto/#rsassa-pkcs1-operations-export-key
Exported exportKey(const KeyData& key, kj::StringPtr format) {
  KJ_IF_MAYBE(der, exportDer(key, format)) {
    return kj::mv(*der);
  }
  if (format != "jwk") cannotExport(key, format);
  Hash hash = required(key.details.hash);
  if (rowOf(hash).jwkSuffix.size() == 0) {
    // Pinned by the reference.
    throw js::Error::dom("NotSupportedError", "JWK export not supported for hash algorithm \"",
                         rowOf(hash).name, "\".");
  }
  auto jwk = newJwk("RSA", key.usages, key.extractable);
  jwk.alg = jwkName(key.algorithm, hash);
  putRsa(jwk, key.pkey.get(), key.type);
  return jwk;
}

// ---- RSASSA-PKCS1-v1_5 and RSA-PSS ----

const EVP_MD* hashOf(const KeyData& key) {
  return implementationOf(required(key.details.hash));
}

void configurePkcs1(EVP_PKEY_CTX* context, const Parameters&, const KeyData&) {
  check(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING), "rsa_padding");
}

void configurePss(EVP_PKEY_CTX* context, const Parameters& parameters, const KeyData& key) {
  check(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING), "rsa_padding");
  check(EVP_PKEY_CTX_set_rsa_mgf1_md(context, hashOf(key)), "rsa_mgf1_md");
  check(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, required(parameters.saltLength)),
        "rsa_pss_saltlen");
}

void requireSaltLength(const Parameters& parameters) {
  int32_t length = required(parameters.saltLength);
  if (length >= 0) return;
  // Pinned by the reference.
  throw js::Error::dom("DataError", "SaltLength for RSA-PSS must be non-negative (provided ",
                       length, ").");
}

// https://w3c.github.io/webcrypto/#rsassa-pkcs1-operations-sign
Bytes signPkcs1(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  KJ_IF_MAYBE(signature, signWith(key, hashOf(key), data, parameters, &configurePkcs1)) {
    return kj::mv(*signature);
  }
  // Begins as pinned by the reference.
  throw js::Error::dom("OperationError", "key too small for signing with given digest");
}

bool verifyPkcs1(const Parameters& parameters, const KeyData& key, BytesPtr signature,
                 BytesPtr data) {
  return verifyWith(key, hashOf(key), signature, data, parameters, &configurePkcs1);
}

// https://w3c.github.io/webcrypto/#rsa-pss-operations-sign
Bytes signPss(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  requireSaltLength(parameters);
  KJ_IF_MAYBE(signature, signWith(key, hashOf(key), data, parameters, &configurePss)) {
    return kj::mv(*signature);
  }
  // Pinned by the reference.
  throw js::Error::dom("OperationError",
                       "key too small for signing with given digest and salt length");
}

bool verifyPss(const Parameters& parameters, const KeyData& key, BytesPtr signature,
               BytesPtr data) {
  requireSaltLength(parameters);
  return verifyWith(key, hashOf(key), signature, data, parameters, &configurePss);
}

// ---- RSA-OAEP ----

using CryptFunction = int (*)(EVP_PKEY_CTX*, kj::byte*, size_t*, const kj::byte*, size_t);

Bytes cryptOaep(const Parameters& parameters, const KeyData& key, BytesPtr data,
                int (*begin)(EVP_PKEY_CTX*), CryptFunction crypt) {
  ErrorScope errors;
  PkeyContext context(
      check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.pkey.get(), nullptr), "EVP_PKEY_CTX_new"));
  check(begin(context.get()), "EVP_PKEY_encrypt_init");
  check(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING), "rsa_padding");
  check(EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), hashOf(key)), "rsa_oaep_md");
  check(EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), hashOf(key)), "rsa_mgf1_md");
  KJ_IF_MAYBE(label, parameters.label) {
    BytesPtr bytes = label->bytes;
    if (bytes.size() > 0) {
      void* copy = check(OPENSSL_memdup(bytes.begin(), bytes.size()), "OPENSSL_memdup");
      check(EVP_PKEY_CTX_set0_rsa_oaep_label(context.get(), copy, int(bytes.size())),
            "rsa_oaep_label");
    }
  }
  size_t size = size_t(EVP_PKEY_get_size(key.pkey.get()));
  auto result = kj::heapArray<kj::byte>(size);
  KJ_DEFER(OPENSSL_cleanse(result.begin(), result.size()));
  if (crypt(context.get(), result.begin(), &size, startOf(data), data.size()) != 1) {
    throw js::Error::dom("OperationError", "RSA-OAEP failed encrypt/decrypt.");
  }
  return kj::heapArray<kj::byte>(result.slice(0, size));
}

// https://w3c.github.io/webcrypto/#rsa-oaep-operations-encrypt
Bytes encryptOaep(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  return cryptOaep(parameters, key, data, &EVP_PKEY_encrypt_init, &EVP_PKEY_encrypt);
}

// https://w3c.github.io/webcrypto/#rsa-oaep-operations-decrypt
Bytes decryptOaep(const Parameters& parameters, const KeyData& key, BytesPtr data) {
  return cryptOaep(parameters, key, data, &EVP_PKEY_decrypt_init, &EVP_PKEY_decrypt);
}

constexpr Parameter kGeneration[] = {
    requiredParameter<&Parameters::modulusLength>("modulusLength"),
    requiredParameter<&Parameters::publicExponent>("publicExponent"),
    requiredParameter<&Parameters::hash>("hash"),
};
constexpr Parameter kImport[] = {requiredParameter<&Parameters::hash>("hash")};
constexpr Parameter kPss[] = {requiredParameter<&Parameters::saltLength>(
    "saltLength", "Failed to provide salt for RSA-PSS key operation which requires a salt")};
constexpr Parameter kOaep[] = {optionalParameter<&Parameters::label>("label")};

}  // namespace

constinit const Algorithm kRsassaPkcs1{
    .name = "RSASSA-PKCS1-v1_5"_kj,
    .usages = {Usage::Sign},
    .publicUsages = {Usage::Verify},
    .signing = {{}, &signPkcs1, &verifyPkcs1},
    .generation = {kGeneration, &generate},
    .importing = {kImport, &importKey},
    .exportKey = &exportKey,
};

constinit const Algorithm kRsaPss{
    .name = "RSA-PSS"_kj,
    .usages = {Usage::Sign},
    .publicUsages = {Usage::Verify},
    .signing = {kPss, &signPss, &verifyPss},
    .generation = {kGeneration, &generate},
    .importing = {kImport, &importKey},
    .exportKey = &exportKey,
};

constinit const Algorithm kRsaOaep{
    .name = "RSA-OAEP"_kj,
    .usages = {Usage::Decrypt, Usage::UnwrapKey},
    .publicUsages = {Usage::Encrypt, Usage::WrapKey},
    .encryption = {kOaep, &encryptOaep, &decryptOaep},
    .generation = {kGeneration, &generate},
    .importing = {kImport, &importKey},
    .exportKey = &exportKey,
};

}  // namespace ocapd::api::crypto
