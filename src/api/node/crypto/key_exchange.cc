#include "src/api/node/crypto/key_exchange.h"

#include <openssl/err.h>
#include <openssl/objects.h>

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace ocapd::api::node {

namespace {

using OwnDh = OpenSslOwn<DH, &DH_free>;
using OwnPoint = OpenSslOwn<EC_POINT, &EC_POINT_free>;
using OwnGroup = OpenSslOwn<EC_GROUP, &EC_GROUP_free>;

struct NamedGroup {
  kj::StringPtr name;
  BIGNUM* (*prime)(BIGNUM*);
};
constexpr NamedGroup kGroups[] = {
    {"modp1"_kj, &BN_get_rfc2409_prime_768},   {"modp2"_kj, &BN_get_rfc2409_prime_1024},
    {"modp5"_kj, &BN_get_rfc3526_prime_1536},  {"modp14"_kj, &BN_get_rfc3526_prime_2048},
    {"modp15"_kj, &BN_get_rfc3526_prime_3072}, {"modp16"_kj, &BN_get_rfc3526_prime_4096},
    {"modp17"_kj, &BN_get_rfc3526_prime_6144}, {"modp18"_kj, &BN_get_rfc3526_prime_8192},
};

OwnBignum copyOf(const BIGNUM* number) {
  return OwnBignum(number == nullptr ? nullptr : BN_dup(number));
}

// A DH object of copies.
OwnDh assemble(const OwnBignum& prime, const OwnBignum& generator, const OwnBignum& publicKey,
               const OwnBignum& privateKey) {
  OwnDh dh(DH_new());
  DH_set0_pqg(dh.get(), BN_dup(prime.get()), nullptr, BN_dup(generator.get()));
  if (publicKey != nullptr || privateKey != nullptr) {
    DH_set0_key(dh.get(), copyOf(publicKey.get()).release(), copyOf(privateKey.get()).release());
  }
  return dh;
}

int curveNid(js::Turn& turn, kj::StringPtr name) {
  int curve = EC_curve_nist2nid(name.cStr());
  if (curve == NID_undef) curve = OBJ_sn2nid(name.cStr());
  if (curve == NID_undef) {
    ERR_clear_error();
    throwCoded(turn, js::Error::type("Invalid EC curve name"), "ERR_CRYPTO_INVALID_CURVE");
  }
  return curve;
}

OwnPoint toPoint(js::Turn& turn, const EC_GROUP* group, kj::ArrayPtr<const kj::byte> bytes,
                 const char* text) {
  OwnPoint point(EC_POINT_new(group));
  if (EC_POINT_oct2point(group, point.get(), bytes.begin(), bytes.size(), nullptr) != 1) {
    ERR_clear_error();
    throwCoded(turn, js::Error::plain(text), "ERR_CRYPTO_OPERATION_FAILED");
  }
  return point;
}

v8::Local<v8::Value> fromPoint(js::Turn& turn, const EC_GROUP* group, const EC_POINT* point,
                               uint32_t form) {
  auto conversion = point_conversion_form_t(form);
  size_t size = EC_POINT_point2oct(group, point, conversion, nullptr, 0, nullptr);
  auto bytes = kj::heapArray<kj::byte>(size);
  checkOpenSsl(turn,
               EC_POINT_point2oct(group, point, conversion, bytes.begin(), size, nullptr) == size,
               "Failed to get public key");
  return toArrayBuffer(turn, bytes);
}

}  // namespace

DiffieHellman* DiffieHellman::create(js::Turn& turn, v8::Local<v8::Value> sizeOrPrime,
                                     v8::Local<v8::Value> generator) {
  OwnBignum base;
  if (generator->IsNumber()) {
    int32_t number = turn.check(generator->Int32Value(turn.context));
    if (number < 2) {
      throwCoded(turn, js::Error::plain("bad generator"), "ERR_OSSL_DH_BAD_GENERATOR");
    }
    base.reset(BN_new());
    BN_set_word(base.get(), static_cast<BN_ULONG>(number));
  } else {
    base = toBignum(toBytes(generator));
    if (BN_is_zero(base.get()) || BN_is_one(base.get())) {
      throwCoded(turn, js::Error::plain("bad generator"), "ERR_OSSL_DH_BAD_GENERATOR");
    }
  }
  if (!sizeOrPrime->IsNumber()) {
    return turn.make<DiffieHellman>(toBignum(toBytes(sizeOrPrime)), kj::mv(base));
  }
  OwnDh dh(DH_new());
  checkOpenSsl(
      turn,
      DH_generate_parameters_ex(dh.get(), turn.check(sizeOrPrime->Int32Value(turn.context)),
                                int(BN_get_word(base.get())), nullptr) == 1,
      "Initialization failed");
  return turn.make<DiffieHellman>(copyOf(DH_get0_p(dh.get())), kj::mv(base));
}

DiffieHellman* DiffieHellman::createGroup(js::Turn& turn, kj::String name) {
  for (const NamedGroup& group : kGroups) {
    if (name != group.name) continue;
    OwnBignum base(BN_new());
    BN_set_word(base.get(), DH_GENERATOR_2);
    return turn.make<DiffieHellman>(OwnBignum(group.prime(nullptr)), kj::mv(base));
  }
  throwCoded(turn, js::Error::plain("Unknown DH group"), "ERR_CRYPTO_UNKNOWN_DH_GROUP");
}

int32_t DiffieHellman::verifyError(js::Turn& turn) {
  auto dh = assemble(prime_, generator_, nullptr, nullptr);
  int codes = 0;
  bool succeeded = DH_check(dh.get(), &codes) == 1;
  ERR_clear_error();
  return succeeded ? codes : 0;
}

v8::Local<v8::Value> DiffieHellman::present(js::Turn& turn, const OwnBignum& number,
                                            const char* missing) {
  if (number == nullptr) {
    throwCoded(turn, js::Error::plain("No ", missing, " - did you forget to generate one?"),
               "ERR_CRYPTO_INVALID_STATE");
  }
  return toArrayBuffer(turn, bytesOf(number.get()));
}

v8::Local<v8::Value> DiffieHellman::getPublicKey(js::Turn& turn) {
  return present(turn, public_, "public key");
}

v8::Local<v8::Value> DiffieHellman::getPrivateKey(js::Turn& turn) {
  return present(turn, private_, "private key");
}

v8::Local<v8::Value> DiffieHellman::generateKeys(js::Turn& turn) {
  auto dh = assemble(prime_, generator_, nullptr, private_);
  checkOpenSsl(turn, DH_generate_key(dh.get()) == 1, "Key generation failed");
  public_ = copyOf(DH_get0_pub_key(dh.get()));
  private_ = copyOf(DH_get0_priv_key(dh.get()));
  return toArrayBuffer(turn, bytesOf(public_.get()));
}

v8::Local<v8::Value> DiffieHellman::computeSecret(js::Turn& turn, v8::Local<v8::Value> other) {
  auto dh = assemble(prime_, generator_, public_, private_);
  auto theirs = toBignum(toBytes(other));
  auto secret = kj::heapArray<kj::byte>(size_t(DH_size(dh.get())));
  int size = DH_compute_key_padded(secret.begin(), theirs.get(), dh.get());
  if (size < 0) {
    int codes = 0;
    DH_check_pub_key(dh.get(), theirs.get(), &codes);
    ERR_clear_error();
    const char* text = (codes & DH_CHECK_PUBKEY_TOO_SMALL) != 0   ? "Supplied key is too small"
                       : (codes & DH_CHECK_PUBKEY_TOO_LARGE) != 0 ? "Supplied key is too large"
                                                                  : "Invalid key";
    throwCoded(turn, js::Error::range(text), "ERR_CRYPTO_INVALID_KEYLEN");
  }
  return toArrayBuffer(turn, secret.slice(0, size_t(size)));
}

Ecdh* Ecdh::create(js::Turn& turn, kj::String curve) {
  OwnCurveKey key(EC_KEY_new_by_curve_name(curveNid(turn, curve)));
  checkOpenSsl(turn, key != nullptr, "Failed to create key using named curve");
  return turn.make<Ecdh>(kj::mv(key));
}

v8::Local<v8::Value> Ecdh::convertKey(js::Turn& turn, v8::Local<v8::Value> key, kj::String curve,
                                      uint32_t form) {
  OwnGroup group(EC_GROUP_new_by_curve_name(curveNid(turn, curve)));
  checkOpenSsl(turn, group != nullptr, "Failed to get EC_GROUP");
  auto point = toPoint(turn, group.get(), toBytes(key), "Failed to convert Buffer to EC_POINT");
  return fromPoint(turn, group.get(), point.get(), form);
}

void Ecdh::generateKeys(js::Turn& turn) {
  checkOpenSsl(turn, EC_KEY_generate_key(key_.get()) == 1, "Failed to generate key");
}

v8::Local<v8::Value> Ecdh::computeSecret(js::Turn& turn, v8::Local<v8::Value> other) {
  const EC_GROUP* group = EC_KEY_get0_group(key_.get());
  auto bytes = toBytes(other);
  OwnPoint point(EC_POINT_new(group));
  if (EC_POINT_oct2point(group, point.get(), bytes.begin(), bytes.size(), nullptr) != 1) {
    ERR_clear_error();
    return turn.string("ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY"_kj);
  }
  auto secret = kj::heapArray<kj::byte>(size_t(EC_GROUP_get_degree(group) + 7) / 8);
  int size = ECDH_compute_key(secret.begin(), secret.size(), point.get(), key_.get(), nullptr);
  checkOpenSsl(turn, size > 0, "Failed to compute ECDH key");
  return toArrayBuffer(turn, secret.slice(0, size_t(size)));
}

v8::Local<v8::Value> Ecdh::getPublicKey(js::Turn& turn, uint32_t form) {
  const EC_POINT* point = EC_KEY_get0_public_key(key_.get());
  if (point == nullptr) {
    throwCoded(turn, js::Error::plain("Failed to get ECDH public key"),
               "ERR_CRYPTO_OPERATION_FAILED");
  }
  return fromPoint(turn, EC_KEY_get0_group(key_.get()), point, form);
}

v8::Local<v8::Value> Ecdh::getPrivateKey(js::Turn& turn) {
  const BIGNUM* number = EC_KEY_get0_private_key(key_.get());
  if (number == nullptr) {
    throwCoded(turn, js::Error::plain("Failed to get ECDH private key"),
               "ERR_CRYPTO_OPERATION_FAILED");
  }
  return toArrayBuffer(turn, bytesOf(number));
}

void Ecdh::setPublicKey(js::Turn& turn, v8::Local<v8::Value> key) {
  auto point = toPoint(turn, EC_KEY_get0_group(key_.get()), toBytes(key),
                       "Failed to set generated public key");
  checkOpenSsl(turn, EC_KEY_set_public_key(key_.get(), point.get()) == 1,
               "Failed to set EC_POINT as the public key");
}

void Ecdh::setPrivateKey(js::Turn& turn, v8::Local<v8::Value> key) {
  const EC_GROUP* group = EC_KEY_get0_group(key_.get());
  auto number = toBignum(toBytes(key));
  bool inRange = !BN_is_zero(number.get()) && BN_cmp(number.get(), EC_GROUP_get0_order(group)) < 0;
  if (!inRange) {
    throwCoded(turn, js::Error::plain("Private key is not valid for specified curve."),
               "ERR_CRYPTO_INVALID_KEYTYPE");
  }
  OwnPoint point(EC_POINT_new(group));
  bool succeeded = EC_KEY_set_private_key(key_.get(), number.get()) == 1 &&
                   EC_POINT_mul(group, point.get(), number.get(), nullptr, nullptr, nullptr) == 1 &&
                   EC_KEY_set_public_key(key_.get(), point.get()) == 1;
  checkOpenSsl(turn, succeeded, "Failed to convert BN to a private key");
}

v8::Local<v8::Value> sharedSecret(js::Turn& turn, Key* publicKey, Key* privateKey) {
  OwnKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, privateKey->pkey(), nullptr));
  size_t size = 0;
  bool ready = context != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
               EVP_PKEY_derive_set_peer(context.get(), publicKey->pkey()) == 1 &&
               EVP_PKEY_derive(context.get(), nullptr, &size) == 1;
  checkOpenSsl(turn, ready, "diffieHellman failed");
  auto secret = kj::heapArray<kj::byte>(size);
  checkOpenSsl(turn, EVP_PKEY_derive(context.get(), secret.begin(), &size) == 1,
               "diffieHellman failed");
  return toArrayBuffer(turn, secret.slice(0, size));
}

