// What an http socket makes of requests, seen by a worker behind it and a client in front of it.

#include "src/server/http_listener.h"

#include <kj/debug.h>

#include "gtest/gtest.h"
#include "src/server/test_server.h"

namespace ocapd::server {
namespace {

constexpr auto kPlain = "GET / HTTP/1.1\r\nHost: x\r\n"_kj;

bool contains(kj::StringPtr text, kj::StringPtr part) {
  return strstr(text.cStr(), part.cStr()) != nullptr;
}

kj::Promise<void> sendText(kj::HttpService::Response& response, kj::String text,
                           const kj::HttpHeaders& requestHeaders) {
  kj::HttpHeaders headers = requestHeaders.cloneShallow();
  headers.clear();
  auto body = response.send(200, "OK", headers, text.size());
  co_await body->write(text.begin(), text.size());
}

class HttpListenerTest : public testing::Test {
 protected:
  ~HttpListenerTest() noexcept override {}

  // Tells method, url, cf, headers, and what it read of the body.
  HttpListenerTest() {
    server_.addWorker("echo",
                      [](kj::HttpMethod method, kj::StringPtr url, const kj::HttpHeaders& headers,
                         kj::AsyncInputStream& body, kj::HttpService::Response& response,
                         kj::Maybe<kj::StringPtr> cfJson) {
                        kj::Vector<kj::String> lines;
                        lines.add(kj::str(method, " ", url, " ", cfJson.orDefault("(no cf)"_kj)));
                        headers.forEach([&](kj::StringPtr name, kj::StringPtr value) {
                          lines.add(kj::str(name, "=", value));
                        });
                        auto told = kj::strArray(lines, "\n");
                        return body.readAllText().then(
                            [&response, &headers, told = kj::mv(told)](kj::String text) mutable {
                              return sendText(response, kj::str(told, "\n[", text, "]"), headers);
                            });
                      });
  }

  config::HttpOptions& addSocket(
      config::HttpOptions::Style style = config::HttpOptions::Style::Host) {
    return server_.addHttpSocket("main", "echo", style).http;
  }
  kj::String ask(kj::StringPtr request) {
    if (!started_) server_.start();
    started_ = true;
    auto client = server_.connect(0);
    server_.write(*client, request);
    client->shutdownWrite();
    return server_.readToEnd(*client);
  }

