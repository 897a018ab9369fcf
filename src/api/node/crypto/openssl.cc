#include "src/api/node/crypto/openssl.h"

#include <string.h>

#include <openssl/err.h>
#include <v8-array-buffer.h>
#include <v8-container.h>

namespace ocapd::api::node {

namespace {

// "wrong final block length" as ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH.
kj::String codeOf(const char* reason) {
  auto code = kj::str("ERR_OSSL_", reason);
  for (char& c : code) {
    if (c == ' ') c = '_';
    if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
  }
  return code;
}

}  // namespace

void throwOpenSsl(js::Turn& turn, kj::StringPtr otherwise) {
  unsigned long number = ERR_peek_last_error();
  if (number == 0) throw js::Error::plain(otherwise);
  char text[256];
  ERR_error_string_n(number, text, sizeof(text));
  const char* library = ERR_lib_error_string(number);
  const char* reason = ERR_reason_error_string(number);
  ERR_clear_error();
  auto value = js::Error::plain(text).toValue(turn);
  auto object = value.As<v8::Object>();
  if (library != nullptr) turn.set(object, "library", turn.string(kj::StringPtr(library)));
  if (reason != nullptr) {
    turn.set(object, "reason", turn.string(kj::StringPtr(reason)));
    turn.set(object, "code", turn.string(codeOf(reason)));
  }
  turn.throwValue(value);
}

void throwCoded(js::Turn& turn, const js::Error& error, kj::StringPtr code) {
  auto value = error.toValue(turn);
  turn.set(value.As<v8::Object>(), "code", turn.string(code));
  turn.throwValue(value);
}

v8::Local<v8::Value> toArrayBuffer(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  auto buffer = v8::ArrayBuffer::New(turn.v8, bytes.size());
  if (bytes.size() > 0) memcpy(buffer->Data(), bytes.begin(), bytes.size());
  return buffer;
}

kj::ArrayPtr<kj::byte> toBytes(v8::Local<v8::Value> value) {
  if (!value->IsArrayBufferView() && !value->IsArrayBuffer() && !value->IsSharedArrayBuffer()) {
    return nullptr;
  }
  return js::SharedBufferSource(value).bytes();
}

kj::Array<kj::byte> bytesOf(const BIGNUM* number) {
  auto bytes = kj::heapArray<kj::byte>(size_t(BN_num_bytes(number)));
  BN_bn2bin(number, bytes.begin());
  return bytes;
}

OwnBignum toBignum(kj::ArrayPtr<const kj::byte> bytes) {
  return OwnBignum(BN_bin2bn(bytes.begin(), int(bytes.size()), nullptr));
}

kj::ArrayPtr<const kj::byte> contentOf(BIO* memory) {
  char* start = nullptr;
  long size = BIO_get_mem_data(memory, &start);
  return kj::arrayPtr(reinterpret_cast<const kj::byte*>(start), size_t(size));
}

const EVP_MD* findDigest(kj::StringPtr name) {
  // Kept for good: there are few, and looking one up anew costs more than a small digest.
  if (const EVP_MD* digest = EVP_get_digestbyname(name.cStr())) return digest;
  const EVP_MD* fetched = EVP_MD_fetch(nullptr, name.cStr(), nullptr);
  ERR_clear_error();
  return fetched;
}

const EVP_MD* requireDigest(js::Turn& turn, kj::StringPtr name) {
  if (const EVP_MD* digest = findDigest(name)) return digest;
  throwCoded(turn, js::Error::type("Invalid digest: ", name), "ERR_CRYPTO_INVALID_DIGEST");
}

}  // namespace ocapd::api::node
