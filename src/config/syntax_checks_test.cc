#include "syntax_checks.h"

#include <gtest/gtest.h>

#include <string>

namespace ocapd::config {
namespace {

std::string wrong(kj::Maybe<kj::String> complaint) {
  KJ_IF_MAYBE(text, complaint) return text->cStr();
  return "";
}

TEST(Address, IsAcceptedInEveryFormTheNetworkCodeTakes) {
  for (kj::StringPtr address :
       {"*"_kj, "*:80"_kj, "1.2.3.4"_kj, "1.2.3.4:0"_kj, "1.2.3.4:65535"_kj, "::1"_kj, "[::1]"_kj,
        "[::ffff:1.2.3.4]:80"_kj, "localhost"_kj, "localhost:8080"_kj, "my_host-1.example:http"_kj,
        "unix:/tmp/socket"_kj, "unix:relative"_kj, "unix-abstract:name"_kj,
        "b\u00fccher.example:80"_kj}) {
    SCOPED_TRACE(address.cStr());
    EXPECT_EQ(wrong(whatIsWrongWithAddress(address)), "");
  }
}

TEST(Address, IsRefusedWithTheReason) {
  struct Row {
    kj::StringPtr address;
    const char* reason;
  };
  for (const Row& row : {
           Row{""_kj, "is empty"},
           Row{":80"_kj, "has no host; use * for all interfaces"},
           Row{"localhost:"_kj, "ends with a colon; add a port, or drop the colon"},
           Row{"1.2.3.4:65536"_kj, "has a port above 65535"},
           Row{"1.2.3.4:99999999999999999999"_kj, "has a port above 65535"},
           Row{"localhost:80/x"_kj, "has something other than a port behind its colon"},
           Row{"http://localhost:80"_kj, "is a URL; write only host:port"},
           Row{"a b:80"_kj, "has a host with a character that none can have"},
           Row{"a:b:c"_kj,
               "has several colons but is no IPv6 address; write [address]:port for those"},
           Row{"[::1"_kj, "has no ] after its IPv6 address"},
           Row{"[localhost]:80"_kj, "has no IPv6 address between its brackets"},
           Row{"[::1]80"_kj, "continues after ] with something other than a port"},
           Row{"unix:"_kj, "names no socket behind \"unix:\""},
       }) {
    SCOPED_TRACE(row.address.cStr());
    EXPECT_EQ(wrong(whatIsWrongWithAddress(row.address)), row.reason);
  }
}

TEST(Address, MayNameAUnixSocketOfAtMost107Bytes) {
  EXPECT_EQ(wrong(whatIsWrongWithAddress(kj::str("unix:", kj::repeat('a', 107)))), "");
  EXPECT_EQ(wrong(whatIsWrongWithAddress(kj::str("unix:", kj::repeat('a', 108)))),
            "has 108 bytes of path; Unix sockets take 107");
}

TEST(NetworkFilter, IsAcceptedOrRefused) {
  struct Row {
    kj::StringPtr entry;
    bool allowed;
    bool denied;
  };
  for (const Row& row : {
           Row{"public"_kj, true, false},
           Row{"network"_kj, true, false},
           Row{"private"_kj, true, true},
           Row{"local"_kj, true, true},
           Row{"unix"_kj, true, true},
           Row{"unix-abstract"_kj, true, true},
           Row{"10.0.0.0/8"_kj, true, true},
           Row{"0.0.0.0/0"_kj, true, true},
           Row{"1.2.3.4/32"_kj, true, true},
           Row{"1.2.3.4/33"_kj, false, false},
           Row{"::1/128"_kj, true, true},
           Row{"::1/129"_kj, false, false},
           Row{"1.2.3.4"_kj, false, false},
           Row{"1.2.3.4/"_kj, false, false},
           Row{"1.2.3/8"_kj, false, false},
           Row{"1.2.3.4/+8"_kj, false, false},
           Row{"bogus"_kj, false, false},
           Row{""_kj, false, false},
       }) {
    SCOPED_TRACE(row.entry.cStr());
    EXPECT_EQ(whatIsWrongWithFilter(row.entry, FilterList::Allow) == nullptr, row.allowed);
    EXPECT_EQ(whatIsWrongWithFilter(row.entry, FilterList::Deny) == nullptr, row.denied);
  }
}

TEST(HeaderName, IsRefusedUnlessItIsAToken) {
  struct Row {
    const char* why;
    kj::StringPtr name;
    bool accepted;
  };
  for (const Row& row : {
           Row{"plain", "MF-CF-Blob"_kj, true},
           Row{"all marks", "!#$%&'*+-.^_`|~"_kj, true},
           Row{"empty", ""_kj, false},
           Row{"inner space", "a b"_kj, false},
           Row{"colon", "a:"_kj, false},
           Row{"not ASCII", "\u00fc"_kj, false},
       }) {
    SCOPED_TRACE(row.why);
    EXPECT_EQ(isHeaderName(row.name), row.accepted);
  }
}

TEST(HeaderValue, IsRefusedWithALineBreak) {
  EXPECT_TRUE(isHeaderValue("a b\tc\u00fc"));
  EXPECT_TRUE(isHeaderValue(""));
  EXPECT_FALSE(isHeaderValue("a\rb"));
  EXPECT_FALSE(isHeaderValue("a\nb"));
  EXPECT_FALSE(isHeaderValue(kj::StringPtr("a\0b", 3)));
}

}  // namespace
}  // namespace ocapd::config
