#include "syntax.h"

#include <gtest/gtest.h>

#include <string>

namespace ocapd::config::syntax {
namespace {

std::string repeat(std::string_view text, size_t times) {
  std::string result;
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::string tokensOf(std::string_view text) {
  std::string result;
  Lexer lexer(text);
  for (Token token = lexer.next(); token.kind != Token::Kind::End; token = lexer.next()) {
    result += result.empty() ? "" : " ";
    result += token.text;
  }
  return result;
}

TEST(Lexer, SplitsATextAsTheRealParserDoes) {
  struct Row {
    const char* why;
    std::string_view text;
    const char* tokens;
  };
  for (const Row& row : {
           Row{"declaration", "const a:Text=\"x\";", "const a : Text = \"x\" ;"},
           Row{"operators one by one", "worker=.w", "worker = . w"},
           Row{"comment", "a # b \"\nc", "a c"},
           Row{"comment at the end", "a # b", "a"},
           Row{"hash in a string", "\"#\" b", "\"#\" b"},
           Row{"escaped quote", R"("a\"b" c)", R"("a\"b" c)"},
           Row{"backslash at the end", "\"a\\", "\"a\\"},
           Row{"string that is not closed", "\"a\nb", "\"a b"},
           Row{"block text", "`a \"\n  b", "`a \" b"},
           Row{"blob", "0x\"12 (\" b", "0x\"12 (\" b"},
           Row{"byte order mark",
               "\xef\xbb\xbf"
               "a",
               "a"},
           Row{"nothing", "", ""},
       }) {
    SCOPED_TRACE(row.why);
    EXPECT_EQ(tokensOf(row.text), row.tokens);
  }
}

TEST(Limits, HoldForBracketsWithinBrackets) {
  EXPECT_TRUE(findExcess(repeat("(", kNestingMax)) == nullptr);
  EXPECT_TRUE(findExcess(repeat("({[", kNestingMax / 3) + repeat("]})", 50)) == nullptr);
  KJ_IF_MAYBE(excess, findExcess(repeat("[", kNestingMax + 1))) {
    EXPECT_EQ(excess->begin, kNestingMax);
    EXPECT_EQ(std::string(excess->message.cStr()), "Brackets nest more than 64 deep.");
  } else {
    ADD_FAILURE() << "accepted";
  }
  // Side by side they are as many as one likes.
  EXPECT_TRUE(findExcess(repeat("(),", 1000)) == nullptr);
}

TEST(Limits, HoldForNamesInARow) {
  EXPECT_TRUE(findExcess("x = a" + repeat(".a", kChainMax)) == nullptr);
  EXPECT_TRUE(findExcess("x = a" + repeat(".a", kChainMax + 1)) != nullptr);
  EXPECT_TRUE(findExcess("x = a" + repeat("(b)", kChainMax)) == nullptr);
  EXPECT_TRUE(findExcess("x = a" + repeat("(b)", kChainMax + 1)) != nullptr);
  EXPECT_TRUE(findExcess(repeat("a.b, ", 1000)) == nullptr);
  EXPECT_TRUE(findExcess(repeat("const a :B.C = d.e;", 1000)) == nullptr);
}

TEST(Parser, FindsDeclarationsAndTheirScopes) {
  auto root = parse(R"(
    @0x8123456789abcdef;
    using Workerd = import "/workerd/workerd.capnp";
    using import "other.capnp".Thing;
    struct S { a @0 :Text = "}"; const inner :Text = .top; union { b @1 :Text; } }
    enum E { a @0; }
    const top :List(Text) = ["a", "b"];
    annotation note(*) :Text;
  )");
  auto find = [&](std::string_view name) { return root->find(name); };
  ASSERT_NE(find("Workerd"), nullptr);
  EXPECT_EQ(find("Workerd")->value.kind, Value::Kind::Import);
  EXPECT_EQ(std::string(find("Workerd")->value.file.cStr()), "/workerd/workerd.capnp");
  ASSERT_NE(find("Thing"), nullptr);
  ASSERT_NE(find("S"), nullptr);
  const Declaration* inner = find("S")->find("inner");
  ASSERT_NE(inner, nullptr);
  EXPECT_TRUE(inner->value.absolute);
  EXPECT_EQ(inner->parent, find("S"));
  ASSERT_NE(find("top"), nullptr);
  EXPECT_EQ(find("top")->value.members.size(), 2u);
  EXPECT_NE(find("E"), nullptr);
}

TEST(Parser, FindsTheMembersOfAValue) {
  auto root = parse("const a :T = (x = [1, -2, (y = embed \"f\")], z = \"p\" \"q\", w = B(C).d);");
  const Value& value = root->find("a")->value;
  ASSERT_EQ(value.kind, Value::Kind::Tuple);
  ASSERT_EQ(value.members.size(), 3u);
  EXPECT_EQ(value.members[0].name, "x");
  ASSERT_EQ(value.members[0].value.members.size(), 3u);
  const Value& third = value.members[0].value.members[2].value;
  ASSERT_EQ(third.members.size(), 1u);
  EXPECT_EQ(third.members[0].value.kind, Value::Kind::Embed);
  EXPECT_EQ(value.members[1].name, "z");
  EXPECT_EQ(value.members[2].value.path.size(), 2u);
}

TEST(Parser, ComesToAnEndWhateverTheText) {
  for (std::string_view text : {"}",
                                "}}};const a :T = 1;",
                                "const",
                                "const ;",
                                "using",
                                "using ;",
                                "struct",
                                "struct {",
                                "const a :T = (",
                                "const a :T = (a",
                                "const a :T = (a =",
                                "const a = [",
                                ". . .",
                                "import",
                                "embed",
                                "embed 5;",
                                "const a :T = import;",
                                "((((",
                                "))))",
                                ",,,",
                                "====",
                                "\"",
                                "`",
                                "const a :T = (a = }",
                                "@0 @1",
                                "$",
                                "const a :T = .;",
                                "a.(b).",
                                "{{{"}) {
    SCOPED_TRACE(std::string(text));
    parse(text);
  }
  EXPECT_NE(parse("}}; const a :T = 1;")->find("a"), nullptr);
}

}  // namespace
}  // namespace ocapd::config::syntax