namespace {

constexpr js::Member kDiffieHellmanMembers[] = {
    js::getter<&DiffieHellman::verifyError>("verifyError"),
    js::method<&DiffieHellman::generateKeys>("generateKeys"),
    js::method<&DiffieHellman::computeSecret>("computeSecret"),
    js::method<&DiffieHellman::getPrime>("getPrime"),
    js::method<&DiffieHellman::getGenerator>("getGenerator"),
    js::method<&DiffieHellman::getPublicKey>("getPublicKey"),
    js::method<&DiffieHellman::getPrivateKey>("getPrivateKey"),
    js::method<&DiffieHellman::setPublicKey>("setPublicKey"),
    js::method<&DiffieHellman::setPrivateKey>("setPrivateKey"),
};
constexpr js::Member kEcdhMembers[] = {
    js::method<&Ecdh::generateKeys>("generateKeys"),
    js::method<&Ecdh::computeSecret>("computeSecret"),
    js::method<&Ecdh::getPublicKey>("getPublicKey"),
    js::method<&Ecdh::getPrivateKey>("getPrivateKey"),
    js::method<&Ecdh::setPublicKey>("setPublicKey"),
    js::method<&Ecdh::setPrivateKey>("setPrivateKey"),
};

}  // namespace

constinit const js::Class DiffieHellman::kClass{
    .name = kClassName, .members = kDiffieHellmanMembers, .exposed = false};
constinit const js::Class Ecdh::kClass{
    .name = kClassName, .members = kEcdhMembers, .exposed = false};

}  // namespace ocapd::api::node
