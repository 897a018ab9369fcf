#include "json_check.h"

#include <gtest/gtest.h>

namespace ocapd::config {
namespace {

TEST(Json, IsAcceptedAsTheStandardDefinesIt) {
  for (kj::StringPtr text :
       {"null"_kj, "true"_kj, "false"_kj, "0"_kj, "-0"_kj, "10"_kj, "1.5"_kj, "-1.5e-3"_kj,
        "1E+2"_kj, "\"\""_kj, "\"\\u00fc\\n\\\"\""_kj, "[]"_kj, "{}"_kj, " [ 1 , [ ] ] "_kj,
        "{\"a\":{\"b\":[1,{}]},\"c\":\"d\"}"_kj, "\t\r\n 1 \n"_kj}) {
    SCOPED_TRACE(text.cStr());
    EXPECT_TRUE(findJsonError(text) == nullptr);
  }
}

TEST(Json, IsRefusedAtTheByteWhereItGoesWrong) {
  struct Row {
    kj::StringPtr text;
    size_t offset;
  };
  for (const Row& row : {
           Row{""_kj, 0},        Row{" "_kj, 1},           Row{"nul"_kj, 0},
           Row{"01"_kj, 1},      Row{"1."_kj, 2},          Row{"-"_kj, 1},
           Row{"1e"_kj, 2},      Row{"+1"_kj, 0},          Row{"\"a"_kj, 2},
           Row{"\"\\x\""_kj, 2}, Row{"\"\\u12g4\""_kj, 5}, Row{"\"a\nb\""_kj, 2},
           Row{"[1,]"_kj, 3},    Row{"[1"_kj, 2},          Row{"[1}"_kj, 2},
           Row{"{a:1}"_kj, 1},   Row{"{\"a\"}"_kj, 4},     Row{"{\"a\":1,}"_kj, 7},
           Row{"{bad"_kj, 1},    Row{"1 2"_kj, 2},         Row{"'a'"_kj, 0},
           Row{"NaN"_kj, 0},
       }) {
    SCOPED_TRACE(row.text.cStr());
    KJ_IF_MAYBE(offset, findJsonError(row.text)) {
      EXPECT_EQ(*offset, row.offset);
    } else {
      ADD_FAILURE() << "accepted";
    }
  }
}

TEST(Json, MayNestAsDeepAsItLikes) {
  constexpr size_t kDepth = 1'000'000;
  EXPECT_TRUE(findJsonError(kj::str(kj::repeat('[', kDepth), kj::repeat(']', kDepth))) == nullptr);
  EXPECT_TRUE(findJsonError(kj::str(kj::repeat('[', kDepth))) != nullptr);
}

}  // namespace
}  // namespace ocapd::config
