// The disk service behind a socket, request by request.

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kj/debug.h>

#include "gtest/gtest.h"
#include "src/server/test_server.h"

namespace ocapd::server {
namespace {

class DiskServiceTest : public testing::Test {
 protected:
  ~DiskServiceTest() noexcept override {}
  DiskServiceTest() {
    server_.writeFile("a.txt", "hello\n");
    server_.writeFile("sub/b.json", "{}");
    server_.writeFile(".hidden", "x");
    server_.addDisk("read");
    server_.addDisk("write", true);
    server_.addDisk("all", true, true);
    server_.addHttpSocket("read", "read");
    server_.addHttpSocket("write", "write");
    server_.addHttpSocket("all", "all");
    server_.start();
  }

  enum Socket { kRead, kWrite, kAll };

  kj::String ask(Socket socket, kj::StringPtr line, kj::StringPtr headers = ""_kj,
                 kj::StringPtr body = ""_kj) {
    auto request =
        kj::str(line, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n", headers, "\r\n", body);
    return server_.exchange(socket, request);
  }
  kj::String statusOf(kj::StringPtr answer) {
    return kj::heapString(answer.slice(9, answer.findFirst('\r').orDefault(answer.size())));
  }
  kj::String bodyOf(kj::StringPtr answer) {
    for (size_t i = 0; i + 4 <= answer.size(); i++) {
      if (answer.slice(i).startsWith("\r\n\r\n")) return kj::heapString(answer.slice(i + 4));
    }
    return nullptr;
  }
  kj::String put(Socket socket, kj::StringPtr path, kj::StringPtr content) {
    return statusOf(ask(socket, kj::str("PUT ", path),
                        kj::str("Content-Length: ", content.size(), "\r\n"), content));
  }
  size_t countEntries() {
    auto listing = bodyOf(ask(kAll, "GET /"));
    size_t count = 0;
    for (char c : listing) count += c == '{';
    return count;
  }

  TestServer server_;
};

TEST_F(DiskServiceTest, AnswersAFileWithItsLengthAndDate) {
  auto answer = ask(kRead, "GET /a.txt");
  EXPECT_EQ(statusOf(answer), "200 OK");
  EXPECT_NE(strstr(answer.cStr(), "Content-Length: 6\r\n"), nullptr);
  EXPECT_NE(strstr(answer.cStr(), "Content-Type: application/octet-stream\r\n"), nullptr);
  EXPECT_NE(strstr(answer.cStr(), " GMT\r\n"), nullptr);
  EXPECT_EQ(bodyOf(answer), "hello\n");
}

TEST_F(DiskServiceTest, HeadHasNoBody) {
  auto answer = ask(kRead, "HEAD /a.txt");
  EXPECT_NE(strstr(answer.cStr(), "Content-Length: 6\r\n"), nullptr);
  EXPECT_EQ(bodyOf(answer), "");
}

TEST_F(DiskServiceTest, AnswersRanges) {
  auto part = ask(kRead, "GET /a.txt", "Range: bytes=1-3\r\n");
  EXPECT_EQ(statusOf(part), "206 Partial Content");
  EXPECT_NE(strstr(part.cStr(), "Content-Range: bytes 1-3/6\r\n"), nullptr);
  EXPECT_EQ(bodyOf(part), "ell");
  auto none = ask(kRead, "GET /a.txt", "Range: bytes=6-\r\n");
  EXPECT_EQ(statusOf(none), "416 Range Not Satisfiable");
  EXPECT_NE(strstr(none.cStr(), "Content-Range: bytes */6\r\n"), nullptr);
}

TEST_F(DiskServiceTest, ListsADirectoryByName) {
  auto answer = ask(kRead, "GET /");
  EXPECT_NE(strstr(answer.cStr(),
                   "[{\"name\":\"a.txt\",\"type\":\"file\"},"
                   "{\"name\":\"sub\",\"type\":\"directory\"}]"),
            nullptr)
      << answer.cStr();
  EXPECT_NE(strstr(ask(kAll, "GET /").cStr(), "{\"name\":\".hidden\",\"type\":\"file\"}"), nullptr);
}

TEST_F(DiskServiceTest, StatusesFollowFromPathAndMode) {
  KJ_SYSCALL(::mkfifo(kj::str(server_.directory(), "/pipe").cStr(), 0600));
  struct Row {
    Socket socket;
    kj::StringPtr line;
    kj::StringPtr status;
  };
  for (const Row& row : {
           Row{kRead, "GET /none"_kj, "404 Not Found"_kj},
           Row{kRead, "GET /a.txt/x"_kj, "404 Not Found"_kj},
           Row{kRead, "GET //a.txt"_kj, "404 Not Found"_kj},
           Row{kRead, "GET /..%2fa.txt"_kj, "404 Not Found"_kj},
           Row{kRead, "GET /.hidden"_kj, "404 Not Found"_kj},
           Row{kAll, "GET /.hidden"_kj, "200 OK"_kj},
           Row{kRead, "GET /pipe"_kj, "406 Not Acceptable"_kj},
           Row{kRead, "GET /../a.txt"_kj, "200 OK"_kj},
           Row{kRead, "PUT /a.txt"_kj, "405 Method Not Allowed"_kj},
           Row{kRead, "DELETE /a.txt"_kj, "405 Method Not Allowed"_kj},
           Row{kRead, "POST /a.txt"_kj, "501 Not Implemented"_kj},
           Row{kWrite, "PUT /"_kj, "403 Unauthorized"_kj},
           Row{kWrite, "PUT /.hidden"_kj, "403 Unauthorized"_kj},
           Row{kWrite, "PUT /..%2fx"_kj, "403 Unauthorized"_kj},
           Row{kWrite, "DELETE /"_kj, "403 Unauthorized"_kj},
           Row{kWrite, "DELETE /none"_kj, "404 Not Found"_kj},
           Row{kWrite, "PUT /sub"_kj, "500 Internal Server Error"_kj},
           Row{kWrite, "PUT /a.txt/x"_kj, "500 Internal Server Error"_kj},
       }) {
    SCOPED_TRACE(row.line.cStr());
    EXPECT_EQ(statusOf(ask(row.socket, row.line)), row.status);
  }
}

TEST_F(DiskServiceTest, PutReplacesAFileAndCreatesItsParents) {
  EXPECT_EQ(put(kWrite, "/a.txt", "new"), "204 No Content");
  EXPECT_EQ(KJ_ASSERT_NONNULL(server_.findFile("a.txt")), "new");
  EXPECT_EQ(put(kWrite, "/x/y/z.txt", "deep"), "204 No Content");
  EXPECT_EQ(KJ_ASSERT_NONNULL(server_.findFile("x/y/z.txt")), "deep");
  auto big = kj::heapString(1 << 20);
  memset(big.begin(), 'b', big.size());
  EXPECT_EQ(put(kWrite, "/big", big), "204 No Content");
  EXPECT_EQ(KJ_ASSERT_NONNULL(server_.findFile("big")), big);
}

TEST_F(DiskServiceTest, AnUploadThatBreaksOffLeavesNothing) {
  size_t before = countEntries();
  {
    auto client = server_.connect(kWrite);
    server_.write(*client, "PUT /a.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
    client->shutdownWrite();
    server_.readToEnd(*client);
  }
  EXPECT_EQ(KJ_ASSERT_NONNULL(server_.findFile("a.txt")), "hello\n");
  EXPECT_EQ(countEntries(), before);
}

TEST_F(DiskServiceTest, AWriteThatFailsLeavesTheOldFile) {
  size_t before = countEntries();
  // A full disk, for this process.
  rlimit old;
  KJ_SYSCALL(::getrlimit(RLIMIT_FSIZE, &old));
  auto* oldHandler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit tight{100'000, old.rlim_max};
  KJ_SYSCALL(::setrlimit(RLIMIT_FSIZE, &tight));
  auto status = put(kWrite, "/a.txt", kj::heapString(300'000));
  KJ_SYSCALL(::setrlimit(RLIMIT_FSIZE, &old));
  ::signal(SIGXFSZ, oldHandler);
  EXPECT_EQ(status, "500 Internal Server Error");
  EXPECT_EQ(KJ_ASSERT_NONNULL(server_.findFile("a.txt")), "hello\n");
  EXPECT_EQ(countEntries(), before);
}

TEST_F(DiskServiceTest, DeleteRemovesFilesAndWholeDirectories) {
  server_.writeFile("sub/c/d", "x");
  EXPECT_EQ(statusOf(ask(kWrite, "DELETE /sub")), "204 No Content");
  EXPECT_TRUE(server_.findFile("sub/b.json") == nullptr);
  EXPECT_EQ(statusOf(ask(kRead, "GET /sub")), "404 Not Found");
}

TEST_F(DiskServiceTest, FollowsLinksWhenReadingButRemovesTheLinkItself) {
  auto link = kj::str(server_.directory(), "/link");
  KJ_SYSCALL(::symlink("sub", link.cStr()));
  EXPECT_EQ(bodyOf(ask(kRead, "GET /link/b.json")), "{}");
  EXPECT_EQ(statusOf(ask(kWrite, "DELETE /link")), "204 No Content");
  EXPECT_EQ(KJ_ASSERT_NONNULL(server_.findFile("sub/b.json")), "{}");
}

TEST_F(DiskServiceTest, AnsweringAnEmptyFileWorks) {
  server_.writeFile("empty", "");
  auto answer = ask(kRead, "GET /empty");
  EXPECT_NE(strstr(answer.cStr(), "Content-Length: 0\r\n"), nullptr);
  EXPECT_EQ(bodyOf(answer), "");
}

TEST(DiskService, AMissingDirectoryIsAConfigError) {
  TestServer server;
  ::rmdir(server.directory().cStr());
  server.addDisk("files");
  EXPECT_FALSE(server.tryStart());
  EXPECT_EQ(server.logged(),
            kj::str("Directory named \"files\" not found: ", server.directory(), "\n"));
}

}  // namespace
}  // namespace ocapd::server
