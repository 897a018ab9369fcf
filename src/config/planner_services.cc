#include "json_check.h"
#include "planner_parts.h"
#include "syntax_checks.h"

#include <string_view>

namespace ocapd::config {
namespace {

constexpr size_t kNamesShownMax = 8;

kj::Maybe<TlsOptions> planOptionalTls(const Place& place, kj::StringPtr user, TlsSide side,
                                      bool given, schema::TlsOptions::Reader options,
                                      Problems& problems) {
  if (!given) return nullptr;
  return planTlsOptions(place, user, side, options, problems);
}

List<Header> planHeaders(const Place& options, kj::StringPtr field, kj::StringPtr user,
                         capnp::List<schema::HttpOptions::Header>::Reader headers,
                         Problems& problems) {
  auto result = kj::heapArrayBuilder<Header>(headers.size());
  for (uint i = 0; i < headers.size(); ++i) {
    auto header = headers[i];
    Place place = options.item(field, i);
    if (!isHeaderName(header.getName())) {
      problems.error(place, kj::str(user, ": ", field, " has \"", header.getName(),
                                    "\", which is not a header name."));
    }
    Header planned{header.getName(), nullptr};
    if (header.hasValue()) {
      if (!isHeaderValue(header.getValue())) {
        problems.error(place, kj::str(user, ": ", field, " gives header \"", header.getName(),
                                      "\" a value with a line break or NUL byte in it."));
      }
      planned.value = Text(header.getValue());
    }
    result.add(kj::mv(planned));
  }
  return result.finish();
}

void checkPem(const Place& place, kj::StringPtr user, kj::StringPtr what, kj::StringPtr pem,
              Problems& problems) {
  if (std::string_view(pem.begin(), pem.size()).contains("-----BEGIN ")) return;
  problems.error(
      place, kj::str(user, ": TLS ", what, " is not in PEM format; it has no -----BEGIN line."));
}

bool trustsNobody(schema::TlsOptions::Reader options) {
  return !options.getTrustBrowserCas() && options.getTrustedCertificates().size() == 0;
}

}  // namespace

// ---- names and references ----

bool ServiceNames::add(kj::StringPtr name, Entry entry) {
  if (entries_.find(name) != nullptr) return false;
  entries_.insert(name, entry);
  inOrder_.add(name);
  return true;
}

kj::Maybe<ServiceNames::Entry> ServiceNames::find(kj::StringPtr name) const {
  return entries_.find(name).map([](const Entry& entry) { return entry; });
}

kj::String ServiceNames::describeKnown() const {
  size_t shown = kj::min(inOrder_.size(), kNamesShownMax);
  auto quoted = KJ_MAP(name, inOrder_.asPtr().slice(0, shown)) {
    return kj::str('"', name, '"');
  };
  auto rest = inOrder_.size() - shown;
  return kj::str(" Known: ", kj::strArray(quoted, ", "),
                 rest > 0 ? kj::str(" and ", rest, " more") : kj::String(), '.');
}

ServiceRef planServiceRef(const Place& place, kj::StringPtr user,
                          schema::ServiceDesignator::Reader designator, const ServiceNames& names,
                          Problems& problems) {
  kj::StringPtr name = designator.getName();
  ServiceRef result{0, nullptr, nullptr};
  KJ_IF_MAYBE(service, names.find(name)) {
    result.service = service->index;
    if (designator.hasEntrypoint()) {
      result.entrypoint = Text(designator.getEntrypoint());
      if (!service->isWorker) {
        problems.error(place,
                       kj::str(user, " refers to service \"", name, "\" with a named entrypoint \"",
                               designator.getEntrypoint(), "\", but \"", name,
                               "\" is not a Worker, so does not have any named "
                               "entrypoints."));
      }
    }
    if (designator.getProps().isJson()) {
      kj::StringPtr json = designator.getProps().getJson();
      result.propsJson = json;
      if (!service->isWorker) {
        problems.error(place, kj::str(user, " refers to service \"", name,
                                      "\" and provides a `props` value, but \"", name,
                                      "\" is not a Worker, so cannot accept `props`"));
      } else {
        KJ_IF_MAYBE(offset, findJsonError(json)) {
          problems.warning(place.field("props").field("json"),
                           kj::str(user, " provides a `props` value that is not JSON from byte ",
                                   *offset, " on; every use of it will fail."));
        }
      }
    }
  } else {
    problems.error(place, kj::str(user, " refers to a service \"", name,
                                  "\", but no such service is defined.", names.describeKnown()));
  }
  return result;
}

List<Text> planTexts(capnp::List<capnp::Text>::Reader texts) {
  auto result = kj::heapArrayBuilder<Text>(texts.size());
  for (auto text : texts) result.add(text);
  return result.finish();
}

void checkAddress(const Place& place, kj::StringPtr user, kj::StringPtr address,
                  Problems& problems) {
  KJ_IF_MAYBE(wrong, whatIsWrongWithAddress(address)) {
    problems.error(place, kj::str(user, " has the address \"", address, "\", which ", *wrong, '.'));
  }
}

// ---- options ----

HttpOptions planHttpOptions(const Place& place, kj::StringPtr user,
                            schema::HttpOptions::Reader options, Problems& problems) {
  HttpOptions result;
  switch (options.getStyle()) {
    case schema::HttpOptions::Style::HOST: result.style = HttpOptions::Style::Host; break;
    case schema::HttpOptions::Style::PROXY: result.style = HttpOptions::Style::Proxy; break;
    default:
      problems.error(place.field("style"), kj::str(user, ": style has the unknown value ",
                                                   static_cast<uint>(options.getStyle()), '.'));
  }
  auto headerName = [&](kj::StringPtr field, kj::StringPtr name) {
    if (!isHeaderName(name)) {
      problems.error(place.field(field),
                     kj::str(user, ": ", field, " is \"", name, "\", which is not a header name."));
    }
    return name;
  };
  if (options.hasForwardedProtoHeader()) {
    result.forwardedProtoHeader =
        headerName("forwardedProtoHeader", options.getForwardedProtoHeader());
  }
  if (options.hasCfBlobHeader()) {
    result.cfBlobHeader = headerName("cfBlobHeader", options.getCfBlobHeader());
  }
  result.injectRequestHeaders =
      planHeaders(place, "injectRequestHeaders", user, options.getInjectRequestHeaders(), problems);
  result.injectResponseHeaders = planHeaders(place, "injectResponseHeaders", user,
                                             options.getInjectResponseHeaders(), problems);
  if (options.hasCapnpConnectHost()) result.capnpConnectHost = Text(options.getCapnpConnectHost());
  return result;
}

TlsOptions planTlsOptions(const Place& place, kj::StringPtr user, TlsSide side,
                          schema::TlsOptions::Reader options, Problems& problems) {
  TlsOptions result;
  if (options.hasKeypair()) {
    auto keypair = options.getKeypair();
    Place here = place.field("keypair");
    checkPem(here.field("privateKey"), user, "private key", keypair.getPrivateKey(), problems);
    checkPem(here.field("certificateChain"), user, "certificate chain",
             keypair.getCertificateChain(), problems);
    result.keypair = TlsOptions::Keypair{keypair.getPrivateKey(), keypair.getCertificateChain()};
  } else if (side == TlsSide::Server) {
    problems.error(place, kj::str(user, ": TLS configuration: a TLS listener needs a keypair"));
  }
  result.requireClientCerts = options.getRequireClientCerts();
  if (side == TlsSide::Server && result.requireClientCerts && trustsNobody(options)) {
    problems.warning(place, kj::str(user,
                                    ": requireClientCerts without trustedCertificates or "
                                    "trustBrowserCas refuses every client."));
  }
  result.trustBrowserCas = options.getTrustBrowserCas();
  auto certificates = options.getTrustedCertificates();
  for (uint i = 0; i < certificates.size(); ++i) {
    checkPem(place.item("trustedCertificates", i), user, "trusted certificate", certificates[i],
             problems);
  }
  result.trustedCertificates = planTexts(certificates);
  auto version = static_cast<uint>(options.getMinVersion());
  if (version > static_cast<uint>(schema::TlsOptions::Version::TLS1_DOT3)) {
    problems.error(place.field("minVersion"),
                   kj::str(user, ": minVersion has the unknown value ", version, '.'));
  } else {
    result.minVersion = static_cast<TlsOptions::Version>(version);  // same order; asserted below
  }
  if (options.hasCipherList()) result.cipherList = Text(options.getCipherList());
  return result;
}

static_assert(static_cast<uint>(TlsOptions::Version::Ssl3) ==
              static_cast<uint>(schema::TlsOptions::Version::SSL3));
static_assert(static_cast<uint>(TlsOptions::Version::Tls1Dot3) ==
              static_cast<uint>(schema::TlsOptions::Version::TLS1_DOT3));

// ---- sockets and the services that are not workers ----

kj::OneOf<HttpSocket, TcpSocket> planSocketProtocol(const Place& place, kj::StringPtr user,
                                                    schema::Socket::Reader socket,
                                                    Problems& problems) {
  kj::OneOf<HttpSocket, TcpSocket> result;
  switch (socket.which()) {
    case schema::Socket::HTTP:
      result = HttpSocket{planHttpOptions(place.field("http"), user, socket.getHttp(), problems),
                          nullptr};
      break;
    case schema::Socket::HTTPS: {
      auto https = socket.getHttps();
      Place here = place.field("https");
      result =
          HttpSocket{planHttpOptions(here.field("options"), user, https.getOptions(), problems),
                     planTlsOptions(here.field("tlsOptions"), user, TlsSide::Server,
                                    https.getTlsOptions(), problems)};
      break;
    }
    case schema::Socket::TCP: {
      auto tcp = socket.getTcp();
      TcpSocket planned;
      planned.tls = planOptionalTls(place.field("tcp").field("tlsOptions"), user, TlsSide::Server,
                                    tcp.hasTlsOptions(), tcp.getTlsOptions(), problems);
      switch (tcp.getTlsMode()) {
        case schema::Socket::TcpTlsMode::IMPLICIT:
          planned.tlsMode = TcpSocket::TlsMode::Implicit;
          break;
        case schema::Socket::TcpTlsMode::START_TLS:
          planned.tlsMode = TcpSocket::TlsMode::StartTls;
          break;
        default:
          problems.error(place, kj::str(user, ": tlsMode has the unknown value ",
                                        static_cast<uint>(tcp.getTlsMode()), '.'));
      }
      result = kj::mv(planned);
      break;
    }
    default: break;  // support.cc has complained
  }
  return result;
}

ExternalService planExternal(const Place& place, kj::StringPtr name,
                             schema::ExternalServer::Reader external,
                             kj::Maybe<kj::StringPtr> address, Problems& problems) {
  auto user = kj::str("External service \"", name, '"');
  ExternalService result;
  KJ_IF_MAYBE(given, address) {
    result.address = *given;
    checkAddress(place, user, result.address, problems);
  } else if (external.hasAddress()) {
    result.address = external.getAddress();
    checkAddress(place.field("address"), user, result.address, problems);
  } else {
    problems.error(place, kj::str("service ", name, ": ", user,
                                  " has no address in the config, "
                                  "so must be specified on the command line with "
                                  "`--external-addr`."));
  }
  switch (external.which()) {
    case schema::ExternalServer::HTTP:
      result.protocol = ExternalService::Http{
          planHttpOptions(place.field("http"), user, external.getHttp(), problems), nullptr,
          nullptr};
      break;
    case schema::ExternalServer::HTTPS: {
      auto https = external.getHttps();
      Place here = place.field("https");
      ExternalService::Http planned;
      planned.http = planHttpOptions(here.field("options"), user, https.getOptions(), problems);
      planned.tls = planTlsOptions(here.field("tlsOptions"), user, TlsSide::Client,
                                   https.getTlsOptions(), problems);
      if (https.hasCertificateHost()) planned.certificateHost = Text(https.getCertificateHost());
      result.protocol = kj::mv(planned);
      break;
    }
    case schema::ExternalServer::TCP: {
      auto tcp = external.getTcp();
      ExternalService::Tcp planned;
      planned.tls = planOptionalTls(place.field("tcp").field("tlsOptions"), user, TlsSide::Client,
                                    tcp.hasTlsOptions(), tcp.getTlsOptions(), problems);
      if (tcp.hasCertificateHost()) planned.certificateHost = Text(tcp.getCertificateHost());
      result.protocol = kj::mv(planned);
      break;
    }
    default: break;  // support.cc has complained
  }
  return result;
}

DiskService planDisk(const Place& place, kj::StringPtr name, schema::DiskDirectory::Reader disk,
                     kj::Maybe<kj::StringPtr> path, Problems& problems) {
  DiskService result{
      .path = {}, .writable = disk.getWritable(), .allowDotfiles = disk.getAllowDotfiles()};
  KJ_IF_MAYBE(given, path) {
    result.path = *given;
  } else if (disk.hasPath()) {
    result.path = disk.getPath();
  } else {
    problems.error(place, kj::str("service ", name, ": Directory \"", name,
                                  "\" has no path in "
                                  "the config, so must be specified on the command line with "
                                  "`--directory-path`."));
    return result;
  }
  if (result.path.size() == 0 || result.path.findFirst('\0') != nullptr) {
    problems.error(place, kj::str("service ", name, ": Directory \"", name,
                                  "\" has a path that "
                                  "is empty or contains a NUL byte; write . for the working "
                                  "directory."));
  }
  return result;
}

NetworkService planNetwork(const Place& place, kj::StringPtr name, schema::Network::Reader network,
                           Problems& problems) {
  auto user = kj::str("Network \"", name, '"');
  auto filters = [&](kj::StringPtr field, FilterList list,
                     capnp::List<capnp::Text>::Reader entries) {
    for (uint i = 0; i < entries.size(); ++i) {
      KJ_IF_MAYBE(wrong, whatIsWrongWithFilter(entries[i], list)) {
        problems.error(place.item(field, i), kj::str("service ", name, ": ", *wrong));
      }
    }
    return planTexts(entries);
  };
  NetworkService result;
  result.allow = filters("allow", FilterList::Allow, network.getAllow());
  result.deny = filters("deny", FilterList::Deny, network.getDeny());
  result.tls = planOptionalTls(place.field("tlsOptions"), user, TlsSide::Client,
                               network.hasTlsOptions(), network.getTlsOptions(), problems);
  return result;
}

}  // namespace ocapd::config