  TestServer server_;
  bool started_ = false;
};

TEST_F(HttpListenerTest, PutsTheUrlTogetherFromHostAndTarget) {
  addSocket();
  struct Row {
    kj::StringPtr target;
    kj::StringPtr url;
  };
  for (const Row& row : {
           Row{"/"_kj, "http://ex.com:1/"_kj},
           Row{"/a/../b?x=%20y"_kj, "http://ex.com:1/a/../b?x=%20y"_kj},
           Row{"http://other:9/p?q"_kj, "http://ex.com:1/p?q"_kj},
           Row{"http://other"_kj, "http://ex.com:1/"_kj},
           Row{"http://other?q"_kj, "http://ex.com:1/?q"_kj},
           Row{"*"_kj, "http://ex.com:1*"_kj},
       }) {
    SCOPED_TRACE(row.target.cStr());
    auto answer = ask(kj::str("GET ", row.target, " HTTP/1.1\r\nHost: ex.com:1\r\n\r\n"));
    EXPECT_TRUE(contains(answer, kj::str("GET ", row.url, " {\"clientIp\":\"127.0.0.1:")))
        << answer.cStr();
  }
}

TEST_F(HttpListenerTest, AMissingHostIsABadRequestThatKeepsTheConnection) {
  addSocket();
  auto answer = ask("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nHost:\r\n\r\n");
  constexpr auto kRefused = "HTTP/1.1 400 Bad Request\r\nContent-Length: 11\r\n\r\nBad Request"_kj;
  EXPECT_EQ(answer, kj::str(kRefused, kRefused));
}

TEST_F(HttpListenerTest, StyleProxyTakesTheTargetAsItIs) {
  auto& options = addSocket(config::HttpOptions::Style::Proxy);
  options.forwardedProtoHeader = "X-Proto"_kj;
  auto answer = ask("GET http://a/b HTTP/1.1\r\nHost: c\r\nX-Proto: https\r\n\r\n");
  EXPECT_TRUE(contains(answer, "GET http://a/b "_kj)) << answer.cStr();
  EXPECT_TRUE(contains(answer, "X-Proto=https"_kj)) << answer.cStr();
}

TEST_F(HttpListenerTest, TakesSchemeAndCfFromHeadersAndRemovesThem) {
  auto& options = addSocket();
  options.forwardedProtoHeader = "X-Proto"_kj;
  options.cfBlobHeader = "X-Cf"_kj;
  auto answer = ask("GET / HTTP/1.1\r\nHost: x\r\nX-Proto: https\r\nx-cf: {\"a\":1}\r\n\r\n");
  EXPECT_TRUE(contains(answer, "GET https://x/ {\"a\":1}\n"_kj)) << answer.cStr();
  EXPECT_FALSE(contains(answer, "X-Proto"_kj));
  EXPECT_FALSE(contains(answer, "X-Cf"_kj));
  EXPECT_TRUE(contains(ask(kj::str(kPlain, "\r\n")), "GET http://x/ (no cf)\n"_kj));
}

TEST_F(HttpListenerTest, InjectsAndRemovesHeadersBothWays) {
  auto& options = addSocket();
  options.injectRequestHeaders = kj::heapArray<config::Header>(2);
  options.injectRequestHeaders[0] = {"X-In"_kj, "1"_kj};
  options.injectRequestHeaders[1] = {"X-Gone"_kj, nullptr};
  options.injectResponseHeaders = kj::heapArray<config::Header>(1);
  options.injectResponseHeaders[0] = {"X-Out"_kj, "2"_kj};
  auto answer = ask(kj::str(kPlain, "X-In: 0\r\nX-Gone: 1\r\n\r\n"));
  EXPECT_TRUE(contains(answer, "X-In=1"_kj)) << answer.cStr();
  EXPECT_FALSE(contains(answer, "X-Gone"_kj)) << answer.cStr();
  EXPECT_TRUE(contains(answer, "X-Out: 2\r\n"_kj)) << answer.cStr();
}

TEST_F(HttpListenerTest, HeaderNamesThatHttpForbidsAreConfigErrors) {
  auto& options = addSocket();
  options.cfBlobHeader = "a b"_kj;
  options.injectRequestHeaders = kj::heapArray<config::Header>(1);
  options.injectRequestHeaders[0] = {"X"_kj, "1\r\nY: 2"_kj};
  EXPECT_FALSE(server_.tryStart());
  auto log = server_.logged();
  EXPECT_TRUE(
      contains(log, "Socket \"main\" names a header \"a b\", which HTTP does not allow."_kj));
  EXPECT_TRUE(contains(log, "Socket \"main\" injects the header \"X\" with a value that holds"_kj));
}

TEST_F(HttpListenerTest, BadRequestsAreAnsweredAndEndTheConnection) {
  addSocket();
  struct Row {
    kj::String request;
    kj::StringPtr status;
  };
  for (const Row& row : {
           Row{kj::str("FOO / HTTP/1.1\r\n\r\n"), "501 Not Implemented"_kj},
           Row{kj::str("get / HTTP/1.1\r\n\r\n"), "501 Not Implemented"_kj},
           Row{kj::str(kPlain, "bad header\r\n\r\n"), "400 Bad Request"_kj},
           Row{kj::str(kPlain, "Content-Length: x\r\n\r\n"), "400 Bad Request"_kj},
           Row{kj::str(kPlain, "Content-Length: -1\r\n\r\n"), "400 Bad Request"_kj},
           Row{kj::str(kPlain, "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
               "400 Bad Request"_kj},
           Row{kj::str(kPlain, "Transfer-Encoding: gzip\r\n\r\n"), "400 Bad Request"_kj},
           Row{kj::str(kPlain, "X: ", kj::repeat('x', 200000), "\r\n\r\n"),
               "431 Request Header Fields Too Large"_kj},
       }) {
    SCOPED_TRACE(row.status.cStr());
    auto answer = ask(kj::str(row.request, kPlain, "\r\n"));
    EXPECT_TRUE(answer.startsWith(kj::str("HTTP/1.1 ", row.status, "\r\nConnection: close\r\n")))
        << answer.cStr();
  }
  EXPECT_EQ(server_.logged(), "");
}

TEST_F(HttpListenerTest, ABodyThatIsFramedWronglyIsALostConnection) {
  addSocket();
  auto answer = ask(kj::str("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                            "zz\r\nabc\r\n0\r\n\r\n", kPlain, "\r\n"));
  EXPECT_EQ(answer, "");
  EXPECT_EQ(server_.logged(), "");
}

TEST_F(HttpListenerTest, PipelinedRequestsAreAnsweredInOrder) {
  addSocket();
  auto answer =
      ask("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
          "POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ndef\r\n0\r\n\r\n"
          "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
  auto* first = strstr(answer.cStr(), "[abc]");
  ASSERT_NE(first, nullptr) << answer.cStr();
  auto* second = strstr(first, "[def]");
  ASSERT_NE(second, nullptr) << answer.cStr();
  EXPECT_NE(strstr(second, "GET http://x/3"), nullptr) << answer.cStr();
}

TEST_F(HttpListenerTest, EndsTheConnectionWhenTheClientAsksForIt) {
  addSocket();
  for (kj::StringPtr request :
       {"GET / HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n"_kj,
        "GET / HTTP/1.0\r\nHost: x\r\n\r\n"_kj,
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"
        "0\r\n\r\n"_kj}) {
    SCOPED_TRACE(request.cStr());
    auto answer = ask(kj::str(request, kPlain, "\r\n"));
    EXPECT_TRUE(answer.startsWith("HTTP/1.1 200 OK\r\nConnection: close\r\n")) << answer.cStr();
    EXPECT_TRUE(answer.endsWith("]")) << answer.cStr();
  }
}

TEST_F(HttpListenerTest, TellsAClientThatExpectsItToContinue) {
  addSocket();
  server_.start();
  auto client = server_.connect(0);
  server_.write(*client,
                "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                "Content-Length: 3\r\n\r\n");
  EXPECT_EQ(server_.readUntil(*client, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  server_.write(*client, "abc");
  EXPECT_TRUE(server_.readUntil(*client, "[abc]").startsWith("HTTP/1.1 200 OK"));
}

TEST_F(HttpListenerTest, OptionsOfASocketAreItsOwn) {
  addSocket().cfBlobHeader = "X-Cf"_kj;
  server_.addHttpSocket("second", "echo");
  server_.start();
  auto answer =
      server_.exchange(1, "GET / HTTP/1.1\r\nHost: x\r\nX-Cf: 1\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(contains(answer, "X-Cf=1"_kj)) << answer.cStr();
}

}  // namespace
}  // namespace ocapd::server
