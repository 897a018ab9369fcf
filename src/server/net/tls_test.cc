#include "src/server/net/tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include <kj/async-io.h>
#include <kj/debug.h>

#include "gtest/gtest.h"

namespace ocapd::server::net {
namespace {

kj::String takeText(BIO* bio) {
  char* data;
  long bytes = BIO_get_mem_data(bio, &data);
  auto result = kj::heapString(data, bytes);
  BIO_free(bio);
  return result;
}

struct Pems {
  kj::String key;
  kj::String certificate;
};

// A fresh key and a certificate for "localhost" that it signed itself.
Pems makeSelfSigned() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  KJ_DEFER({
    X509_free(certificate);
    EVP_PKEY_free(key);
  });
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  auto* name = X509_get_subject_name(certificate);
  auto* text = reinterpret_cast<const unsigned char*>("localhost");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_set_pubkey(certificate, key);
  KJ_ASSERT(X509_sign(certificate, key, EVP_sha256()) > 0);
  auto* keyBio = BIO_new(BIO_s_mem());
  auto* certificateBio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(keyBio, key, nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_X509(certificateBio, certificate);
  return {takeText(keyBio), takeText(certificateBio)};
}

class TlsTest : public testing::Test {
 protected:
  ~TlsTest() noexcept override {}

  config::TlsOptions withKeypair(const Pems& pems) {
    config::TlsOptions options;
    options.keypair = config::TlsOptions::Keypair{pems.key, pems.certificate};
    return options;
  }
  config::TlsOptions trusting(const Pems& pems) {
    config::TlsOptions options;
    options.trustedCertificates = kj::heapArray<kj::StringPtr>({pems.certificate});
    return options;
  }
  kj::String refusal(const config::TlsOptions& options, TlsRole role) {
    auto exception = kj::runCatchingExceptions(
        [&]() { (void)makeTlsContext(options, role, io_.provider->getTimer()); });
    return exception.map([](kj::Exception& e) { return kj::heapString(e.getDescription()); })
        .orDefault(nullptr);
  }
  // Whether both sides come to trust each other, as far as they ask for it.
  bool shakesHands(const config::TlsOptions& serverOptions,
                   const config::TlsOptions& clientOptions) {
    auto& timer = io_.provider->getTimer();
    auto server = makeTlsContext(serverOptions, TlsRole::Server, timer);
    auto client = makeTlsContext(clientOptions, TlsRole::Client, timer);
    auto pipe = io_.provider->newTwoWayPipe();
    auto accepted = server->wrapServer(kj::mv(pipe.ends[0])).eagerlyEvaluate(nullptr);
    auto connected = client->wrapClient(kj::mv(pipe.ends[1]), "localhost");
    auto failure = kj::runCatchingExceptions([&]() {
      auto clientStream = connected.wait(io_.waitScope);
      auto serverStream = accepted.wait(io_.waitScope);
      serverStream->write("x", 1).wait(io_.waitScope);
      char received;
      clientStream->read(&received, 1).wait(io_.waitScope);
    });
    return failure == nullptr;
  }

  kj::AsyncIoContext io_ = kj::setupAsyncIo();
  Pems server_ = makeSelfSigned();
  Pems client_ = makeSelfSigned();
};

TEST_F(TlsTest, ATrustedServerIsAcceptedAndAnotherIsNot) {
  EXPECT_TRUE(shakesHands(withKeypair(server_), trusting(server_)));
  EXPECT_FALSE(shakesHands(withKeypair(server_), trusting(client_)));
  EXPECT_FALSE(shakesHands(withKeypair(server_), {}));
}

TEST_F(TlsTest, ClientsShowTheirCertificateWhenAsked) {
  auto serverOptions = withKeypair(server_);
  serverOptions.requireClientCerts = true;
  serverOptions.trustedCertificates = kj::heapArray<kj::StringPtr>({client_.certificate});
  auto known = trusting(server_);
  known.keypair = config::TlsOptions::Keypair{client_.key, client_.certificate};
  EXPECT_TRUE(shakesHands(serverOptions, known));
  EXPECT_FALSE(shakesHands(serverOptions, trusting(server_)));
}

TEST_F(TlsTest, TheMinimumVersionIsKept) {
  auto serverOptions = withKeypair(server_);
  serverOptions.minVersion = config::TlsOptions::Version::Tls1Dot3;
  EXPECT_TRUE(shakesHands(serverOptions, trusting(server_)));
}

TEST_F(TlsTest, SaysWhatCannotBeUsed) {
  EXPECT_EQ(refusal({}, TlsRole::Server), "TLS configuration: a TLS listener needs a keypair");
  EXPECT_EQ(refusal({}, TlsRole::Client), "");

  auto options = withKeypair(server_);
  options.keypair = config::TlsOptions::Keypair{"x", server_.certificate};
  EXPECT_TRUE(refusal(options, TlsRole::Server)
                  .startsWith("TLS configuration: keypair.privateKey is no usable PEM"));
  options.keypair = config::TlsOptions::Keypair{server_.key, "x"};
  EXPECT_TRUE(refusal(options, TlsRole::Server)
                  .startsWith("TLS configuration: keypair.certificateChain is no usable PEM"));
  options.keypair = config::TlsOptions::Keypair{client_.key, server_.certificate};
  EXPECT_EQ(refusal(options, TlsRole::Server),
            "TLS configuration: the keypair's private key does not belong to its certificate");
  options = {};
  options.trustedCertificates = kj::heapArray<kj::StringPtr>({"x"_kj});
  EXPECT_TRUE(refusal(options, TlsRole::Client)
                  .startsWith("TLS configuration: trustedCertificates holds no usable PEM"));
  options = {};
  options.cipherList = "nonsense"_kj;
  EXPECT_NE(refusal(options, TlsRole::Client), "");
}

TEST_F(TlsTest, TheEnvironmentDecidesAboutTheTrustStore) {
  ::setenv("SSL_CERT_FILE", "/chosen.pem", 1);
  useSystemTrustStore();
  EXPECT_STREQ(::getenv("SSL_CERT_FILE"), "/chosen.pem");
  ::unsetenv("SSL_CERT_FILE");
}

}  // namespace
}  // namespace ocapd::server::net
