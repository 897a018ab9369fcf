// TLS contexts made from the config's TlsOptions.
//
// The machine's own certificate authorities are found on any distribution, not only the one that
// OpenSSL was built for: see useSystemTrustStore().
#pragma once

#include <kj/compat/tls.h>

#include "src/config/plan.h"

namespace ocapd::server::net {

enum class TlsRole { Client, Server };

// Throws with a text for the config's author if the options cannot be used.
kj::Own<kj::TlsContext> makeTlsContext(const config::TlsOptions& options, TlsRole role,
                                       kj::Timer& timer);

// Throws as makeTlsContext() would, without what that takes for a client: its trust store.
void checkTrustedCertificates(const config::TlsOptions& options);

// What a network without tlsOptions uses: the machine's trust store, nothing else.
config::TlsOptions systemTrust();

// Tells OpenSSL where this machine keeps its trusted certificates, unless SSL_CERT_FILE or
// SSL_CERT_DIR do already. Changes the environment: call it before there are threads.
void useSystemTrustStore();

}  // namespace ocapd::server::net
