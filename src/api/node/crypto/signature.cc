#include "src/api/node/crypto/signature.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

namespace ocapd::api::node {

namespace {

bool isDsaLike(EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "EC") == 1 || EVP_PKEY_is_a(key, "DSA") == 1;
}

bool isRsa(EVP_PKEY* key) {
  return EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1;
}

bool hasOwnDigest(EVP_PKEY* key) {
  char name[80];
  // 2: a digest is mandatory, here that there be none.
  return EVP_PKEY_get_default_digest_name(key, name, sizeof(name)) == 2 &&
         strcmp(name, "UNDEF") == 0;
}

// Bytes of each number of a P1363 signature.
size_t halfBytes(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "EC") == 1) return size_t(EVP_PKEY_get_bits(key) + 7) / 8;
  BIGNUM* order = nullptr;
  if (EVP_PKEY_get_bn_param(key, "q", &order) != 1) return 0;
  OwnBignum owned(order);
  return size_t(BN_num_bytes(order));
}

using OwnSignature = OpenSslOwn<ECDSA_SIG, &ECDSA_SIG_free>;

kj::Array<kj::byte> toP1363(EVP_PKEY* key, kj::ArrayPtr<const kj::byte> der) {
  size_t half = halfBytes(key);
  const unsigned char* at = der.begin();
  OwnSignature parsed(d2i_ECDSA_SIG(nullptr, &at, long(der.size())));
  if (parsed == nullptr) return nullptr;
  auto bytes = kj::heapArray<kj::byte>(half * 2);
  BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), bytes.begin(), int(half));
  BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), bytes.begin() + half, int(half));
  return bytes;
}

// None when the signature has another size.
kj::Maybe<kj::Array<kj::byte>> fromP1363(EVP_PKEY* key, kj::ArrayPtr<const kj::byte> bytes) {
  size_t half = halfBytes(key);
  if (bytes.size() != half * 2) return nullptr;
  OwnSignature made(ECDSA_SIG_new());
  ECDSA_SIG_set0(made.get(), toBignum(bytes.slice(0, half)).release(),
                 toBignum(bytes.slice(half, half * 2)).release());
  int size = i2d_ECDSA_SIG(made.get(), nullptr);
  auto der = kj::heapArray<kj::byte>(size_t(size));
  unsigned char* at = der.begin();
  i2d_ECDSA_SIG(made.get(), &at);
  return kj::mv(der);
}

bool applyOptions(EVP_PKEY_CTX* context, EVP_PKEY* key, const SignatureOptions& options) {
  if (!isRsa(key)) return true;
  bool isPss = EVP_PKEY_is_a(key, "RSA-PSS") == 1;
  int padding = options.padding.orDefault(isPss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
  if (EVP_PKEY_CTX_set_rsa_padding(context, padding) <= 0) return false;
  KJ_IF_MAYBE(saltBytes, options.saltBytes) {
    if (padding == RSA_PKCS1_PSS_PADDING) {
      return EVP_PKEY_CTX_set_rsa_pss_saltlen(context, *saltBytes) > 0;
    }
  }
  return true;
}

const EVP_MD* digestFor(js::Turn& turn, EVP_PKEY* key, const kj::Maybe<kj::String>& name) {
  KJ_IF_MAYBE(given, name) {
    return requireDigest(turn, *given);
  }
  if (hasOwnDigest(key)) return nullptr;
  char text[80];
  if (EVP_PKEY_get_default_digest_name(key, text, sizeof(text)) > 0) return findDigest(text);
  ERR_clear_error();
  return nullptr;
}

kj::Array<kj::byte> signDigest(js::Turn& turn, EVP_PKEY* key, const EVP_MD* digest,
                               kj::ArrayPtr<const kj::byte> data, const SignatureOptions& options) {
  OwnKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  bool ready = context != nullptr && EVP_PKEY_sign_init(context.get()) == 1 &&
               applyOptions(context.get(), key, options) &&
               (digest == nullptr || EVP_PKEY_CTX_set_signature_md(context.get(), digest) == 1);
  size_t size = 0;
  ready = ready && EVP_PKEY_sign(context.get(), nullptr, &size, data.begin(), data.size()) == 1;
  checkOpenSsl(turn, ready, "Signing failed");
  auto bytes = kj::heapArray<kj::byte>(size);
  checkOpenSsl(turn,
               EVP_PKEY_sign(context.get(), bytes.begin(), &size, data.begin(), data.size()) == 1,
               "Signing failed");
  return kj::heapArray(bytes.slice(0, size).asConst());
}

kj::Array<kj::byte> signMessage(js::Turn& turn, EVP_PKEY* key, const EVP_MD* digest,
                                kj::ArrayPtr<const kj::byte> data,
                                const SignatureOptions& options) {
  OwnDigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* keyContext = nullptr;
  size_t size = 0;
  bool ready = EVP_DigestSignInit(context.get(), &keyContext, digest, nullptr, key) == 1 &&
               applyOptions(keyContext, key, options) &&
               EVP_DigestSign(context.get(), nullptr, &size, data.begin(), data.size()) == 1;
  checkOpenSsl(turn, ready, "Signing failed");
  auto bytes = kj::heapArray<kj::byte>(size);
  checkOpenSsl(turn,
               EVP_DigestSign(context.get(), bytes.begin(), &size, data.begin(), data.size()) == 1,
               "Signing failed");
  return kj::heapArray(bytes.slice(0, size).asConst());
}

}  // namespace

