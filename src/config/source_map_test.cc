#include "load_testing.h"

#include <gtest/gtest.h>

namespace ocapd::config {
namespace {

// Every test makes a worker without compatibilityDate: the complaint tells where it was found.
constexpr const char* kComplaint = ": service w: Worker must specify compatibilityDate.";
constexpr const char* kWorker = "(modules = [ (name = \"m.js\", esModule = \"\") ])";
constexpr const char* kImport = "using Workerd = import \"/workerd/workerd.capnp\";\n";

Lines complaintAt(const char* position) {
  return {std::string(position) + kComplaint};
}

TEST(SourceMap, FindsWhatIsWrittenInPlace) {
  EXPECT_EQ(TestConfig()
                .main(std::string(kImport) +
                      "const c :Workerd.Config = (\n"
                      "  services = [\n"
                      "    (name = \"w\",\n"
                      "     worker = " +
                      kWorker + ")]);")
                .errors(),
            complaintAt("main.capnp:5"));
}

TEST(SourceMap, FollowsConstants) {
  struct Row {
    const char* why;
    std::string text;
    const char* position;
  };
  std::string worker = kWorker;
  for (const Row& row : {
           Row{"absolute name",
               "const c :Workerd.Config = (services = [(name = \"w\", worker = .w)]);\n"
               "const w :Workerd.Worker =\n" +
                   worker + ";",
               "main.capnp:4"},
           Row{"constant for a constant",
               "const c :Workerd.Config = X.d;"
               " struct X { const d :Workerd.Config = (services = .s); }\n"
               "const s :List(Workerd.Service) = [.e];\n"
               "const e :Workerd.Service = (name = \"w\", worker = .w); const w :Workerd.Worker\n"
               " = .v; \nconst v :Workerd.Worker = " +
                   worker + ";",
               "main.capnp:6"},
           Row{"constant within a type",
               "const c :Workerd.Config = (services = [(name = \"w\", worker = S.w)]);\n"
               "struct S { a @0 :Text = \"}\";\n const w :Workerd.Worker = .S.v;\n"
               "  const v :Workerd.Worker = " +
                   worker + "; }",
               "main.capnp:5"},
           Row{"alias",
               "using T = S.R;\n"
               "const c :Workerd.Config = (services = [(name = \"w\", worker = T.w)]);\n"
               "struct S { struct R {\n const w :Workerd.Worker = " +
                   worker + "; } }",
               "main.capnp:5"},
           Row{"shadowed name",
               "struct S { struct R {\n const w :Workerd.Worker = " + worker +
                   ";\n"
                   "  const s :Workerd.Service = (name = \"w\", worker = R.w); } }\n"
                   "struct R { const w :Workerd.Worker = (); }\n"
                   "const w :Workerd.Worker = (compatibilityDate = \"2024-01-01\");\n"
                   "const c :Workerd.Config = (services = [S.R.s]);",
               "main.capnp:3"},
       }) {
    SCOPED_TRACE(row.why);
    EXPECT_EQ(TestConfig().main(kImport + row.text).errors(), complaintAt(row.position));
  }
}

TEST(SourceMap, FollowsImports) {
  std::string imported = std::string(kImport) + "\n\nconst w :Workerd.Worker = " + kWorker + ";";
  for (std::string text : {
           "using Lib = import \"lib/lib.capnp\";\n"
           "const c :Workerd.Config = (services = [(name = \"w\", worker = Lib.w)]);",
           "const c :Workerd.Config ="
           " (services = [(name = \"w\", worker = import \"lib/lib.capnp\".w)]);",
           "using import \"lib/lib.capnp\".w;\n"
           "const c :Workerd.Config = (services = [(name = \"w\", worker = .w)]);",
       }) {
    SCOPED_TRACE(text);
    TestConfig config;
    config.main(kImport + text);
    config.file("lib/lib.capnp", kj::arrayPtr(imported.data(), imported.size()));
    EXPECT_EQ(config.errors(), complaintAt("lib/lib.capnp:4"));
  }
}

TEST(SourceMap, FindsTheConfigByItsDottedName) {
  TestConfig config;
  config.main(std::string(kImport) +
              "struct S { struct T {\nconst c :Workerd.Config =\n"
              "(services = [(name = \"w\", worker = " +
              kWorker + ")]); } }");
  EXPECT_EQ(linesOf(config.load({}, "S.T.c"_kj).errors), complaintAt("main.capnp:4"));
}

TEST(SourceMap, FindsWhatStandsBehindCommentsAndStrings) {
  EXPECT_EQ(TestConfig()
                .main(std::string(kImport) +
                      "const c :Workerd.Config = ( # services = [\n"
                      "  v8Flags = [\"])(\\\"\", \"#\"], # ])\n"
                      "  services = [\n"
                      "    (name = \"i\", network = (allow = [\"public\"])), # (\n"
                      "    (worker =\n " +
                      kWorker +
                      ", name = \"w\"),\n"
                      "  ]);")
                .errors(),
            complaintAt("main.capnp:7"));
}

TEST(SourceMap, PointsAtTheElementOfAList) {
  EXPECT_EQ(TestConfig()
                .config("(services = [\n (name = \"a\", network = ()),\n"
                        " (name = \"a\", network = ()),\n"
                        " (name = \"b\", network = (allow = [\"local\",\n \"x\"],\n"
                        "   deny = [\n\"y\"])),\n (name = \"c\")])")
                .errors(),
            (Lines{"main.capnp:4: Config defines multiple services named \"a\".",
                   "main.capnp:6: service b: invalid CIDR: x (an entry is address/bits or one of "
                   "public, private, local, network, unix, unix-abstract)",
                   "main.capnp:8: service b: invalid CIDR: y (an entry is address/bits or one of "
                   "public, private, local, network, unix, unix-abstract)",
                   "main.capnp:9: Service named \"c\" does not specify what to serve."}));
}

TEST(SourceMap, PointsIntoGroups) {
  EXPECT_EQ(
      TestConfig()
          .config(configWithSocket("(name = \"s\", address = \"*\", service = \"w\", https = (\n"
                                   " options = (style = host,\n cfBlobHeader = \"a b\"),\n"
                                   " tlsOptions = (keypair = (\n  privateKey = \"-----BEGIN \",\n"
                                   "  certificateChain = \"x\"))))"))
          .errors(),
      (Lines{"main.capnp:5: Socket \"s\": cfBlobHeader is \"a b\", which is not a header "
             "name.",
             "main.capnp:8: Socket \"s\": TLS certificate chain is not in PEM format; it has "
             "no -----BEGIN line."}));
}

}  // namespace
}  // namespace ocapd::config
