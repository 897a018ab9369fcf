#include "src/api/node/crypto/cipher.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/objects.h>

#include "src/api/node/encoding/encoding.h"

namespace ocapd::api::node {

namespace {

// Node's default for the modes that have a tag.
constexpr size_t kTagBytesDefault = 16;

bool isAead(const EVP_CIPHER* cipher) {
  return (EVP_CIPHER_get_flags(cipher) & EVP_CIPH_FLAG_AEAD_CIPHER) != 0;
}

const char* modeName(int mode) {
  switch (mode) {
    case EVP_CIPH_CBC_MODE: return "cbc";
    case EVP_CIPH_CCM_MODE: return "ccm";
    case EVP_CIPH_CFB_MODE: return "cfb";
    case EVP_CIPH_CTR_MODE: return "ctr";
    case EVP_CIPH_ECB_MODE: return "ecb";
    case EVP_CIPH_GCM_MODE: return "gcm";
    case EVP_CIPH_OCB_MODE: return "ocb";
    case EVP_CIPH_OFB_MODE: return "ofb";
    case EVP_CIPH_WRAP_MODE: return "wrap";
    case EVP_CIPH_XTS_MODE: return "xts";
    case EVP_CIPH_STREAM_CIPHER: return "stream";
  }
  return nullptr;
}

[[noreturn]] void throwIv(js::Turn& turn) {
  throwCoded(turn, js::Error::type("Invalid initialization vector"), "ERR_CRYPTO_INVALID_IV");
}

void checkIv(js::Turn& turn, const EVP_CIPHER* cipher, bool hasIv, size_t size) {
  int expected = EVP_CIPHER_get_iv_length(cipher);
  bool fits = isAead(cipher) ? size > 0 && hasIv : int(size) == expected;
  if (!fits || (!hasIv && expected > 0)) throwIv(turn);
  constexpr size_t kChachaIvBytesMax = 12;
  if (EVP_CIPHER_is_a(cipher, "ChaCha20-Poly1305") && size > kChachaIvBytesMax) throwIv(turn);
}

bool isGcmTagSize(size_t size) {
  return size == 4 || size == 8 || (size >= 12 && size <= 16);
}

kj::Maybe<size_t> checkedTagSize(js::Turn& turn, const EVP_CIPHER* cipher, int mode,
                                 double wanted) {
  if (!isAead(cipher)) return nullptr;
  auto fail = [&] {
    throwCoded(turn, js::Error::type("Invalid authentication tag length: ", wanted),
               "ERR_CRYPTO_INVALID_AUTH_TAG");
  };
  if (wanted < 0) {
    if (mode == EVP_CIPH_GCM_MODE) return nullptr;  // as long as what is given or asked for
    if (mode == EVP_CIPH_CCM_MODE || mode == EVP_CIPH_OCB_MODE) {
      throwCoded(turn, js::Error::type("authTagLength required for ", EVP_CIPHER_get0_name(cipher)),
                 "ERR_CRYPTO_INVALID_AUTH_TAG");
    }
    return kTagBytesDefault;
  }
  size_t size = size_t(wanted);
  if (mode == EVP_CIPH_GCM_MODE ? !isGcmTagSize(size) : size > kTagBytesDefault) fail();
  return size;
}

}  // namespace

Cipher* Cipher::create(js::Turn& turn, bool encrypts, kj::String name, v8::Local<v8::Value> key,
                       v8::Local<v8::Value> iv, double authTagLength) {
  const EVP_CIPHER* cipher = EVP_get_cipherbyname(name.cStr());
  if (cipher == nullptr) {
    throwCoded(turn, js::Error::range("Unknown cipher"), "ERR_CRYPTO_UNKNOWN_CIPHER");
  }
  auto keyBytes = toBytes(key);
  auto ivBytes = toBytes(iv);
  int mode = EVP_CIPHER_get_mode(cipher);
  checkIv(turn, cipher, !iv->IsNull(), ivBytes.size());
  auto tagBytes = checkedTagSize(turn, cipher, mode, authTagLength);

  OwnCipherContext context(EVP_CIPHER_CTX_new());
  if (mode == EVP_CIPH_WRAP_MODE) {
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  }
  int encrypt = encrypts ? 1 : 0;
  checkOpenSsl(turn,
               EVP_CipherInit_ex(context.get(), cipher, nullptr, nullptr, nullptr, encrypt) == 1,
               "Failed to initialize cipher");
  if (isAead(cipher)) {
    if (EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, int(ivBytes.size()), nullptr) !=
        1) {
      ERR_clear_error();
      throwIv(turn);
    }
    KJ_IF_MAYBE(size, tagBytes) {
      // A null tag sets the length that is needed before data.
      if (mode == EVP_CIPH_CCM_MODE || mode == EVP_CIPH_OCB_MODE) {
        checkOpenSsl(
            turn,
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, int(*size), nullptr) == 1,
            "Invalid authentication tag length");
      }
    }
  }
  if (EVP_CIPHER_CTX_set_key_length(context.get(), int(keyBytes.size())) != 1) {
    ERR_clear_error();
    throwCoded(turn, js::Error::range("Invalid key length"), "ERR_CRYPTO_INVALID_KEYLEN");
  }
  checkOpenSsl(turn,
               EVP_CipherInit_ex(context.get(), nullptr, nullptr, keyBytes.begin(),
                                 ivBytes.size() == 0 ? nullptr : ivBytes.begin(), encrypt) == 1,
               "Failed to initialize cipher");
  return turn.make<Cipher>(kj::mv(context), encrypts ? Direction::Encrypt : Direction::Decrypt,
                           mode, tagBytes);
}

