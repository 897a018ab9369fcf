#include <string.h>

#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "src/api/node/crypto/key.h"

namespace ocapd::api::node {

namespace {

using OwnParameters = OpenSslOwn<OSSL_PARAM, &OSSL_PARAM_free>;
using OwnBuilder = OpenSslOwn<OSSL_PARAM_BLD, &OSSL_PARAM_BLD_free>;

OwnKey decodeKey(kj::ArrayPtr<const kj::byte> bytes, const char* format, int selection,
                 kj::Maybe<kj::ArrayPtr<const kj::byte>> passphrase) {
  EVP_PKEY* key = nullptr;
  OpenSslOwn<OSSL_DECODER_CTX, &OSSL_DECODER_CTX_free> context(
      OSSL_DECODER_CTX_new_for_pkey(&key, format, nullptr, nullptr, selection, nullptr, nullptr));
  if (context == nullptr) return nullptr;
  KJ_IF_MAYBE(secret, passphrase) {
    OSSL_DECODER_CTX_set_passphrase(context.get(), secret->begin(), secret->size());
  } else {
    // None: OpenSSL would ask the terminal.
    OSSL_DECODER_CTX_set_passphrase(context.get(), reinterpret_cast<const kj::byte*>(""), 0);
  }
  const unsigned char* at = bytes.begin();
  size_t rest = bytes.size();
  OSSL_DECODER_from_data(context.get(), &at, &rest);
  return OwnKey(key);
}

OwnKey certificateKey(kj::ArrayPtr<const kj::byte> bytes) {
  OwnBio bio(BIO_new_mem_buf(bytes.begin(), int(bytes.size())));
  OwnX509 certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) return nullptr;
  return OwnKey(X509_get_pubkey(certificate.get()));
}

bool isEncryptedPem(kj::ArrayPtr<const kj::byte> bytes) {
  auto contains = [&](kj::StringPtr text) {
    return memmem(bytes.begin(), bytes.size(), text.begin(), text.size()) != nullptr;
  };
  return contains("ENCRYPTED");
}

kj::StringPtr opensslCurve(kj::StringPtr name) {
  if (name == "P-256") return "prime256v1";
  if (name == "P-384") return "secp384r1";
  if (name == "P-521") return "secp521r1";
  return name;
}

OwnKey fromParameters(js::Turn& turn, const char* algorithm, int selection,
                      OSSL_PARAM_BLD* builder) {
  OwnParameters parameters(OSSL_PARAM_BLD_to_param(builder));
  OwnKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  EVP_PKEY* key = nullptr;
  bool succeeded = parameters != nullptr && context != nullptr &&
                   EVP_PKEY_fromdata_init(context.get()) == 1 &&
                   EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) == 1;
  OwnKey owned(key);
  checkOpenSsl(turn, succeeded, "Invalid key data");
  return owned;
}

// A bignum that lives until the builder is used.
void push(kj::Vector<OwnBignum>& numbers, OSSL_PARAM_BLD* builder, const char* name,
          kj::ArrayPtr<const kj::byte> bytes) {
  if (bytes.size() == 0) return;
  numbers.add(toBignum(bytes));
  OSSL_PARAM_BLD_push_BN(builder, name, numbers.back().get());
}

// The public point that belongs to a private number.
kj::Array<kj::byte> pointOf(js::Turn& turn, kj::StringPtr curve,
                            kj::ArrayPtr<const kj::byte> secret) {
  OpenSslOwn<EC_GROUP, &EC_GROUP_free> group(EC_GROUP_new_by_curve_name(OBJ_txt2nid(curve.cStr())));
  checkOpenSsl(turn, group != nullptr, "Invalid EC curve name");
  OpenSslOwn<EC_POINT, &EC_POINT_free> point(EC_POINT_new(group.get()));
  auto number = toBignum(secret);
  checkOpenSsl(turn,
               EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, nullptr) == 1,
               "Invalid EC key");
  size_t size = EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, nullptr,
                                   0, nullptr);
  auto bytes = kj::heapArray<kj::byte>(size);
  EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes.begin(), size,
                     nullptr);
  return bytes;
}

Key* importEc(js::Turn& turn, kj::StringPtr curve, kj::ArrayPtr<const kj::byte> point,
              kj::ArrayPtr<const kj::byte> secret) {
  auto name = opensslCurve(curve);
  if (OBJ_txt2nid(name.cStr()) == NID_undef) {
    ERR_clear_error();
    throwCoded(turn, js::Error::type("Invalid EC curve name"), "ERR_CRYPTO_INVALID_CURVE");
  }
  OwnBuilder builder(OSSL_PARAM_BLD_new());
  kj::Vector<OwnBignum> numbers;
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, name.cStr(), 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.begin(),
                                   point.size());
  push(numbers, builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret);
  bool isPrivate = secret.size() > 0;
  auto key =
      fromParameters(turn, "EC", isPrivate ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, builder.get());
  return turn.make<Key>(isPrivate ? Key::Type::Private : Key::Type::Public, kj::mv(key));
}

