#include "src/api/crypto/openssl.h"

#include <kj/debug.h>
#include <openssl/err.h>

namespace ocapd::api::crypto {

ErrorScope::ErrorScope() {
  ERR_clear_error();
}

ErrorScope::~ErrorScope() {
  ERR_clear_error();
}

void check(int result, const char* call) {
  if (result > 0) return;
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  KJ_FAIL_ASSERT("OpenSSL failed", call, reason == nullptr ? "no reason given" : reason);
}

Bytes toBytes(const BIGNUM* number) {
  return toBytes(number, size_t(BN_num_bytes(number)));
}

Bytes toBytes(const BIGNUM* number, size_t size) {
  auto result = kj::heapArray<kj::byte>(size);
  KJ_ASSERT(BN_bn2binpad(number, result.begin(), int(size)) == int(size), "number too large", size);
  return result;
}

BigNumber toNumber(BytesPtr bigEndian) {
  return BigNumber(
      check(BN_bin2bn(startOf(bigEndian), int(bigEndian.size()), nullptr), "BN_bin2bn"));
}

BigNumber numberOf(const EVP_PKEY* key, const char* name) {
  ErrorScope errors;
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return nullptr;
  return BigNumber(number);
}

Pkey keyFromParts(const char* type, int selection, OSSL_PARAM_BLD* parts) {
  ErrorScope errors;
  Params params(check(OSSL_PARAM_BLD_to_param(parts), "OSSL_PARAM_BLD_to_param"));
  PkeyContext context(
      check(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr), "EVP_PKEY_CTX_new_from_name"));
  check(EVP_PKEY_fromdata_init(context.get()), "EVP_PKEY_fromdata_init");
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1) return nullptr;
  return Pkey(key);
}

}  // namespace ocapd::api::crypto