bool Cipher::isAuthenticated() const {
  return isAead(EVP_CIPHER_CTX_get0_cipher(context_.get()));
}

// Hands the expected tag to OpenSSL, once.
bool Cipher::passTag() {
  if (wasTagPassed_ || tag_.size() == 0 || direction_ == Direction::Encrypt) return true;
  wasTagPassed_ = true;
  return EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, int(tag_.size()),
                             tag_.begin()) == 1;
}

v8::Local<v8::Value> Cipher::update(js::Turn& turn, v8::Local<v8::Value> data,
                                    v8::Local<v8::Value> encoding) {
  if (context_ == nullptr) {
    throwCoded(turn, js::Error::plain("Unsupported state"), "ERR_CRYPTO_INVALID_STATE");
  }
  kj::Array<kj::byte> encoded;
  kj::ArrayPtr<const kj::byte> bytes;
  if (data->IsString()) {
    encoded = encode(turn, toEncoding(turn, encoding), data.As<v8::String>());
    bytes = encoded;
  } else {
    bytes = toBytes(data);
  }
  constexpr size_t kBytesMax = INT32_MAX - EVP_MAX_BLOCK_LENGTH;
  if (bytes.size() > kBytesMax) throw js::Error::range("data is too long");
  if (mode_ == EVP_CIPH_CCM_MODE || mode_ == EVP_CIPH_OCB_MODE || mode_ == EVP_CIPH_GCM_MODE) {
    checkOpenSsl(turn, passTag(), "Unsupported state or unable to authenticate data");
  }
  auto out = kj::heapArray<kj::byte>(bytes.size() + EVP_MAX_BLOCK_LENGTH * 2);
  int size = 0;
  bool succeeded =
      EVP_CipherUpdate(context_.get(), out.begin(), &size, bytes.begin(), int(bytes.size())) == 1;
  if (!succeeded && mode_ == EVP_CIPH_CCM_MODE && direction_ == Direction::Decrypt) {
    // CCM finds out at once; the error is final()'s.
    ERR_clear_error();
    ccmFailed_ = true;
    return toArrayBuffer(turn, nullptr);
  }
  checkOpenSsl(turn, succeeded, "Trying to add data in unsupported state");
  return toArrayBuffer(turn, out.slice(0, size_t(size)));
}

v8::Local<v8::Value> Cipher::final(js::Turn& turn) {
  if (context_ == nullptr) {
    throwCoded(turn, js::Error::plain("Unsupported state"), "ERR_CRYPTO_INVALID_STATE");
  }
  bool authenticated = isAuthenticated();
  auto context = kj::mv(context_);
  kj::byte out[EVP_MAX_BLOCK_LENGTH * 2];
  int size = 0;
  bool succeeded = false;
  if (direction_ == Direction::Decrypt && mode_ == EVP_CIPH_CCM_MODE) {
    succeeded = !ccmFailed_ && wasTagPassed_;
  } else {
    if (authenticated && direction_ == Direction::Decrypt && !wasTagPassed_ && tag_.size() > 0) {
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, int(tag_.size()), tag_.begin());
    }
    succeeded = EVP_CipherFinal_ex(context.get(), out, &size) == 1;
  }
  if (!succeeded) {
    if (!authenticated) throwOpenSsl(turn, "Unsupported state");
    ERR_clear_error();
    throw js::Error::plain("Unsupported state or unable to authenticate data");
  }
  if (authenticated && direction_ == Direction::Encrypt) {
    tag_ = kj::heapArray<kj::byte>(tagBytes_.orDefault(kTagBytesDefault));
    checkOpenSsl(turn,
                 EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, int(tag_.size()),
                                     tag_.begin()) == 1,
                 "Unsupported state");
  }
  return toArrayBuffer(turn, kj::arrayPtr(out, size_t(size)));
}

bool Cipher::setAutoPadding(bool on) {
  return context_ != nullptr && EVP_CIPHER_CTX_set_padding(context_.get(), on ? 1 : 0) == 1;
}

