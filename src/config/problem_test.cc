#include "problem.h"

#include <gtest/gtest.h>

#include <string>

namespace ocapd::config {
namespace {

std::string shown(Position position, kj::StringPtr message) {
  return Problem{kj::mv(position), kj::str(message)}.toString().cStr();
}

TEST(Problem, ShowsAsMuchOfItsPositionAsIsKnown) {
  EXPECT_EQ(shown({kj::str("a.capnp"), 2, 62, 65}, "Bad."), "a.capnp:2:62-65: Bad.");
  EXPECT_EQ(shown({kj::str("a.capnp"), 2, 62, 0}, "Bad."), "a.capnp:2:62: Bad.");
  EXPECT_EQ(shown({kj::str("a.capnp"), 2, 0, 0}, "Bad."), "a.capnp:2: Bad.");
  EXPECT_EQ(shown({kj::str("a.capnp"), 0, 0, 0}, "Bad."), "a.capnp: Bad.");
  EXPECT_EQ(std::string(Problem{nullptr, kj::str("Bad.")}.toString().cStr()), "Bad.");
}

std::string kept(kj::String message) {
  Problems problems;
  problems.error(kj::Maybe<Position>(), kj::mv(message));
  return problems.takeErrors()[0].message.cStr();
}

TEST(Problems, KeepsAMessageOnOneLineOfText) {
  struct Row {
    const char* why;
    kj::StringPtr message;
    const char* kept;
  };
  for (const Row& row : {
           Row{"text", "gr\u00fcn"_kj, "gr\u00fcn"},
           Row{"line break", "a\nb"_kj, "a\\x0ab"},
           Row{"escape sequence", "a\x1b[0m"_kj, "a\\x1b[0m"},
           Row{"not UTF-8", "a\xff"_kj, "a\\xff"},
       }) {
    SCOPED_TRACE(row.why);
    EXPECT_EQ(kept(kj::str(row.message)), row.kept);
  }
}

TEST(Problems, CutsAMessageThatIsLongerThanTheLimit) {
  EXPECT_EQ(kept(kj::str(kj::repeat('a', kMessageBytesMax))), std::string(kMessageBytesMax, 'a'));
  EXPECT_EQ(kept(kj::str(kj::repeat('a', kMessageBytesMax + 1))),
            std::string(kMessageBytesMax, 'a') + "...");
  // Not within a character.
  EXPECT_EQ(kept(kj::str(kj::repeat('a', kMessageBytesMax - 1), "\u00fc")),
            std::string(kMessageBytesMax - 1, 'a') + "...");
}

TEST(Problems, KeepsSoManyAndSaysThatThereWereMore) {
  Problems problems;
  for (size_t i = 0; i < kProblemsMax; ++i) problems.error(Place(), kj::str(i));
  EXPECT_EQ(problems.takeErrors().size(), kProblemsMax);

  for (size_t i = 0; i < kProblemsMax + 5; ++i) problems.error(Place(), kj::str(i));
  auto errors = problems.takeErrors();
  ASSERT_EQ(errors.size(), kProblemsMax + 1);
  EXPECT_EQ(std::string(errors.back().message.cStr()),
            "There is more, but only the first 1000 problems are shown.");
}

}  // namespace
}  // namespace ocapd::config
