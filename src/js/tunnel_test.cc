#include "src/js/tunnel.h"

#include <gtest/gtest.h>

namespace ocapd::js {
namespace {

TEST(Tunnelled, FindsTheErrorBehindItsOrigins) {
  struct Row {
    const char* why;
    kj::StringPtr description;
    kj::Maybe<kj::StringPtr> text;
  };
  for (const Row& row : {
           Row{"plain", "jsg.TypeError: boo"_kj, "TypeError: boo"_kj},
           Row{"from another isolate", "remote.jsg.Error: x"_kj, "Error: x"_kj},
           Row{"twice", "remote.remote.jsg.Error: x"_kj, "Error: x"_kj},
           Row{"through Cap'n Proto", "remote exception: remote.jsg.Error: x"_kj, "Error: x"_kj},
           Row{"no message", "jsg.Error"_kj, "Error"_kj},
           Row{"an internal failure", "expected a == b"_kj, nullptr},
           Row{"a lookalike", "xjsg.Error: x"_kj, nullptr},
       }) {
    SCOPED_TRACE(row.why);
    auto found = tunnelled(row.description);
    EXPECT_EQ(found == nullptr, row.text == nullptr);
    KJ_IF_MAYBE(text, found) {
      KJ_IF_MAYBE(expected, row.text) {
        EXPECT_EQ(*text, *expected);
      }
    }
  }
}

}  // namespace
}  // namespace ocapd::js
