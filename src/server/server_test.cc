// The server from a hand-made Plan, driven over real sockets.

#include "src/server/server.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kj/debug.h>
#include <kj/filesystem.h>

#include "gtest/gtest.h"
#include "src/server/test_server.h"

namespace ocapd::server {
namespace {

TEST(Server, ServesADirectoryOverASocket) {
  TestServer server;
  server.writeFile("a.txt", "hello\n");
  server.addDisk("files");
  server.addHttpSocket("main", "files");
  server.start();

  auto answer = server.exchange(0, "GET /a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.startsWith("HTTP/1.1 200 OK\r\n")) << answer.cStr();
  EXPECT_TRUE(answer.endsWith("\r\n\r\nhello\n")) << answer.cStr();
}

TEST(Server, ForwardsThroughAnExternalServer) {
  TestServer origin;
  origin.writeFile("a.txt", "hello\n");
  origin.addDisk("files");
  origin.addHttpSocket("main", "files");
  origin.start();

  TestServer front(origin);
  front.addExternal("origin", kj::str("127.0.0.1:", origin.port(0)));
  front.addHttpSocket("main", "origin");
  front.start();

  auto answer = front.exchange(0, "GET /a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.startsWith("HTTP/1.1 200 OK\r\n")) << answer.cStr();
  EXPECT_TRUE(answer.endsWith("\r\n\r\nhello\n")) << answer.cStr();
}

TEST(Server, ReachesTheNetworkByUrl) {
  TestServer origin;
  origin.writeFile("a.txt", "hello\n");
  origin.addDisk("files");
  origin.addHttpSocket("main", "files");
  origin.start();

  TestServer front(origin);
  front.addNetwork("net", {"private"_kj}, {});
  front.addHttpSocket("main", "net", config::HttpOptions::Style::Proxy);
  front.start();

  auto request = kj::str("GET http://127.0.0.1:", origin.port(0),
                         "/a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  auto answer = front.exchange(0, request);
  EXPECT_TRUE(answer.endsWith("\r\n\r\nhello\n")) << answer.cStr();
}

}  // namespace
}  // namespace ocapd::server
