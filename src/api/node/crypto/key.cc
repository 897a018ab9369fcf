#include "src/api/node/crypto/key.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>

namespace ocapd::api::node {

namespace {

void setNumber(js::Turn& turn, v8::Local<v8::Object> object, kj::StringPtr name, double value) {
  turn.set(object, name, v8::Number::New(turn.v8, value));
}

// A number of the key; empty when it has none.
kj::Array<kj::byte> numberOf(EVP_PKEY* key, const char* parameter, size_t sizeMin = 0) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, parameter, &raw) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  OwnBignum number(raw);
  auto bytes = kj::heapArray<kj::byte>(kj::max(sizeMin, size_t(BN_num_bytes(raw))));
  BN_bn2binpad(raw, bytes.begin(), int(bytes.size()));
  return bytes;
}

kj::String textOf(EVP_PKEY* key, const char* parameter) {
  char text[80];
  size_t size = 0;
  if (EVP_PKEY_get_utf8_string_param(key, parameter, text, sizeof(text), &size) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return kj::heapString(text, size);
}

size_t curveBytes(EVP_PKEY* key) {
  return size_t(EVP_PKEY_get_bits(key) + 7) / 8;
}

kj::StringPtr jwkCurve(kj::StringPtr group) {
  if (group == "prime256v1") return "P-256";
  if (group == "secp384r1") return "P-384";
  if (group == "secp521r1") return "P-521";
  if (group == "secp256k1") return "secp256k1";
  return nullptr;
}

kj::Array<kj::byte> raw(EVP_PKEY* key, int (*get)(const EVP_PKEY*, unsigned char*, size_t*)) {
  size_t size = 0;
  if (get(key, nullptr, &size) != 1) return nullptr;
  auto bytes = kj::heapArray<kj::byte>(size);
  return get(key, bytes.begin(), &size) == 1 ? kj::mv(bytes) : nullptr;
}

[[noreturn]] void throwNoRaw(js::Turn& turn) {
  ERR_clear_error();
  throwCoded(turn, js::Error::plain("The selected key encoding is incompatible with this key type"),
             "ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS");
}

}  // namespace

Key::~Key() {
  if (secret_.size() > 0) OPENSSL_cleanse(secret_.begin(), secret_.size());
}

Key* Key::toPublic(js::Turn& turn) {
  if (type_ != Type::Private) return this;
  EVP_PKEY_up_ref(key_.get());
  return turn.make<Key>(Type::Public, OwnKey(key_.get()));
}

bool Key::equals(Key* other) {
  if (type_ != other->type_) return false;
  if (type_ == Type::Secret) {
    return secret_.size() == other->secret_.size() &&
           CRYPTO_memcmp(secret_.begin(), other->secret_.begin(), secret_.size()) == 0;
  }
  bool same = EVP_PKEY_eq(key_.get(), other->key_.get()) == 1;
  ERR_clear_error();
  return same;
}

kj::String Key::algorithm() {
  const char* name = key_ == nullptr ? nullptr : EVP_PKEY_get0_type_name(key_.get());
  auto text = kj::str(name == nullptr ? "" : name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = char(c | 0x20);
  }
  return text;
}

v8::Local<v8::Value> Key::details(js::Turn& turn) {
  auto result = v8::Object::New(turn.v8, v8::Null(turn.v8), nullptr, nullptr, 0);
  auto name = algorithm();
  EVP_PKEY* key = key_.get();
  if (name == "rsa" || name == "rsa-pss") {
    setNumber(turn, result, "modulusLength", EVP_PKEY_get_bits(key));
    turn.set(result, "publicExponent", toArrayBuffer(turn, numberOf(key, OSSL_PKEY_PARAM_RSA_E)));
    if (name == "rsa-pss") {
      auto digest = textOf(key, OSSL_PKEY_PARAM_RSA_DIGEST);
      if (digest.size() > 0) {
        auto lower = [&](kj::String text) {
          for (char& c : text) {
            if (c >= 'A' && c <= 'Z') c = char(c | 0x20);
          }
          // OpenSSL's "SHA2-256" is Node's "sha256".
          return text.startsWith("sha2-") ? kj::str("sha", text.slice(5)) : kj::mv(text);
        };
        turn.set(result, "hashAlgorithm", turn.string(lower(kj::mv(digest))));
        auto mask = textOf(key, OSSL_PKEY_PARAM_RSA_MGF1_DIGEST);
        if (mask.size() == 0) mask = textOf(key, OSSL_PKEY_PARAM_RSA_DIGEST);
        turn.set(result, "mgf1HashAlgorithm", turn.string(lower(kj::mv(mask))));
        int salt = 0;
        if (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_RSA_PSS_SALTLEN, &salt) == 1) {
          setNumber(turn, result, "saltLength", salt);
        }
      }
    }
  } else if (name == "dsa") {
    setNumber(turn, result, "modulusLength", EVP_PKEY_get_bits(key));
    setNumber(turn, result, "divisorLength",
              double(numberOf(key, OSSL_PKEY_PARAM_FFC_Q).size() * 8));
  } else if (name == "ec") {
    turn.set(result, "namedCurve", turn.string(textOf(key, OSSL_PKEY_PARAM_GROUP_NAME)));
  }
  ERR_clear_error();
  return result;
}