Key* importRsa(js::Turn& turn, v8::Local<v8::Object> parts) {
  auto part = [&](kj::StringPtr name) { return toBytes(turn.get(parts, name)); };
  OwnBuilder builder(OSSL_PARAM_BLD_new());
  kj::Vector<OwnBignum> numbers;
  push(numbers, builder.get(), OSSL_PKEY_PARAM_RSA_N, part("n"));
  push(numbers, builder.get(), OSSL_PKEY_PARAM_RSA_E, part("e"));
  bool isPrivate = part("d").size() > 0;
  if (isPrivate) {
    push(numbers, builder.get(), OSSL_PKEY_PARAM_RSA_D, part("d"));
    push(numbers, builder.get(), OSSL_PKEY_PARAM_RSA_FACTOR1, part("p"));
    push(numbers, builder.get(), OSSL_PKEY_PARAM_RSA_FACTOR2, part("q"));
    push(numbers, builder.get(), OSSL_PKEY_PARAM_RSA_EXPONENT1, part("dp"));
    push(numbers, builder.get(), OSSL_PKEY_PARAM_RSA_EXPONENT2, part("dq"));
    push(numbers, builder.get(), OSSL_PKEY_PARAM_RSA_COEFFICIENT1, part("qi"));
  }
  auto key = fromParameters(turn, "RSA", isPrivate ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                            builder.get());
  return turn.make<Key>(isPrivate ? Key::Type::Private : Key::Type::Public, kj::mv(key));
}

Key* importOctets(js::Turn& turn, Key::Type type, kj::StringPtr algorithm,
                  kj::ArrayPtr<const kj::byte> bytes) {
  bool isPrivate = type == Key::Type::Private;
  OwnKey key(isPrivate ? EVP_PKEY_new_raw_private_key_ex(nullptr, algorithm.cStr(), nullptr,
                                                         bytes.begin(), bytes.size())
                       : EVP_PKEY_new_raw_public_key_ex(nullptr, algorithm.cStr(), nullptr,
                                                        bytes.begin(), bytes.size()));
  if (key == nullptr) {
    ERR_clear_error();
    throwCoded(turn, js::Error::type("Invalid key data"), "ERR_INVALID_ARG_VALUE");
  }
  return turn.make<Key>(type, kj::mv(key));
}

}  // namespace

Key* makeSecretKey(js::Turn& turn, v8::Local<v8::Value> bytes) {
  return turn.make<Key>(kj::heapArray(toBytes(bytes).asConst()));
}

Key* parseKey(js::Turn& turn, uint32_t type, v8::Local<v8::Value> value, uint32_t format,
              v8::Local<v8::Value> passphrase) {
  auto bytes = toBytes(value);
  const char* form = Key::Format(format) == Key::Format::Pem ? "PEM" : "DER";
  kj::Maybe<kj::ArrayPtr<const kj::byte>> secret;
  if (passphrase->IsArrayBufferView() || passphrase->IsArrayBuffer()) {
    secret = toBytes(passphrase).asConst();
  }
  ERR_clear_error();
  if (Key::Type(type) == Key::Type::Private) {
    if (auto key = decodeKey(bytes, form, EVP_PKEY_KEYPAIR, secret)) {
      ERR_clear_error();
      return turn.make<Key>(Key::Type::Private, kj::mv(key));
    }
    if (secret == nullptr && isEncryptedPem(bytes)) {
      ERR_clear_error();
      throwCoded(turn, js::Error::type("Passphrase required for encrypted key"),
                 "ERR_MISSING_PASSPHRASE");
    }
    throwOpenSsl(turn, "Failed to read private key");
  }
  if (auto key = decodeKey(bytes, form, EVP_PKEY_PUBLIC_KEY, secret)) {
    ERR_clear_error();
    return turn.make<Key>(Key::Type::Public, kj::mv(key));
  }
  if (auto key = certificateKey(bytes)) {
    ERR_clear_error();
    return turn.make<Key>(Key::Type::Public, kj::mv(key));
  }
  if (auto key = decodeKey(bytes, form, EVP_PKEY_KEYPAIR, secret)) {
    ERR_clear_error();
    return turn.make<Key>(Key::Type::Public, kj::mv(key));
  }
  throwOpenSsl(turn, "Failed to read asymmetric key");
}

Key* importJwkParts(js::Turn& turn, v8::Local<v8::Object> parts) {
  auto text = [&](kj::StringPtr name) {
    auto value = turn.get(parts, name);
    return value->IsString() ? turn.utf8(value.As<v8::String>()) : kj::String();
  };
  auto part = [&](kj::StringPtr name) { return toBytes(turn.get(parts, name)); };
  auto kind = text("kty");
  if (kind == "RSA") return importRsa(turn, parts);
  if (kind == "EC") {
    kj::Vector<kj::byte> point;
    point.add(4);
    point.addAll(part("x"));
    point.addAll(part("y"));
    return importEc(turn, text("crv"), point, part("d"));
  }
  if (kind == "OKP") {
    auto secret = part("d");
    if (secret.size() > 0) return importOctets(turn, Key::Type::Private, text("crv"), secret);
    return importOctets(turn, Key::Type::Public, text("crv"), part("x"));
  }
  throwCoded(turn, js::Error::type("Invalid JWK data"), "ERR_CRYPTO_INVALID_JWK");
}

Key* importRaw(js::Turn& turn, uint32_t type, kj::String algorithm, v8::Local<v8::Value> value,
               kj::Maybe<kj::String> curve) {
  auto bytes = toBytes(value);
  KJ_IF_MAYBE(name, curve) {
    if (Key::Type(type) == Key::Type::Public) return importEc(turn, *name, bytes, nullptr);
    return importEc(turn, *name, pointOf(turn, opensslCurve(*name), bytes), bytes);
  }
  return importOctets(turn, Key::Type(type), algorithm, bytes);
}

}  // namespace ocapd::api::node