v8::Local<v8::Value> sign(js::Turn& turn, Key* key, kj::Maybe<kj::String> digestName,
                          v8::Local<v8::Value> data, bool isDigest, kj::Maybe<int32_t> padding,
                          kj::Maybe<int32_t> saltBytes, bool isP1363) {
  EVP_PKEY* pkey = key->pkey();
  SignatureOptions options{padding, saltBytes, isP1363};
  const EVP_MD* digest = digestFor(turn, pkey, digestName);
  auto bytes = toBytes(data);
  auto signature = isDigest ? signDigest(turn, pkey, digest, bytes, options)
                            : signMessage(turn, pkey, digest, bytes, options);
  if (isP1363 && isDsaLike(pkey)) signature = toP1363(pkey, signature);
  return toArrayBuffer(turn, signature);
}

bool verify(js::Turn& turn, Key* key, kj::Maybe<kj::String> digestName, v8::Local<v8::Value> data,
            bool isDigest, kj::Maybe<int32_t> padding, kj::Maybe<int32_t> saltBytes, bool isP1363,
            v8::Local<v8::Value> signature) {
  EVP_PKEY* pkey = key->pkey();
  SignatureOptions options{padding, saltBytes, isP1363};
  const EVP_MD* digest = digestFor(turn, pkey, digestName);
  auto bytes = toBytes(data);
  kj::ArrayPtr<const kj::byte> expected = toBytes(signature);
  kj::Array<kj::byte> der;
  if (isP1363 && isDsaLike(pkey)) {
    auto converted = fromP1363(pkey, expected);
    KJ_IF_MAYBE(present, converted) {
      der = kj::mv(*present);
      expected = der;
    } else {
      return false;
    }
  }
  KJ_DEFER(ERR_clear_error());
  if (isDigest) {
    OwnKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, pkey, nullptr));
    bool ready = context != nullptr && EVP_PKEY_verify_init(context.get()) == 1 &&
                 applyOptions(context.get(), pkey, options) &&
                 (digest == nullptr || EVP_PKEY_CTX_set_signature_md(context.get(), digest) == 1);
    checkOpenSsl(turn, ready, "Verifying failed");
    return EVP_PKEY_verify(context.get(), expected.begin(), expected.size(), bytes.begin(),
                           bytes.size()) == 1;
  }
  OwnDigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* keyContext = nullptr;
  bool ready = EVP_DigestVerifyInit(context.get(), &keyContext, digest, nullptr, pkey) == 1 &&
               applyOptions(keyContext, pkey, options);
  checkOpenSsl(turn, ready, "Verifying failed");
  return EVP_DigestVerify(context.get(), expected.begin(), expected.size(), bytes.begin(),
                          bytes.size()) == 1;
}

namespace {

struct RsaOperation {
  int (*init)(EVP_PKEY_CTX*);
  int (*run)(EVP_PKEY_CTX*, unsigned char*, size_t*, const unsigned char*, size_t);
};
constexpr RsaOperation kRsaOperations[] = {
    {&EVP_PKEY_encrypt_init, &EVP_PKEY_encrypt},
    {&EVP_PKEY_verify_recover_init, &EVP_PKEY_verify_recover},
    {&EVP_PKEY_sign_init, &EVP_PKEY_sign},
    {&EVP_PKEY_decrypt_init, &EVP_PKEY_decrypt},
};

}  // namespace

v8::Local<v8::Value> cryptRsa(js::Turn& turn, uint32_t operation, Key* key,
                              v8::Local<v8::Value> data, int32_t padding,
                              kj::Maybe<kj::String> oaepDigest, v8::Local<v8::Value> oaepLabel) {
  const RsaOperation& chosen = kRsaOperations[operation % std::size(kRsaOperations)];
  OwnKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key->pkey(), nullptr));
  bool ready = context != nullptr && chosen.init(context.get()) == 1 &&
               EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) > 0;
  if (padding == RSA_PKCS1_OAEP_PADDING) {
    KJ_IF_MAYBE(name, oaepDigest) {
      const EVP_MD* digest = findDigest(*name);
      if (digest == nullptr) {
        throwCoded(turn, js::Error::plain("Invalid digest: ", *name),
                   "ERR_OSSL_EVP_INVALID_DIGEST");
      }
      ready = ready && EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), digest) > 0;
    }
    auto label = toBytes(oaepLabel);
    if (label.size() > 0) {
      auto* copy = static_cast<unsigned char*>(OPENSSL_memdup(label.begin(), label.size()));
      ready = ready && EVP_PKEY_CTX_set0_rsa_oaep_label(context.get(), copy, int(label.size())) > 0;
    }
  }
  auto bytes = toBytes(data);
  size_t size = 0;
  ready = ready && chosen.run(context.get(), nullptr, &size, bytes.begin(), bytes.size()) == 1;
  checkOpenSsl(turn, ready, "RSA operation failed");
  auto out = kj::heapArray<kj::byte>(size);
  checkOpenSsl(turn,
               chosen.run(context.get(), out.begin(), &size, bytes.begin(), bytes.size()) == 1,
               "RSA operation failed");
  return toArrayBuffer(turn, out.slice(0, size));
}

}  // namespace ocapd::api::node
