#include "planner.h"

#include "load_testing.h"

#include <gtest/gtest.h>
#include <kj/debug.h>

namespace ocapd::config {
namespace {

struct Row {
  const char* why;
  std::string config;
  Lines errors;
};

void expectErrors(kj::ArrayPtr<const Row> rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    EXPECT_EQ(TestConfig().config(row.config).errors(), row.errors);
  }
}

// A key pair as far as this room looks.
constexpr const char* kKeypair =
    "keypair = (privateKey = \"-----BEGIN A\", certificateChain = \"-----BEGIN B\")";

TEST(Planner, ReportsServicesThatAreNotDefinedProperly) {
  Row rows[] = {
      {"two of one name",
       "(services = [ (name = \"x\", network = ()), (name = \"x\", network = ()) ])",
       {"main.capnp:2: Config defines multiple services named \"x\"."}},
      {"unspecified",
       "(services = [ (name = \"x\") ])",
       {"main.capnp:2: Service named \"x\" does not specify what to serve."}},
      {"external without address",
       "(services = [ (name = \"x\", external = ()) ])",
       {"main.capnp:2: service x: External service \"x\" has no address in the config, so must be "
        "specified on the command line with `--external-addr`."}},
      {"external with a bad address",
       "(services = [ (name = \"x\", external = (address = \"http://a\")) ])",
       {"main.capnp:2: External service \"x\" has the address \"http://a\", which is a URL; write "
        "only host:port."}},
      {"disk without path",
       "(services = [ (name = \"x\", disk = ()) ])",
       {"main.capnp:2: service x: Directory \"x\" has no path in the config, so must be specified "
        "on the command line with `--directory-path`."}},
      {"disk with an empty path",
       "(services = [ (name = \"x\", disk = (path = \"\")) ])",
       {"main.capnp:2: service x: Directory \"x\" has a path that is empty or contains a NUL byte; "
        "write . for the working directory."}},
      {"network filters",
       "(services = [ (name = \"x\", network = (allow = [\"10.0.0.0/99\"],"
       " deny = [\"network\", \"public\"])) ])",
       {"main.capnp:2: service x: invalid CIDR: 10.0.0.0/99 (an entry is address/bits or one of "
        "public, private, local, network, unix, unix-abstract)",
        "main.capnp:2: service x: don't deny 'network', allow 'local' instead",
        "main.capnp:2: service x: don't deny 'public', allow 'private' instead"}},
      {"certificates that are none",
       "(services = [ (name = \"x\", network = (tlsOptions = (trustedCertificates = [\"x\"]))) ])",
       {"main.capnp:2: Network \"x\": TLS trusted certificate is not in PEM format; it has no "
        "-----BEGIN line."}},
  };
  expectErrors(rows);
}

TEST(Planner, ReportsSocketsThatAreNotDefinedProperly) {
  Row rows[] = {
      {"no address",
       configWithSocket("(name = \"s\", service = \"w\")"),
       {"main.capnp:3: Socket \"s\" has no address in the config, so must be specified on the "
        "command line with `--socket-addr`."}},
      {"bad address",
       configWithSocket("(name = \"s\", address = \"a:99999\", service = \"w\")"),
       {"main.capnp:3: Socket \"s\" has the address \"a:99999\", which has a port above 65535."}},
      {"no service",
       configWithSocket("(name = \"s\", address = \"*\")"),
       {"main.capnp:3: Socket \"s\" refers to a service \"\", but no such service is defined. "
        "Known: \"w\", \"internet\"."}},
      {"unknown service",
       configWithSocket("(name = \"s\", address = \"*\", service = \"y\")"),
       {"main.capnp:3: Socket \"s\" refers to a service \"y\", but no such service is defined. "
        "Known: \"w\", \"internet\"."}},
      {"https without a key",
       configWithSocket("(name = \"s\", address = \"*\", service = \"w\", https = ())"),
       {"main.capnp:3: Socket \"s\": TLS configuration: a TLS listener needs a keypair"}},
      {"TLS over tcp without a key",
       configWithSocket("(name = \"s\", address = \"*\", service = \"w\","
                        " tcp = (tlsOptions = ()))"),
       {"main.capnp:3: Socket \"s\": TLS configuration: a TLS listener needs a keypair"}},
      {"headers",
       configWithSocket("(name = \"s\", address = \"*\", service = \"w\", http = ("
                        "forwardedProtoHeader = \"\", cfBlobHeader = \"a b\","
                        " injectRequestHeaders = [ (name = \"a:\") ],"
                        " injectResponseHeaders = [ (name = \"a\", value = \"b\\nc\") ]))"),
       {"main.capnp:3: Socket \"s\": forwardedProtoHeader is \"\", which is not a header name.",
        "main.capnp:3: Socket \"s\": cfBlobHeader is \"a b\", which is not a header name.",
        "main.capnp:3: Socket \"s\": injectRequestHeaders has \"a:\", which is not a header name.",
        "main.capnp:3: Socket \"s\": injectResponseHeaders gives header \"a\" a value with a line "
        "break or NUL byte in it."}},
  };
  expectErrors(rows);
}

TEST(Planner, ReportsDesignatorsThatAskTooMuchOfAService) {
  auto config = [](const char* designator) {
    return std::string(
               "(services = [ (name = \"d\", disk = (path = \".\")), (name = \"w\","
               " worker = (") +
           kModules + ", bindings = [ (name = \"B\", service = (" + designator + ")) ])) ])";
  };
  Row rows[] = {
      {"entrypoint of a disk",
       config("name = \"d\", entrypoint = \"e\""),
       {"main.capnp:2: Worker \"w\"'s binding \"B\" refers to service \"d\" with a named "
        "entrypoint \"e\", but \"d\" is not a Worker, so does not have any named entrypoints."}},
      {"props for a disk",
       config("name = \"d\", props = (json = \"{}\")"),
       {"main.capnp:2: Worker \"w\"'s binding \"B\" refers to service \"d\" and provides a `props` "
        "value, but \"d\" is not a Worker, so cannot accept `props`"}},
      {"both for the synthesized internet",
       config("name = \"internet\", entrypoint = \"e\", props = (json = \"{}\")"),
       {"main.capnp:2: Worker \"w\"'s binding \"B\" refers to service \"internet\" with a named "
        "entrypoint \"e\", but \"internet\" is not a Worker, so does not have any named "
        "entrypoints.",
        "main.capnp:2: Worker \"w\"'s binding \"B\" refers to service \"internet\" and provides a "
        "`props` value, but \"internet\" is not a Worker, so cannot accept `props`"}},
      {"both for a worker",
       config("name = \"w\", entrypoint = \"e\", props = (json = \"{}\")"),
       {}},
  };
  expectErrors(rows);
}

TEST(Planner, NamesAFewOfTheServicesThatExist) {
  std::string services;
  for (char c = 'a'; c <= 'i'; ++c) {
    services += std::string("(name = \"") + c + "\", network = ()), ";
  }
  EXPECT_EQ(TestConfig()
                .config("(services = [" + services +
                        "], sockets = [(name = \"s\","
                        " address = \"*\", service = \"x\")])")
                .errors(),
            (Lines{"main.capnp:2: Socket \"s\" refers to a service \"x\", but no such service is "
                   "defined. Known: \"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\" and 2 "
                   "more."}));
}

TEST(Planner, ReportsAllThatIsWrongAtOnce) {
  EXPECT_EQ(TestConfig()
                .config("(services = [ (name = \"a\", worker = (globalOutbound = \"nope\")),\n"
                        " (name = \"b\", external = (address = \":1\")),\n (name = \"c\") ],\n"
                        " sockets = [ (name = \"s\") ])")
                .errors()
                .size(),
            7u);
}

TEST(Planner, WarnsOfWhatProbablyWasNotMeant) {
  Row rows[] = {
      {"two sockets of one name",
       configWithSocket("(name = \"s\", address = \"*\", service = \"w\"),\n"
                        "(name = \"s\", address = \"*\", service = \"w\")"),
       {"main.capnp:4: Config defines multiple sockets named \"s\"; what the command line says of "
        "it applies to all."}},
      {"props that are not JSON",
       configWithSocket("(name = \"s\", address = \"*\", service = (name = \"w\",\n"
                        "props = (json = \"{x\")))"),
       {"main.capnp:4: Socket \"s\" provides a `props` value that is not JSON from byte 1 on; "
        "every use of it will fail."}},
      {"clients that nobody vouches for",
       configWithSocket(std::string("(name = \"s\", address = \"*\", service = \"w\","
                                    " https = (tlsOptions = (requireClientCerts = true, ") +
                        kKeypair + ")))"),
       {"main.capnp:3: Socket \"s\": requireClientCerts without trustedCertificates or "
        "trustBrowserCas refuses every client."}},
      {"autogates",
       "(autogates = [ \"workerd-autogate-x\" ])",
       {"main.capnp:2: The config: autogates is not implemented yet in ocapd and has no effect. "
        "Autogates switch code inside workerd; ocapd has none."}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    auto result = TestConfig().config(row.config).load();
    EXPECT_EQ(linesOf(result.errors), Lines{});
    EXPECT_EQ(linesOf(result.warnings), row.errors);
    EXPECT_TRUE(result.plan != nullptr);
  }
}

Plan planOf(std::string config, const Overrides& overrides = {}) {
  auto result = TestConfig().config(config).load(overrides);
  EXPECT_EQ(linesOf(result.errors), Lines{});
  KJ_IF_MAYBE(plan, result.plan) return kj::mv(*plan);
  return {};
}

TEST(Planner, CarriesOverWhatIsSaidOfServices) {
  auto plan = planOf(std::string(R"((services = [
    (name = "n", network = (allow = ["private", "10.0.0.0/8"], deny = ["local"],
                            tlsOptions = (trustBrowserCas = true, minVersion = tls1Dot2,
                                          cipherList = "c"))),
    (name = "n2", network = ()),
    (name = "h", external = (address = "a:1", http = (style = proxy, cfBlobHeader = "cf",
        forwardedProtoHeader = "fp", injectRequestHeaders = [(name = "a", value = "b"),
        (name = "c")], injectResponseHeaders = [(name = "d", value = "")],
        capnpConnectHost = "cc"))),
    (name = "s", external = (address = "b", https = (certificateHost = "ch",
        options = (cfBlobHeader = "x"), tlsOptions = ()))),
    (name = "t", external = (address = "c", tcp = ())),
    (name = "u", external = (address = "c", tcp = (tlsOptions = (), certificateHost = "ch2"))),
    (name = "d", disk = (path = "p", writable = true, allowDotfiles = true)),
  ]))"));
  ASSERT_EQ(plan.services.size(), 8u);
  auto& network = plan.services[0].kind.get<NetworkService>();
  EXPECT_EQ(kj::strArray(network.allow, " "), "private 10.0.0.0/8");
  EXPECT_EQ(kj::strArray(network.deny, " "), "local");
  auto& tls = KJ_ASSERT_NONNULL(network.tls);
  EXPECT_TRUE(tls.trustBrowserCas);
  EXPECT_EQ(tls.minVersion, TlsOptions::Version::Tls1Dot2);
  EXPECT_EQ(KJ_ASSERT_NONNULL(tls.cipherList), "c");
  auto& plain = plan.services[1].kind.get<NetworkService>();
  EXPECT_EQ(kj::strArray(plain.allow, " "), "public");
  EXPECT_TRUE(plain.tls == nullptr);

  auto& http = plan.services[2].kind.get<ExternalService>().protocol.get<ExternalService::Http>();
  EXPECT_EQ(plan.services[2].kind.get<ExternalService>().address, "a:1");
  EXPECT_EQ(http.http.style, HttpOptions::Style::Proxy);
  EXPECT_EQ(KJ_ASSERT_NONNULL(http.http.cfBlobHeader), "cf");
  EXPECT_EQ(KJ_ASSERT_NONNULL(http.http.forwardedProtoHeader), "fp");
  EXPECT_EQ(KJ_ASSERT_NONNULL(http.http.capnpConnectHost), "cc");
  ASSERT_EQ(http.http.injectRequestHeaders.size(), 2u);
  EXPECT_EQ(KJ_ASSERT_NONNULL(http.http.injectRequestHeaders[0].value), "b");
  EXPECT_TRUE(http.http.injectRequestHeaders[1].value == nullptr);
  EXPECT_EQ(KJ_ASSERT_NONNULL(http.http.injectResponseHeaders[0].value), "");
  EXPECT_TRUE(http.tls == nullptr);

  auto& https = plan.services[3].kind.get<ExternalService>().protocol.get<ExternalService::Http>();
  EXPECT_TRUE(https.tls != nullptr);
  EXPECT_EQ(KJ_ASSERT_NONNULL(https.certificateHost), "ch");
  EXPECT_EQ(KJ_ASSERT_NONNULL(https.http.cfBlobHeader), "x");
  auto& tcp = plan.services[4].kind.get<ExternalService>().protocol.get<ExternalService::Tcp>();
  EXPECT_TRUE(tcp.tls == nullptr && tcp.certificateHost == nullptr);
  auto& tcps = plan.services[5].kind.get<ExternalService>().protocol.get<ExternalService::Tcp>();
  EXPECT_TRUE(tcps.tls != nullptr);
  EXPECT_EQ(KJ_ASSERT_NONNULL(tcps.certificateHost), "ch2");
  auto& disk = plan.services[6].kind.get<DiskService>();
  EXPECT_EQ(disk.path, "p");
  EXPECT_TRUE(disk.writable && disk.allowDotfiles);
}

TEST(Planner, CarriesOverWhatIsSaidOfSockets) {
  auto plan = planOf(configWithSocket(std::string(R"(
    (name = "h", address = "*:80", service = (name = "w", entrypoint = "e",
                                              props = (json = "1"))),
    (name = "s", address = "*:443", service = "w", https = (options = (style = proxy),
      tlsOptions = (requireClientCerts = true, trustedCertificates = ["-----BEGIN C"], )") +
                                      kKeypair + R"())),
    (name = "t", address = "*:1", service = "w", tcp = ()),
    (name = "u", address = "*:2", service = "w", tcp = (tlsMode = startTls,
      tlsOptions = ()" + kKeypair + "))) "));
  ASSERT_EQ(plan.sockets.size(), 4u);
  EXPECT_EQ(plan.sockets[0].service.service, 0u);
  EXPECT_EQ(KJ_ASSERT_NONNULL(plan.sockets[0].service.entrypoint), "e");
  EXPECT_EQ(KJ_ASSERT_NONNULL(plan.sockets[0].service.propsJson), "1");
  EXPECT_TRUE(plan.sockets[0].protocol.get<HttpSocket>().tls == nullptr);
  auto& https = plan.sockets[1].protocol.get<HttpSocket>();
  EXPECT_EQ(https.http.style, HttpOptions::Style::Proxy);
  auto& tls = KJ_ASSERT_NONNULL(https.tls);
  EXPECT_TRUE(tls.requireClientCerts);
  EXPECT_EQ(kj::strArray(tls.trustedCertificates, " "), "-----BEGIN C");
  EXPECT_EQ(KJ_ASSERT_NONNULL(tls.keypair).privateKey, "-----BEGIN A");
  EXPECT_EQ(KJ_ASSERT_NONNULL(tls.keypair).certificateChain, "-----BEGIN B");
  EXPECT_TRUE(plan.sockets[2].protocol.get<TcpSocket>().tls == nullptr);
  auto& startTls = plan.sockets[3].protocol.get<TcpSocket>();
  EXPECT_EQ(startTls.tlsMode, TcpSocket::TlsMode::StartTls);
  EXPECT_TRUE(startTls.tls != nullptr);
}

TEST(Planner, AddsAnInternetServiceUnlessThereIsOne) {
  auto plan = planOf(configWithService("(name = \"n\", network = ())"));
  ASSERT_EQ(plan.services.size(), 3u);
  EXPECT_EQ(plan.services[2].name, "internet");
  auto& network = plan.services[2].kind.get<NetworkService>();
  EXPECT_EQ(kj::strArray(network.allow, " "), "public");
  EXPECT_TRUE(KJ_ASSERT_NONNULL(network.tls).trustBrowserCas);
  EXPECT_EQ(plan.services[0].kind.get<WorkerService>().globalOutbound.service, 2u);

  auto own = planOf(configWithService("(name = \"internet\", disk = (path = \".\"))"));
  ASSERT_EQ(own.services.size(), 2u);
  EXPECT_EQ(own.services[0].kind.get<WorkerService>().globalOutbound.service, 1u);
}

TEST(Planner, LetsLoggingReplaceTheOlderField) {
  EXPECT_FALSE(planOf("()").logging.structured);
  EXPECT_TRUE(planOf("(structuredLogging = true)").logging.structured);
  EXPECT_FALSE(planOf("(structuredLogging = true, logging = ())").logging.structured);
  auto plan = planOf(
      "(logging = (structuredLogging = true, stdoutPrefix = \"o\","
      " stderrPrefix = \"\"), v8Flags = [\"--a\", \"--b\"])");
  EXPECT_TRUE(plan.logging.structured);
  EXPECT_EQ(plan.logging.stdoutPrefix, "o");
  EXPECT_EQ(plan.logging.stderrPrefix, "");
  EXPECT_EQ(kj::strArray(plan.v8Flags, " "), "--a --b");
  EXPECT_EQ(planOf("()").logging.stderrPrefix, "stderr: ");
}

// ---- what the command line overrides ----

constexpr const char* kOverridden =
    "(services = [ (name = \"e\", external = ()), (name = \"d\", disk = (path = \"old\")) ],\n"
    " sockets = [ (name = \"s\", service = \"e\"), (name = \"f\", service = \"d\") ])";

TEST(Overrides, TakeThePlaceOfWhatTheConfigSays) {
  Overrides::Value directories[] = {{"d"_kj, "first"_kj}, {"d"_kj, "last"_kj}};
  Overrides::Value externals[] = {{"e"_kj, "x:1"_kj}};
  Overrides::Listener sockets[] = {
      {"s"_kj, 3}, {"s"_kj, "*:80"_kj}, {"f"_kj, "*:81"_kj}, {"f"_kj, 7}};
  auto plan = planOf(kOverridden, {directories, externals, sockets});
  EXPECT_EQ(plan.services[0].kind.get<ExternalService>().address, "x:1");
  EXPECT_EQ(plan.services[1].kind.get<DiskService>().path, "last");
  EXPECT_EQ(plan.sockets[0].addressOrFd.get<Text>(), "*:80");
  EXPECT_EQ(plan.sockets[1].addressOrFd.get<int>(), 7);
}

TEST(Overrides, ThatMatchNothingAreErrors) {
  Overrides::Value directories[] = {{"e"_kj, "x"_kj}};
  Overrides::Value externals[] = {{"d"_kj, "x"_kj}, {"d"_kj, "y"_kj}};
  Overrides::Listener sockets[] = {{"foo"_kj, 3}};
  EXPECT_EQ(linesOf(TestConfig()
                        .config("(services = [ (name = \"e\", external ="
                                " (address = \"a\")), (name = \"d\", disk ="
                                " (path = \"p\")) ])")
                        .load({directories, externals, sockets})
                        .errors),
            (Lines{"Config did not define any socket named \"foo\" to match the override provided "
                   "on the command line.",
                   "Config did not define any external service named \"d\" to match the override "
                   "provided on the command line.",
                   "Config did not define any disk service named \"e\" to match the override "
                   "provided on the command line."}));
}

TEST(Overrides, AreCheckedAsWell) {
  Overrides::Value externals[] = {{"e"_kj, ""_kj}};
  Overrides::Listener sockets[] = {{"s"_kj, "a:b:c"_kj}, {"f"_kj, 7}};
  EXPECT_EQ(linesOf(TestConfig().config(kOverridden).load({nullptr, externals, sockets}).errors),
            (Lines{"main.capnp:2: External service \"e\" has the address \"\", which is empty.",
                   "main.capnp:3: Socket \"s\" has the address \"a:b:c\", which has several colons "
                   "but is no IPv6 address; write [address]:port for those."}));
}

}  // namespace
}  // namespace ocapd::config
