#include "load_testing.h"
#include "text_files.h"

#include <gtest/gtest.h>

namespace ocapd::config {
namespace {

constexpr kj::StringPtr kEmptyConfig =
    "using Workerd = import \"/workerd/workerd.capnp\";\nconst c :Workerd.Config = ();"_kj;

TEST(TextConfig, ReportsEverySyntaxErrorWithItsPlace) {
  EXPECT_EQ(TestConfig()
                .main("using W = import \"/workerd/workerd.capnp\";\n"
                      "const c :W.Config = (services = [(name=\"a\", foo=\"x\",\n"
                      " bar = 3)], zork = 1);\n"
                      "const d :W.Config = (service = 3);\n"
                      " const q :Text = 5;")
                .errors(),
            (Lines{"main.capnp:2:45-48: Struct has no field named 'foo'.",
                   "main.capnp:3:2-5: Struct has no field named 'bar'.",
                   "main.capnp:3:13-17: Struct has no field named 'zork'.",
                   "main.capnp:4:22-29: Struct has no field named 'service'.",
                   "main.capnp:5:18-19: Type mismatch; expected Text."}));
  EXPECT_EQ(TestConfig()
                .main("using W = import \"/workerd/workerd.capnp\";\n"
                      "const c :W.Config = (services = [(name=\"a\" \n bar = 3)],"
                      " zork = 1")
                .errors(),
            (Lines{"main.capnp:3:21: Parse error."}));
}

TEST(TextConfig, ReportsErrorsInImportedFilesUnderTheirName) {
  TestConfig config;
  config.main(
      "using S = import \"sub/s.capnp\";\n"
      "const c :import \"/workerd/workerd.capnp\".Config = S.conf;");
  config.file("sub/s.capnp",
              "const conf :import \"/workerd/workerd.capnp\".Config ="
              " (services=[(x=3)]);"_kj);
  EXPECT_EQ(config.errors(), (Lines{"sub/s.capnp:1:66-67: Struct has no field named 'x'."}));

  TestConfig outside;
  outside.main("using S = import \"/etc/s.capnp\";\nconst c :S.X = 1;");
  outside.file("/lib/etc/s.capnp", "struct X { a @1 :Text; }"_kj);
  kj::StringPtr importDirs[] = {"/lib"_kj};
  EXPECT_EQ(linesOf(outside.load({}, nullptr, importDirs).errors),
            (Lines{"/lib/etc/s.capnp:1:15-16: Skipped ordinal @0.  Ordinals must be sequential "
                   "with no holes.",
                   "main.capnp:2:16-17: Type mismatch; expected X."}));
}

TEST(TextConfig, ReportsImportsAndEmbedsThatAreMissing) {
  EXPECT_EQ(TestConfig()
                .main("using Z = import \"/nope/x.capnp\";\n"
                      "const z :Z.Foo = 3;\n"
                      "const e :Text = embed \"nofile.js\";")
                .errors(),
            (Lines{"main.capnp:1:18-33: Import failed: /nope/x.capnp",
                   "main.capnp:2:10-11: Not defined: Z",
                   "main.capnp:3:23-34: Couldn't read file for embed: nofile.js"}));
}

TEST(TextConfig, SearchesImportDirectoriesInOrderAndThenTheBuiltIns) {
  TestConfig config;
  config.main(
      "using Workerd = import \"/workerd/workerd.capnp\";\n"
      "using Shared = import \"/shared.capnp\";\n"
      "using Cxx = import \"/capnp/c++.capnp\";\n"
      "const c :Workerd.Config = (v8Flags = [Shared.flag]);");
  config.file("one/other.capnp", ""_kj);
  config.file("two/shared.capnp", "const flag :Text = \"--two\";"_kj);
  config.file("three/shared.capnp", "const flag :Text = \"--three\";"_kj);
  kj::StringPtr importDirs[] = {"one"_kj, "/work/two"_kj, "three"_kj};
  auto result = config.load({}, nullptr, importDirs);
  EXPECT_EQ(linesOf(result.errors), Lines{});
  KJ_IF_MAYBE(plan, result.plan) {
    ASSERT_EQ(plan->v8Flags.size(), 1u);
    EXPECT_EQ(plan->v8Flags[0], "--two");
  }
  ASSERT_EQ(result.files.size(), 2u);
  EXPECT_EQ(result.files[1], "/work/two/shared.capnp");
}

TEST(TextConfig, SurvivesASchemaThatOnlyPretendsToBeOurs) {
  TestConfig config;
  config.main(
      "using W = import \"/workerd/workerd.capnp\";\n"
      "const c :W.Config = (services = \"not a list of structs\", v8Flags = (x = 5));");
  config.file("lib/workerd/workerd.capnp",
              "@0xe6afd26682091c01;\n"
              "struct Config { services @0 :Text; sockets @1 :List(Bool); v8Flags @2 :X; }\n"
              "struct X { x @0 :UInt64; }"_kj);
  kj::StringPtr importDirs[] = {"lib"_kj};
  auto result = config.load({}, nullptr, importDirs);
  EXPECT_TRUE(result.plan == nullptr);
  EXPECT_GE(result.errors.size(), 1u);
}

TEST(TextConfig, ReportsAnImportDirectoryThatDoesNotExist) {
  kj::StringPtr importDirs[] = {"nowhere"_kj};
  EXPECT_EQ(linesOf(TestConfig().main(kEmptyConfig.cStr()).load({}, nullptr, importDirs).errors),
            (Lines{"nowhere: No such directory."}));
}

TEST(TextConfig, TakesAFileIdWithOrWithout) {
  EXPECT_EQ(TestConfig().main(kEmptyConfig.cStr()).errors(), Lines{});
  EXPECT_EQ(TestConfig().main(std::string("@0x8123456789abcdef;\n") + kEmptyConfig.cStr()).errors(),
            Lines{});
}

TEST(TextConfig, ReadsFilesThatImportEachOther) {
  TestConfig config;
  config.main(
      "using Other = import \"other.capnp\";\n"
      "const c :import \"/workerd/workerd.capnp\".Config = (v8Flags = [Other.flag]);\n"
      "const name :Text = \"--x\";");
  config.file("other.capnp", "const flag :Text = import \"main.capnp\".name;"_kj);
  EXPECT_EQ(config.errors(), Lines{});
}

TEST(TextConfig, FindsTheConstantByItsType) {
  EXPECT_EQ(TestConfig().main("").errors(),
            (Lines{"main.capnp: The config file does not define any top-level constants of type "
                   "'Config'."}));
  EXPECT_EQ(TestConfig()
                .main("using W = import \"/workerd/workerd.capnp\";\n"
                      "const one :W.Config = (); const no :Text = \"\";\n"
                      "const two :W.Config = (); struct S { const s :W.Config = (); }")
                .errors(),
            (Lines{"main.capnp: The config file defines multiple top-level constants of type "
                   "'Config', so you must specify which one to use with <const-name>. The options "
                   "are: one, two"}));
}

TEST(TextConfig, FindsTheConstantByItsName) {
  struct Row {
    kj::StringPtr name;
    const char* error;
  };
  for (const Row& row : {
           Row{"a"_kj, ""},
           Row{"S.c"_kj, ""},
           Row{"S.T.d"_kj, ""},
           Row{"zz"_kj, "main.capnp: zz: No such constant is defined in the config file."},
           Row{"S.q"_kj, "main.capnp: S.q: No such constant is defined in the config file."},
           Row{""_kj, "main.capnp: : No such constant is defined in the config file."},
           Row{"q.c"_kj,
               "main.capnp: q.c: No such constant is defined in the config file (the "
               "parent scope 'q' does not exist)."},
           Row{"S"_kj, "main.capnp: S: Symbol is not a constant."},
           Row{"S.t"_kj, "main.capnp: S.t: Constant is not of type 'Config'."},
           Row{"l"_kj, "main.capnp: l: Constant is not of type 'Config'."},
       }) {
    SCOPED_TRACE(row.name.cStr());
    TestConfig config;
    config.main(
        "using W = import \"/workerd/workerd.capnp\";\n"
        "const a :W.Config = (); const b :W.Config = (); const l :List(W.Config) = [];\n"
        "struct S { const c :W.Config = (); const t :Text = \"a\";\n"
        "  struct T { const d :W.Config = (); } }");
    auto result = config.load({}, row.name);
    EXPECT_EQ(linesOf(result.errors), row.error[0] ? Lines{row.error} : Lines{});
    EXPECT_EQ(result.plan != nullptr, row.error[0] == '\0');
  }
}

TEST(TextConfig, SaysWhatIsWrongWithTheFileItself) {
  TestConfig config;
  config.file("directory/x", ""_kj);
  auto errorsOf = [&](kj::StringPtr path) {
    return linesOf(loadText(config.files(), {path, nullptr, nullptr}).errors);
  };
  EXPECT_EQ(errorsOf("nosuch.capnp"), (Lines{"nosuch.capnp: No such file."}));
  EXPECT_EQ(errorsOf("directory"), (Lines{"directory: Config path is not a file."}));
  EXPECT_EQ(errorsOf("../../../x").size(), 1u);
  EXPECT_EQ(errorsOf("").size(), 1u);
}

TEST(TextConfig, ListsTheFilesItReadAlsoWhenTheyAreWrong) {
  TestConfig config;
  config.main("const a :Text = embed \"a.txt\"; const b :Text = import \"b.capnp\".b;");
  config.file("a.txt", "a"_kj);
  config.file("b.capnp", "nonsense"_kj);
  auto result = config.load();
  EXPECT_TRUE(result.plan == nullptr);
  EXPECT_EQ(kj::strArray(result.files, " "), "/work/main.capnp /work/a.txt /work/b.capnp");
}

TEST(TextConfig, EmbedsTextAndData) {
  TestConfig config;
  config.config(
      configWithWorker("bindings = [ (name = \"T\", text = embed \"t\"),"
                       " (name = \"D\", data = embed \"d\") ]"));
  config.file("t", "gr\u00fcn"_kj);
  config.file("d", "\xff\0\x01"_kj);
  auto result = config.load();
  EXPECT_EQ(linesOf(result.errors), Lines{});
  KJ_IF_MAYBE(plan, result.plan) {
    auto& bindings = plan->services[0].kind.get<WorkerService>().bindings;
    EXPECT_EQ(bindings[0].value.get<Binding::TextValue>().text, "gr\u00fcn");
    EXPECT_EQ(bindings[1].value.get<Binding::DataValue>().data.size(), 3u);
  }
}

TEST(TextConfig, RefusesTextThatIsNotUtf8) {
  TestConfig config;
  config.config(configWithWorker("\nbindings = [ (name = \"T\",\n text = embed \"d\") ]"));
  config.file("d", "\xff"_kj);
  EXPECT_EQ(config.errors(),
            (Lines{"main.capnp:4: Worker \"w\"'s binding \"T\": text is not valid UTF-8."}));
}

TEST(TextConfig, MayBeSoLargeButNoLarger) {
  auto textOf = [](size_t bytes) {
    auto text = kj::heapString(bytes);
    memset(text.begin(), '\n', bytes);
    memcpy(text.begin(), kEmptyConfig.begin(), kEmptyConfig.size());
    return text;
  };
  TestConfig config;
  config.file("main.capnp", textOf(kTextBytesMax));
  EXPECT_EQ(config.errors(), Lines{});
  config.file("main.capnp", textOf(kTextBytesMax + 1));
  EXPECT_EQ(config.errors(),
            (Lines{"main.capnp: has 16777217 bytes; at most 16777216 are read here."}));
}

TEST(TextConfig, MayConsistOfSoManyFilesButNoMore) {
  TestConfig config;
  std::string text = kEmptyConfig.cStr();
  // The main file and the built-in schema count as well.
  for (size_t i = 2; i < kFilesMax; ++i) {
    auto name = kj::str("e", i);
    config.file(name, ""_kj);
    text += std::string("\nconst ") + name.cStr() + " :Text = embed \"" + name.cStr() + "\";";
  }
  config.main(text);
  EXPECT_EQ(config.errors(), Lines{});
  config.file("more", ""_kj);
  config.main(text + "\nconst more :Text = embed \"more\";");
  EXPECT_EQ(config.errors(), (Lines{"more: not read: a config may consist of 10000 files at most.",
                                    "main.capnp:10001:26-32: Couldn't read file for embed: more"}));
}

}  // namespace
}  // namespace ocapd::config
