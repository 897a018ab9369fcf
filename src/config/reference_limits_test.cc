#include "reference_limits.h"

#include "load_testing.h"
#include "syntax.h"

#include <gtest/gtest.h>

namespace ocapd::config {
namespace {

std::string chainOf(size_t length, std::string (*link)(size_t)) {
  std::string text = "using W = import \"/workerd/workerd.capnp\";\nconst c :W.Config = ();\n";
  // The first refers to the second and so on: the real parser has to go all the way down.
  for (size_t i = 0; i < length; ++i) text += link(i) + "\n";
  return text;
}

std::string number(size_t i) {
  return std::to_string(i);
}

std::string constant(size_t i) {
  return "const a" + number(i) + " :Text = .a" + number(i + 1) + ";";
}
std::string alias(size_t i) {
  return "using A" + number(i) + " = A" + number(i + 1) + ";";
}
std::string type(size_t i) {
  return "struct A" + number(i) + " { a @0 :A" + number(i + 1) + "; }";
}
std::string qualified(size_t i) {
  return "struct S" + number(i) + " { using B = S" + number(i + 1) + ".B; }";
}

TEST(References, MayBeSoLongButNoLonger) {
  struct Row {
    const char* why;
    std::string (*link)(size_t);
    std::string (*end)(size_t);
    size_t levelsOfLink;
  };
  for (const Row& row : {
           Row{"constants", constant,
               [](size_t i) { return "const a" + number(i) + " :Text = \"\";"; }, 2},
           Row{"aliases", alias, [](size_t i) { return "struct A" + number(i) + " {}"; }, 2},
           Row{"types", type, [](size_t i) { return "struct A" + number(i) + " {}"; }, 2},
       }) {
    SCOPED_TRACE(row.why);
    // The last declaration has its own level, or none if it has no value.
    size_t longest = (kLevelsMax - kReferenceLevels - 1) / (kReferenceLevels + row.levelsOfLink);
    TestConfig config;
    EXPECT_EQ(config.main(chainOf(longest, row.link) + row.end(longest)).errors(), Lines{});
    auto errors = config.main(chainOf(longest + 2, row.link) + row.end(longest + 2)).errors();
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_EQ(errors[0].substr(errors[0].find(' ')),
              " Constants and types refer to each other too deeply; at most 1000 levels are "
              "followed.");
  }
}

TEST(References, AreBoundedHoweverLongTheyAre) {
  for (auto link : {constant, alias, type, qualified}) {
    EXPECT_EQ(TestConfig().main(chainOf(20'000, link)).errors().size(), 1u);
  }
}

TEST(References, InACircleAreTheRealParsersToReport) {
  EXPECT_EQ(TestConfig().main("const a :Text = .b; const b :Text = .a;").errors(),
            (Lines{"main.capnp:1:7-8: Declaration recursively depends on itself."}));
  EXPECT_NE(TestConfig().main("using A = B; using B = A; const x :A = 1;").errors(), Lines{});
  EXPECT_EQ(TestConfig()
                .main("struct A { a @0 :List(A); b @1 :B; } struct B { a @0 :A; }\n"
                      "const c :import \"/workerd/workerd.capnp\".Config = ();")
                .errors(),
            Lines{});
}

TEST(References, MayNotMultiplyToMoreThanTheMachineHolds) {
  std::string text = "struct N { n @0 :List(N); }\nconst a0 :N = ();\n";
  for (size_t i = 1; i < 20; ++i) {
    text += "const a" + number(i) + " :N = (n = [";
    for (size_t k = 0; k < 10; ++k) text += ".a" + number(i - 1) + ",";
    text += "]);\n";
  }
  // 64 bytes for each of some 10^7 parts are beyond the limit.
  EXPECT_EQ(TestConfig().main(text).errors(),
            (Lines{"main.capnp:9: With the constants it refers to, this comes to more than "
                   "1073741824 bytes."}));
}

TEST(References, ToAliasesThatMultiplyAreGivenUpInTime) {
  std::string text = "struct S { using A0 = S;\n";
  for (size_t i = 1; i < 60; ++i) {
    text += "using A" + number(i) + " = S";
    for (size_t k = 0; k < 30; ++k) text += ".A" + number(i - 1);
    text += ";\n";
  }
  TestConfig().main(text + "}").errors();  // comes back
}

TEST(References, ThatNestAsDeepAsAllowedFitTheStack) {
  // The worst the limits allow: every constant names the next from within all its brackets.
  std::string text = "struct N { n @0 :List(N); }\n";
  constexpr size_t kBrackets = (syntax::kNestingMax / 2 - 1) * 2;
  size_t length = (kLevelsMax - 2 * kReferenceLevels) / (kBrackets + kReferenceLevels + 2);
  for (size_t i = 0; i < length; ++i) {
    text += "const a" + number(i) + " :N = ";
    for (size_t k = 0; k < kBrackets / 2; ++k) text += "(n = [";
    text += ".a" + number(i + 1);
    for (size_t k = 0; k < kBrackets / 2; ++k) text += "])";
    text += ";\n";
  }
  text += "const a" + number(length) +
          " :N = ();\n"
          "const c :import \"/workerd/workerd.capnp\".Config = ();";
  EXPECT_EQ(TestConfig().main(text).errors(), Lines{});
}

}  // namespace
}  // namespace ocapd::config
