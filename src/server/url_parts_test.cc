#include "src/server/url_parts.h"

#include <kj/debug.h>

#include "gtest/gtest.h"

namespace ocapd::server {
namespace {

TEST(UrlParts, AreCutWithoutChangingAByte) {
  struct Row {
    kj::StringPtr url;
    kj::StringPtr result;
  };
  for (const Row& row : {
           Row{"http://a.b/c?d#e"_kj, "http a.b /c?d"_kj},
           Row{"https://a.b:1"_kj, "https a.b:1 /"_kj},
           Row{"https://a.b?x"_kj, "https a.b /?x"_kj},
           Row{"https://user:pw@a.b/%20/../"_kj, "https a.b /%20/../"_kj},
           Row{"http://[::1]:2/a@b"_kj, "http [::1]:2 /a@b"_kj},
           Row{"http://#"_kj, "http  /"_kj},
       }) {
    SCOPED_TRACE(row.url.cStr());
    auto parts = KJ_ASSERT_NONNULL(findUrlParts(row.url));
    EXPECT_EQ(kj::str(parts.scheme, " ", parts.host, " ", requestTarget(parts)), row.result);
  }
}

TEST(UrlParts, NeedASchemeAndAHost) {
  for (kj::StringPtr url : {""_kj, "/a"_kj, "a"_kj, "http:/a"_kj, "://a"_kj, "*"_kj, "/x://y"_kj}) {
    SCOPED_TRACE(url.cStr());
    EXPECT_TRUE(findUrlParts(url) == nullptr);
  }
}

}  // namespace
}  // namespace ocapd::server
