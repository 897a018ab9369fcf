#include "src/server/disk_path.h"

#include <kj/debug.h>

#include "gtest/gtest.h"

namespace ocapd::server {
namespace {

constexpr auto kNone = "(none)"_kj;

kj::String resolve(kj::StringPtr path, Dotfiles dotfiles) {
  auto found = findDiskPath(kj::str("http://host", path), dotfiles);
  KJ_IF_MAYBE(text, found) {
    return kj::mv(*text);
  }
  return kj::heapString(kNone);
}

TEST(DiskPath, NamesAreDecodedAndDotSegmentsCollapse) {
  struct Row {
    kj::StringPtr path;
    kj::StringPtr names;
  };
  for (const Row& row : {
           Row{""_kj, ""_kj},
           Row{"/"_kj, ""_kj},
           Row{"?a/b"_kj, ""_kj},
           Row{"/a"_kj, "a"_kj},
           Row{"/a/"_kj, "a"_kj},
           Row{"/a/b?c/d#e"_kj, "a/b"_kj},
           Row{"/a%20b"_kj, "a b"_kj},
           Row{"/a+b"_kj, "a+b"_kj},
           Row{"/%zz%4"_kj, "%zz%4"_kj},
           Row{"/./a/../b"_kj, "b"_kj},
           Row{"/../../a"_kj, "a"_kj},
           Row{"/a/%2e%2E/b"_kj, "b"_kj},
           Row{"/a/.%2e/.%2E/b"_kj, "b"_kj},
           Row{"/a\\..\\b"_kj, "b"_kj},
           Row{"/a/.."_kj, ""_kj},
           Row{"/%252e%252e/a"_kj, "%2e%2e/a"_kj},
           Row{"/%C3%A9"_kj, "\xc3\xa9"_kj},
       }) {
    SCOPED_TRACE(row.path.cStr());
    EXPECT_EQ(resolve(row.path, Dotfiles::Refuse), row.names);
  }
}

TEST(DiskPath, RefusesWhatNoFileCanBeCalled) {
  for (kj::StringPtr path : {"//a"_kj, "/a//b"_kj, "/a%2fb"_kj, "/..%2f..%2fetc"_kj, "/a%00"_kj,
                             "/%2e%2e%2fetc"_kj, "/%2f"_kj, "/a//"_kj}) {
    SCOPED_TRACE(path.cStr());
    EXPECT_EQ(resolve(path, Dotfiles::Allow), kNone);
  }
}

TEST(DiskPath, DotfilesNeedPermission) {
  for (kj::StringPtr path : {"/.a"_kj, "/b/.a"_kj, "/.a/b"_kj, "/%2ea"_kj, "/...%20"_kj}) {
    SCOPED_TRACE(path.cStr());
    EXPECT_EQ(resolve(path, Dotfiles::Refuse), kNone);
    EXPECT_NE(resolve(path, Dotfiles::Allow), kNone);
  }
}

}  // namespace
}  // namespace ocapd::server
