#include <openssl/core_names.h>
#include <openssl/dh.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "src/api/node/crypto/key.h"

namespace ocapd::api::node {

namespace {

// The members of `parameters`, by name.
class Options {
 public:
  Options(js::Turn& turn, v8::Local<v8::Object> object) : turn_(turn), object_(object) {}

  int number(kj::StringPtr name, int otherwise = -1) const {
    auto value = turn_.get(object_, name);
    return value->IsNumber() ? turn_.check(value->Int32Value(turn_.context)) : otherwise;
  }
  uint32_t unsignedNumber(kj::StringPtr name) const {
    return turn_.check(turn_.get(object_, name)->Uint32Value(turn_.context));
  }
  kj::Maybe<kj::String> text(kj::StringPtr name) const {
    auto value = turn_.get(object_, name);
    if (!value->IsString()) return nullptr;
    return turn_.utf8(value.As<v8::String>());
  }
  kj::ArrayPtr<kj::byte> bytes(kj::StringPtr name) const {
    return toBytes(turn_.get(object_, name));
  }

 private:
  js::Turn& turn_;
  v8::Local<v8::Object> object_;  // tidy: local: lives on the stack
};

OwnKey generated(js::Turn& turn, EVP_PKEY_CTX* context) {
  EVP_PKEY* key = nullptr;
  checkOpenSsl(turn, EVP_PKEY_generate(context, &key) == 1, "Key generation failed");
  return OwnKey(key);
}

OwnKeyContext newContext(js::Turn& turn, const char* algorithm) {
  OwnKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  checkOpenSsl(turn, context != nullptr && EVP_PKEY_keygen_init(context.get()) == 1,
               "Key generation failed");
  return context;
}

OwnKey generateRsa(js::Turn& turn, const Options& options, const char* algorithm) {
  auto context = newContext(turn, algorithm);
  OwnBignum exponent(BN_new());
  BN_set_word(exponent.get(), options.unsignedNumber("publicExponent"));
  bool succeeded =
      EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), options.number("modulusLength")) == 1 &&
      EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), exponent.get()) == 1;
  KJ_IF_MAYBE(name, options.text("hashAlgorithm")) {
    const EVP_MD* digest = requireDigest(turn, *name);
    succeeded = succeeded && EVP_PKEY_CTX_set_rsa_pss_keygen_md(context.get(), digest) == 1;
    const EVP_MD* mask = digest;
    KJ_IF_MAYBE(maskName, options.text("mgf1HashAlgorithm")) {
      mask = requireDigest(turn, *maskName);
    }
    succeeded = succeeded && EVP_PKEY_CTX_set_rsa_pss_keygen_mgf1_md(context.get(), mask) == 1;
    int salt = options.number("saltLength", EVP_MD_get_size(digest));
    succeeded = succeeded && EVP_PKEY_CTX_set_rsa_pss_keygen_saltlen(context.get(), salt) == 1;
  }
  checkOpenSsl(turn, succeeded, "Key generation failed");
  return generated(turn, context.get());
}

OwnKey generateEc(js::Turn& turn, const Options& options) {
  auto name = KJ_REQUIRE_NONNULL(options.text("namedCurve"));
  int curve = EC_curve_nist2nid(name.cStr());
  if (curve == NID_undef) curve = OBJ_sn2nid(name.cStr());
  if (curve == NID_undef) {
    ERR_clear_error();
    throwCoded(turn, js::Error::type("Invalid EC curve name"), "ERR_CRYPTO_INVALID_CURVE");
  }
  auto context = newContext(turn, "EC");
  checkOpenSsl(
      turn,
      EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), curve) == 1 &&
          EVP_PKEY_CTX_set_ec_param_enc(context.get(), options.number("paramEncoding", 1)) == 1,
      "Key generation failed");
  return generated(turn, context.get());
}

// A key of parameters that were generated first.
OwnKey generateWith(js::Turn& turn, EVP_PKEY* parameters) {
  OwnKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, parameters, nullptr));
  checkOpenSsl(turn, context != nullptr && EVP_PKEY_keygen_init(context.get()) == 1,
               "Key generation failed");
  return generated(turn, context.get());
}

OwnKey generateDsa(js::Turn& turn, const Options& options) {
  OwnKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "DSA", nullptr));
  bool succeeded =
      EVP_PKEY_paramgen_init(context.get()) == 1 &&
      EVP_PKEY_CTX_set_dsa_paramgen_bits(context.get(), options.number("modulusLength")) == 1;
  int divisor = options.number("divisorLength");
  if (divisor > 0) {
    succeeded = succeeded && EVP_PKEY_CTX_set_dsa_paramgen_q_bits(context.get(), divisor) == 1;
  }
  checkOpenSsl(turn, succeeded, "Key generation failed");
  auto parameters = generated(turn, context.get());
  return generateWith(turn, parameters.get());
}

OwnKey generateDh(js::Turn& turn, const Options& options) {
  KJ_IF_MAYBE(group, options.text("group")) {
    auto context = newContext(turn, "DH");
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group->begin(), 0),
        OSSL_PARAM_construct_end(),
    };
    if (EVP_PKEY_CTX_set_params(context.get(), parameters) != 1) {
      ERR_clear_error();
      throwCoded(turn, js::Error::plain("Unknown DH group"), "ERR_CRYPTO_UNKNOWN_DH_GROUP");
    }
    return generated(turn, context.get());
  }
  auto prime = options.bytes("prime");
  if (prime.size() > 0) {
    auto p = toBignum(prime);
    OwnBignum g(BN_new());
    BN_set_word(g.get(), options.unsignedNumber("generator"));
    OpenSslOwn<OSSL_PARAM_BLD, &OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_P, p.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_G, g.get());
    OpenSslOwn<OSSL_PARAM, &OSSL_PARAM_free> list(OSSL_PARAM_BLD_to_param(builder.get()));
    OwnKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr));
    EVP_PKEY* parameters = nullptr;
    checkOpenSsl(
        turn,
        EVP_PKEY_fromdata_init(context.get()) == 1 &&
            EVP_PKEY_fromdata(context.get(), &parameters, EVP_PKEY_KEY_PARAMETERS, list.get()) == 1,
        "Key generation failed");
    OwnKey owned(parameters);
    return generateWith(turn, parameters);
  }
  OwnKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr));
  checkOpenSsl(
      turn,
      EVP_PKEY_paramgen_init(context.get()) == 1 &&
          EVP_PKEY_CTX_set_dh_paramgen_prime_len(context.get(), options.number("primeLength")) ==
              1 &&
          EVP_PKEY_CTX_set_dh_paramgen_generator(context.get(), options.number("generator")) == 1,
      "Key generation failed");
  auto parameters = generated(turn, context.get());
  return generateWith(turn, parameters.get());
}

}  // namespace

Key* generateKey(js::Turn& turn, kj::String algorithm, v8::Local<v8::Object> parameters) {
  Options options(turn, parameters);
  OwnKey key;
  if (algorithm == "rsa") {
    key = generateRsa(turn, options, "RSA");
  } else if (algorithm == "rsa-pss") {
    key = generateRsa(turn, options, "RSA-PSS");
  } else if (algorithm == "ec") {
    key = generateEc(turn, options);
  } else if (algorithm == "dsa") {
    key = generateDsa(turn, options);
  } else if (algorithm == "dh") {
    key = generateDh(turn, options);
  } else {
    auto context = newContext(turn, algorithm.cStr());
    key = generated(turn, context.get());
  }
  return turn.make<Key>(Key::Type::Private, kj::mv(key));
}

}  // namespace ocapd::api::node