v8::Local<v8::Value> Key::exportEncoded(js::Turn& turn, uint32_t format, uint32_t encoding,
                                        v8::Local<v8::Value> cipher,
                                        v8::Local<v8::Value> passphrase) {
  bool isPem = Format(format) == Format::Pem;
  bool isPrivate = type_ == Type::Private;
  int selection = isPrivate ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
  const char* structure = "type-specific";
  if (Encoding(encoding) == Encoding::Spki) structure = "SubjectPublicKeyInfo";
  if (Encoding(encoding) == Encoding::Pkcs8) {
    structure = cipher->IsString() ? "EncryptedPrivateKeyInfo" : "PrivateKeyInfo";
  }
  OpenSslOwn<OSSL_ENCODER_CTX, &OSSL_ENCODER_CTX_free> context(OSSL_ENCODER_CTX_new_for_pkey(
      key_.get(), selection, isPem ? "PEM" : "DER", structure, nullptr));
  checkOpenSsl(turn, context != nullptr && OSSL_ENCODER_CTX_get_num_encoders(context.get()) > 0,
               "Failed to encode key");
  if (cipher->IsString()) {
    auto name = turn.utf8(cipher.As<v8::String>());
    if (EVP_get_cipherbyname(name.cStr()) == nullptr) {
      throwCoded(turn, js::Error::plain("Unknown cipher"), "ERR_CRYPTO_UNKNOWN_CIPHER");
    }
    auto secret = toBytes(passphrase);
    OSSL_ENCODER_CTX_set_cipher(context.get(), name.cStr(), nullptr);
    OSSL_ENCODER_CTX_set_passphrase(context.get(), secret.begin(), secret.size());
  }
  OwnBio bio(BIO_new(BIO_s_secmem()));
  checkOpenSsl(turn, OSSL_ENCODER_to_bio(context.get(), bio.get()) == 1, "Failed to encode key");
  auto bytes = contentOf(bio.get());
  if (isPem) return turn.string(bytes.asChars());
  return toArrayBuffer(turn, bytes);
}