v8::Local<v8::Value> Cipher::getAuthTag(js::Turn& turn) {
  if (context_ != nullptr || direction_ == Direction::Decrypt || tag_.size() == 0) {
    return turn.undefined();
  }
  return toArrayBuffer(turn, tag_);
}

bool Cipher::setAuthTag(js::Turn& turn, v8::Local<v8::Value> tag) {
  if (context_ == nullptr || direction_ == Direction::Encrypt || !isAuthenticated() ||
      tag_.size() > 0) {
    return false;
  }
  auto bytes = toBytes(tag);
  bool fits = bytes.size() <= kTagBytesDefault && bytes.size() > 0;
  KJ_IF_MAYBE(expected, tagBytes_) {
    fits = bytes.size() == *expected;
  } else if (mode_ == EVP_CIPH_GCM_MODE) {
    fits = isGcmTagSize(bytes.size());
  }
  if (!fits) {
    throwCoded(turn, js::Error::type("Invalid authentication tag length: ", bytes.size()),
               "ERR_CRYPTO_INVALID_AUTH_TAG");
  }
  tag_ = kj::heapArray(bytes.asConst());
  return true;
}

bool Cipher::setAad(js::Turn& turn, v8::Local<v8::Value> data, double plaintextLength) {
  if (context_ == nullptr || !isAuthenticated()) return false;
  auto bytes = toBytes(data);
  int size = 0;
  if (mode_ == EVP_CIPH_CCM_MODE) {
    if (plaintextLength < 0) {
      throwCoded(turn, js::Error::type("options.plaintextLength required for CCM mode with AAD"),
                 "ERR_MISSING_ARGS");
    }
    if (!passTag()) return false;
    if (EVP_CipherUpdate(context_.get(), nullptr, &size, nullptr, int(plaintextLength)) != 1) {
      return false;
    }
  }
  return EVP_CipherUpdate(context_.get(), nullptr, &size, bytes.begin(), int(bytes.size())) == 1;
}

v8::Local<v8::Value> getCipherInfo(js::Turn& turn, v8::Local<v8::Value> nameOrNid,
                                   kj::Maybe<double> keyLength, kj::Maybe<double> ivLength) {
  const EVP_CIPHER* cipher = nullptr;
  if (nameOrNid->IsString()) {
    cipher = EVP_get_cipherbyname(turn.utf8(nameOrNid.As<v8::String>()).cStr());
  } else {
    const char* name = OBJ_nid2sn(turn.check(nameOrNid->Int32Value(turn.context)));
    if (name != nullptr) cipher = EVP_get_cipherbyname(name);
  }
  if (cipher == nullptr) return turn.undefined();
  int mode = EVP_CIPHER_get_mode(cipher);
  int keyBytes = EVP_CIPHER_get_key_length(cipher);
  int ivBytes = EVP_CIPHER_get_iv_length(cipher);
  KJ_IF_MAYBE(wanted, keyLength) {
    OwnCipherContext context(EVP_CIPHER_CTX_new());
    EVP_CipherInit_ex(context.get(), cipher, nullptr, nullptr, nullptr, 1);
    bool fits = EVP_CIPHER_CTX_set_key_length(context.get(), int(*wanted)) == 1;
    ERR_clear_error();
    if (!fits) return turn.undefined();
    keyBytes = int(*wanted);
  }
  KJ_IF_MAYBE(wanted, ivLength) {
    bool fits = isAead(cipher) ? *wanted > 0 : int(*wanted) == ivBytes;
    if (!fits) return turn.undefined();
    ivBytes = int(*wanted);
  }
  auto info = v8::Object::New(turn.v8);
  if (const char* name = modeName(mode)) turn.set(info, "mode", turn.string(kj::StringPtr(name)));
  const char* name = OBJ_nid2sn(EVP_CIPHER_get_nid(cipher));
  turn.set(info, "name", turn.string(kj::StringPtr(name)));
  turn.set(info, "nid", v8::Integer::New(turn.v8, EVP_CIPHER_get_nid(cipher)));
  if (mode != EVP_CIPH_STREAM_CIPHER) {
    turn.set(info, "blockSize", v8::Integer::New(turn.v8, EVP_CIPHER_get_block_size(cipher)));
  }
  if (ivBytes != 0) turn.set(info, "ivLength", v8::Integer::New(turn.v8, ivBytes));
  turn.set(info, "keyLength", v8::Integer::New(turn.v8, keyBytes));
  return info;
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&Cipher::update>("update"),
    js::method<&Cipher::final>("final"),
    js::method<&Cipher::setAutoPadding>("setAutoPadding"),
    js::method<&Cipher::getAuthTag>("getAuthTag"),
    js::method<&Cipher::setAuthTag>("setAuthTag"),
    js::method<&Cipher::setAad>("setAAD"),
};

}  // namespace

constinit const js::Class Cipher::kClass{.name = kClassName, .members = kMembers, .exposed = false};

}  // namespace ocapd::api::node
