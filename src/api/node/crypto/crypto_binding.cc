#include "src/api/node/crypto/crypto_binding.h"

#include <string.h>

#include <openssl/objects.h>
#include <v8-container.h>

#include "src/api/node/crypto/cipher.h"
#include "src/api/node/crypto/derivation.h"
#include "src/api/node/crypto/digest.h"
#include "src/api/node/crypto/key.h"
#include "src/api/node/crypto/key_exchange.h"
#include "src/api/node/crypto/signature.h"

namespace ocapd::api::node {

namespace {

struct NameList {
  js::Turn& turn;
  v8::Local<v8::Array> array;  // tidy: local: lives on the stack

  void add(kj::StringPtr name) {
    turn.check(array->CreateDataProperty(turn.context, array->Length(), turn.string(name)));
  }
};

v8::Local<v8::Value> getCiphers(js::Turn& turn) {
  NameList list{turn, v8::Array::New(turn.v8)};
  EVP_CIPHER_do_all_sorted(
      [](const EVP_CIPHER* cipher, const char* from, const char*, void* to) {
        // OpenSSL names many that it cannot make; those that it can are Node's list.
        if (from != nullptr && cipher != nullptr && from[0] >= 'a' && from[0] <= 'z') {
          static_cast<NameList*>(to)->add(from);
        }
      },
      &list);
  return list.array;
}

v8::Local<v8::Value> getHashes(js::Turn& turn) {
  NameList list{turn, v8::Array::New(turn.v8)};
  EVP_MD_do_all_sorted(
      [](const EVP_MD*, const char* from, const char*, void* to) {
        if (from != nullptr) static_cast<NameList*>(to)->add(from);
      },
      &list);
  return list.array;
}

v8::Local<v8::Value> getCurves(js::Turn& turn) {
  NameList list{turn, v8::Array::New(turn.v8)};
  auto curves = kj::heapArray<EC_builtin_curve>(EC_get_builtin_curves(nullptr, 0));
  EC_get_builtin_curves(curves.begin(), curves.size());
  for (auto& curve : curves) list.add(OBJ_nid2sn(curve.nid));
  return list.array;
}

bool hasDigest(kj::String name) {
  return findDigest(name) != nullptr;
}

constexpr js::Member kFunctions[] = {
    js::function<&getCiphers>("getCiphers"),
    js::function<&getHashes>("getHashes"),
    js::function<&getCurves>("getCurves"),
    js::function<&hasDigest>("hasDigest"),
    js::function<&Digest::create>("newDigest"),
    js::function<&Mac::create>("newMac"),
    js::function<&digestOnce>("digestOnce"),
    js::function<&Cipher::create>("newCipher"),
    js::function<&getCipherInfo>("getCipherInfo"),
    js::function<&makeSecretKey>("makeSecretKey"),
    js::function<&parseKey>("parseKey"),
    js::function<&importJwkParts>("importJwkParts"),
    js::function<&importRaw>("importRaw"),
    js::function<&generateKey>("generateKey"),
    js::function<&sign>("sign"),
    js::function<&verify>("verify"),
    js::function<&cryptRsa>("cryptRsa"),
    js::function<&pbkdf2>("pbkdf2"),
    js::function<&scrypt>("scrypt"),
    js::function<&hkdf>("hkdf"),
    js::function<&fillRandom>("fillRandom"),
    js::function<&generatePrime>("generatePrime"),
    js::function<&checkPrime>("checkPrime"),
    js::function<&timingSafeEqual>("timingSafeEqual"),
    js::function<&DiffieHellman::create>("newDiffieHellman"),
    js::function<&DiffieHellman::createGroup>("newDiffieHellmanGroup"),
    js::function<&Ecdh::create>("newEcdh"),
    js::function<&Ecdh::convertKey>("convertEcdhKey"),
    js::function<&sharedSecret>("sharedSecret"),
};

}  // namespace

std::span<const js::Member> cryptoFunctions() {
  return kFunctions;
}

void installCrypto(js::GlobalBuilder& global) {
  global.add(Digest::kClass)
      .add(Mac::kClass)
      .add(Cipher::kClass)
      .add(Key::kClass)
      .add(DiffieHellman::kClass)
      .add(Ecdh::kClass);
}

}  // namespace ocapd::api::node