v8::Local<v8::Value> Key::exportJwkParts(js::Turn& turn) {
  auto parts = v8::Object::New(turn.v8);
  EVP_PKEY* key = key_.get();
  auto name = algorithm();
  auto addText = [&](kj::StringPtr member, kj::StringPtr text) {
    turn.set(parts, member, turn.string(text));
  };
  auto addNumber = [&](kj::StringPtr member, const char* parameter, size_t sizeMin = 0) {
    turn.set(parts, member, toArrayBuffer(turn, numberOf(key, parameter, sizeMin)));
  };
  bool isPrivate = type_ == Type::Private;
  if (name == "rsa" || name == "rsa-pss") {
    addText("kty", "RSA");
    addNumber("n", OSSL_PKEY_PARAM_RSA_N);
    addNumber("e", OSSL_PKEY_PARAM_RSA_E);
    if (isPrivate) {
      addNumber("d", OSSL_PKEY_PARAM_RSA_D);
      addNumber("p", OSSL_PKEY_PARAM_RSA_FACTOR1);
      addNumber("q", OSSL_PKEY_PARAM_RSA_FACTOR2);
      addNumber("dp", OSSL_PKEY_PARAM_RSA_EXPONENT1);
      addNumber("dq", OSSL_PKEY_PARAM_RSA_EXPONENT2);
      addNumber("qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
    }
    return parts;
  }
  if (name == "ec") {
    auto curve = jwkCurve(textOf(key, OSSL_PKEY_PARAM_GROUP_NAME));
    if (curve.size() == 0) {
      throwCoded(turn,
                 js::Error::plain(
                     "Unsupported JWK EC curve: ", textOf(key, OSSL_PKEY_PARAM_GROUP_NAME), "."),
                 "ERR_CRYPTO_JWK_UNSUPPORTED_CURVE");
    }
    size_t size = curveBytes(key);
    addText("kty", "EC");
    addNumber("x", OSSL_PKEY_PARAM_EC_PUB_X, size);
    addNumber("y", OSSL_PKEY_PARAM_EC_PUB_Y, size);
    addText("crv", curve);
    if (isPrivate) addNumber("d", OSSL_PKEY_PARAM_PRIV_KEY, size);
    return parts;
  }
  if (name == "ed25519" || name == "ed448" || name == "x25519" || name == "x448") {
    auto curve = kj::str(name);
    curve[0] = char(curve[0] - 'a' + 'A');
    addText("crv", curve);
    turn.set(parts, "x", toArrayBuffer(turn, raw(key, &EVP_PKEY_get_raw_public_key)));
    addText("kty", "OKP");
    if (isPrivate) {
      turn.set(parts, "d", toArrayBuffer(turn, raw(key, &EVP_PKEY_get_raw_private_key)));
    }
    return parts;
  }
  throwCoded(turn, js::Error::plain("Unsupported JWK Key Type."),
             "ERR_CRYPTO_JWK_UNSUPPORTED_KEY_TYPE");
}

v8::Local<v8::Value> Key::rawPublic(js::Turn& turn) {
  auto bytes = raw(key_.get(), &EVP_PKEY_get_raw_public_key);
  if (bytes.size() == 0) throwNoRaw(turn);
  return toArrayBuffer(turn, bytes);
}

v8::Local<v8::Value> Key::rawPrivate(js::Turn& turn) {
  auto bytes = raw(key_.get(), &EVP_PKEY_get_raw_private_key);
  if (bytes.size() == 0) throwNoRaw(turn);
  return toArrayBuffer(turn, bytes);
}

v8::Local<v8::Value> Key::ecPublic(js::Turn& turn, uint32_t form) {
  size_t size = curveBytes(key_.get());
  auto x = numberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, size);
  auto y = numberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, size);
  if (x.size() != size || y.size() != size) throwNoRaw(turn);
  bool isOdd = (y[size - 1] & 1) != 0;
  kj::Vector<kj::byte> point;
  switch (form) {
    case POINT_CONVERSION_COMPRESSED: point.add(isOdd ? 3 : 2); break;
    case POINT_CONVERSION_HYBRID: point.add(isOdd ? 7 : 6); break;
    default: point.add(4);
  }
  point.addAll(x);
  if (form != POINT_CONVERSION_COMPRESSED) point.addAll(y);
  return toArrayBuffer(turn, point);
}

v8::Local<v8::Value> Key::ecPrivate(js::Turn& turn) {
  auto bytes = numberOf(key_.get(), OSSL_PKEY_PARAM_PRIV_KEY, curveBytes(key_.get()));
  if (bytes.size() == 0) throwNoRaw(turn);
  return toArrayBuffer(turn, bytes);
}

namespace {

constexpr js::Member kMembers[] = {
    js::getter<&Key::type>("type"),
    js::getter<&Key::algorithm>("algorithm"),
    js::getter<&Key::size>("size"),
    js::method<&Key::toPublic>("toPublic"),
    js::method<&Key::equals>("equals"),
    js::method<&Key::details>("details"),
    js::method<&Key::exportSecret>("exportSecret"),
    js::method<&Key::exportEncoded>("exportEncoded"),
    js::method<&Key::exportJwkParts>("exportJwkParts"),
    js::method<&Key::rawPublic>("rawPublic"),
    js::method<&Key::rawPrivate>("rawPrivate"),
    js::method<&Key::ecPublic>("ecPublic"),
    js::method<&Key::ecPrivate>("ecPrivate"),
};

}  // namespace

constinit const js::Class Key::kClass{.name = kClassName, .members = kMembers, .exposed = false};

}  // namespace ocapd::api::node
