#include "src/server/net/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <unistd.h>

#include <kj/debug.h>
#include <kj/vector.h>

namespace ocapd::server::net {
namespace {

// A client that is slow to shake hands does not hold a socket for longer than this.
constexpr kj::Duration kHandshakeTimeout = 15 * kj::SECONDS;

// Bundles of certificates, by distribution.
constexpr const char* kBundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL 7 and later
    "/etc/pki/tls/certs/ca-bundle.crt",                   // RHEL 6
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/pki/tls/cacert.pem",                            // OpenELEC
    "/etc/ssl/cert.pem",                                  // Alpine, Void
    "/var/lib/ca-certificates/ca-bundle.pem",             // SUSE, transactional
    "/run/current-system/sw/etc/ssl/certs/ca-bundle.crt"  // NixOS
};
constexpr const char* kDirectories[] = {"/etc/ssl/certs", "/etc/pki/tls/certs",
                                        "/system/etc/security/cacerts"};

kj::TlsVersion minimum(config::TlsOptions::Version version, kj::TlsVersion goodDefault) {
  using Version = config::TlsOptions::Version;
  switch (version) {
    case Version::GoodDefault: return goodDefault;
    case Version::Ssl3: return kj::TlsVersion::SSL_3;
    case Version::Tls1Dot0: return kj::TlsVersion::TLS_1_0;
    case Version::Tls1Dot1: return kj::TlsVersion::TLS_1_1;
    case Version::Tls1Dot2: return kj::TlsVersion::TLS_1_2;
    case Version::Tls1Dot3: return kj::TlsVersion::TLS_1_3;
  }
  KJ_UNREACHABLE;
}

[[noreturn]] void refuse(kj::String text) {
  kj::throwFatalException(
      kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::mv(text)));
}

// Says which of the config's PEM texts is unusable, and why as far as OpenSSL tells.
template <typename Parse>
auto parsePem(kj::StringPtr what, Parse&& parse) {
  ERR_clear_error();
  kj::Maybe<decltype(parse())> parsed;
  KJ_IF_MAYBE(exception, kj::runCatchingExceptions([&]() { parsed = parse(); })) {
    refuse(kj::str("TLS configuration: ", what, ": ", exception->getDescription()));
  }
  return kj::mv(KJ_ASSERT_NONNULL(parsed));
}

kj::TlsCertificate parseTrusted(kj::StringPtr pem) {
  return parsePem("trustedCertificates holds no usable PEM certificate"_kj,
                  [&]() { return kj::TlsCertificate(pem); });
}

// KJ looks at neither: a key that does not belong to its certificate would fail each handshake,
// an unknown cipher list be reported without its text.
void checkKeypairMatches(const config::TlsOptions::Keypair& keypair) {
  auto* keyBio = BIO_new_mem_buf(keypair.privateKey.begin(), keypair.privateKey.size());
  KJ_DEFER(BIO_free(keyBio));
  auto* certificateBio =
      BIO_new_mem_buf(keypair.certificateChain.begin(), keypair.certificateChain.size());
  KJ_DEFER(BIO_free(certificateBio));
  auto* key = PEM_read_bio_PrivateKey(keyBio, nullptr, nullptr, nullptr);
  KJ_DEFER(EVP_PKEY_free(key));
  auto* certificate = PEM_read_bio_X509(certificateBio, nullptr, nullptr, nullptr);
  KJ_DEFER(X509_free(certificate));
  if (key == nullptr || certificate == nullptr || X509_check_private_key(certificate, key) != 1) {
    ERR_clear_error();
    refuse(
        kj::str("TLS configuration: the keypair's private key does not belong to its "
                "certificate"));
  }
}

bool isReadable(const char* path) {
  return ::access(path, R_OK) == 0;
}

}  // namespace

kj::Own<kj::TlsContext> makeTlsContext(const config::TlsOptions& options, TlsRole role,
                                       kj::Timer& timer) {
  if (role == TlsRole::Server && options.keypair == nullptr) {
    refuse(kj::str("TLS configuration: a TLS listener needs a keypair"));
  }
  kj::TlsContext::Options kjOptions;
  kjOptions.useSystemTrustStore = options.trustBrowserCas;
  kjOptions.verifyClients = options.requireClientCerts;
  kjOptions.minVersion = minimum(options.minVersion, kjOptions.minVersion);
  KJ_IF_MAYBE(list, options.cipherList) {
    kjOptions.cipherList = *list;
  }

  kj::Vector<kj::TlsCertificate> trusted(options.trustedCertificates.size());
  for (auto& pem : options.trustedCertificates) trusted.add(parseTrusted(pem));
  kjOptions.trustedCertificates = trusted;

  kj::Maybe<kj::TlsKeypair> keypair;
  KJ_IF_MAYBE(pems, options.keypair) {
    keypair =
        kj::TlsKeypair{parsePem("keypair.privateKey is no usable PEM private key"_kj,
                                [&]() { return kj::TlsPrivateKey(pems->privateKey); }),
                       parsePem("keypair.certificateChain is no usable PEM certificate chain"_kj,
                                [&]() { return kj::TlsCertificate(pems->certificateChain); })};
    checkKeypairMatches(*pems);
    kjOptions.defaultKeypair = KJ_ASSERT_NONNULL(keypair);
  }
  if (role == TlsRole::Server) {
    kjOptions.timer = timer;
    kjOptions.acceptTimeout = kHandshakeTimeout;
  }
  return kj::heap<kj::TlsContext>(kj::mv(kjOptions));
}

void checkTrustedCertificates(const config::TlsOptions& options) {
  for (auto& pem : options.trustedCertificates) parseTrusted(pem);
}

config::TlsOptions systemTrust() {
  config::TlsOptions options;
  options.trustBrowserCas = true;
  return options;
}

void useSystemTrustStore() {
  if (::getenv("SSL_CERT_FILE") != nullptr || ::getenv("SSL_CERT_DIR") != nullptr) return;
  if (isReadable(X509_get_default_cert_file())) return;
  for (const char* path : kBundles) {
    if (isReadable(path)) {
      ::setenv("SSL_CERT_FILE", path, 0);
      return;
    }
  }
  for (const char* path : kDirectories) {
    if (isReadable(path)) {
      ::setenv("SSL_CERT_DIR", path, 0);
      return;
    }
  }
}

}  // namespace ocapd::server::net
