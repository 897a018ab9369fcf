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

TEST(Server, ForwardsBigBodiesBothWays) {
  TestServer origin;
  origin.addDisk("files", true);
  origin.addHttpSocket("main", "files");
  origin.start();
  TestServer front(origin);
  front.addExternal("origin", kj::str("127.0.0.1:", origin.port(0)));
  front.addHttpSocket("main", "origin");
  front.start();

  auto content = kj::heapString(300'000);
  for (size_t i = 0; i < content.size(); i++) content[i] = 'a' + i % 23;
  constexpr auto kPut = "PUT /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"_kj;
  auto withLength = kj::str(kPut, "Content-Length: ", content.size(), "\r\n\r\n", content);
  auto chunked = kj::str(kPut, "Transfer-Encoding: chunked\r\n\r\n", kj::hex(content.size()),
                         "\r\n", content, "\r\n0\r\n\r\n");
  for (auto& request : {kj::StringPtr(withLength), kj::StringPtr(chunked)}) {
    auto client = front.connect(0);
    auto sent = client->write(request.begin(), request.size());
    EXPECT_TRUE(front.readUntil(*client, "\r\n").startsWith("HTTP/1.1 204"));
    sent.wait(front.waitScope());
    EXPECT_TRUE(KJ_ASSERT_NONNULL(origin.findFile("big")) == content);
    auto answer = front.exchange(0, "GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.endsWith(content));
    ::unlink(kj::str(origin.directory(), "/big").cStr());
  }
  // Without a length: the listing.
  auto listing = front.exchange(0, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(listing.endsWith("\r\n\r\n2\r\n[]\r\n0\r\n\r\n")) << listing.cStr();
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

// Answers when told to.
struct Gate {
  kj::PromiseFulfillerPair<void> open = kj::newPromiseAndFulfiller<void>();
  kj::PromiseFulfillerPair<void> entered = kj::newPromiseAndFulfiller<void>();

  FakeWorker worker() {
    return
        [this](kj::HttpMethod, kj::StringPtr, const kj::HttpHeaders& headers, kj::AsyncInputStream&,
               kj::HttpService::Response& response, kj::Maybe<kj::StringPtr>) {
          entered.fulfiller->fulfill();
          return open.promise.then([&response, &headers]() {
            auto empty = headers.cloneShallow();
            empty.clear();
            (void)response.send(200, "OK", empty, uint64_t(0));
          });
        };
  }
};

constexpr auto kRequest = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"_kj;

TEST(Server, DrainingFinishesWhatIsInFlightAndEndsWhatIsIdle) {
  Gate gate;
  TestServer server;
  server.writeFile("a", "x");
  server.addDisk("files");
  server.addWorker("slow", gate.worker());
  server.addHttpSocket("slow", "slow");
  server.addHttpSocket("files", "files");
  server.start();
  auto busy = server.connect(0);
  server.write(*busy, kRequest);
  gate.entered.promise.wait(server.waitScope());
  auto idle = server.connect(1);
  server.write(*idle, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  server.readUntil(*idle, "\r\n\r\nx");
  auto fresh = server.connect(1);
  server.waitScope().poll();  // until it is accepted
  kj::uint port = server.port(0);

  auto drained = server.get().drain();
  EXPECT_EQ(server.readToEnd(*idle), "");
  EXPECT_EQ(server.readToEnd(*fresh), "");
  EXPECT_FALSE(drained.poll(server.waitScope()));
  auto address = server.io().provider->getNetwork().parseAddress(kj::str("127.0.0.1:", port));
  EXPECT_ANY_THROW(address.wait(server.waitScope())->connect().wait(server.waitScope()));

  gate.open.fulfiller->fulfill();
  auto answer = server.readToEnd(*busy);
  EXPECT_TRUE(answer.startsWith("HTTP/1.1 200 OK\r\nConnection: close\r\n")) << answer.cStr();
  busy = nullptr;
  idle = nullptr;
  fresh = nullptr;
  drained.wait(server.waitScope());
}

TEST(Server, AnExceptionIsLoggedAndAnsweredBy500) {
  TestServer server;
  server.addWorker("broken",
                   [](kj::HttpMethod, kj::StringPtr, const kj::HttpHeaders&, kj::AsyncInputStream&,
                      kj::HttpService::Response&, kj::Maybe<kj::StringPtr>) -> kj::Promise<void> {
                     return KJ_EXCEPTION(FAILED, "jsg.TypeError: boom");
                   });
  server.addHttpSocket("main", "broken");
  server.start();
  EXPECT_EQ(server.exchange(0, kRequest),
            "HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Length: 21\r\n\r\n"
            "Internal Server Error");
  auto log = server.logged();
  EXPECT_NE(strstr(log.cStr(), ": error: Uncaught exception: "), nullptr) << log.cStr();
  EXPECT_TRUE(log.endsWith(": failed: jsg.TypeError: boom\n")) << log.cStr();
}

TEST(Server, ADisconnectedServiceClosesWithoutAnswer) {
  TestServer server;
  server.addWorker("gone",
                   [](kj::HttpMethod, kj::StringPtr, const kj::HttpHeaders&, kj::AsyncInputStream&,
                      kj::HttpService::Response&, kj::Maybe<kj::StringPtr>) -> kj::Promise<void> {
                     return KJ_EXCEPTION(DISCONNECTED, "lost");
                   });
  server.addHttpSocket("main", "gone");
  server.start();
  EXPECT_EQ(server.exchange(0, kRequest), "");
  EXPECT_EQ(server.logged(), "");
}

// A client that only stops sending may still read: a reset is what tells that it is gone.
TEST(Server, AClientThatResetsItsConnectionCancelsItsRequest) {
  Gate gate;
  bool cancelled = false;
  TestServer server;
  server.addWorker("slow",
                   [&](kj::HttpMethod, kj::StringPtr, const kj::HttpHeaders&, kj::AsyncInputStream&,
                       kj::HttpService::Response&, kj::Maybe<kj::StringPtr>) -> kj::Promise<void> {
                     gate.entered.fulfiller->fulfill();
                     auto left = kj::defer([&]() {
                       cancelled = true;
                       gate.open.fulfiller->fulfill();
                     });
                     return kj::Promise<void>(kj::NEVER_DONE).attach(kj::mv(left));
                   });
  server.addHttpSocket("main", "slow");
  server.start();
  {
    auto client = server.connect(0);
    server.write(*client, kRequest);
    gate.entered.promise.wait(server.waitScope());
    linger reset{1, 0};
    client->setsockopt(SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  }
  gate.open.promise.wait(server.waitScope());
  EXPECT_TRUE(cancelled);
}

TEST(Server, TellsTheControlChannelInConfigOrder) {
  TestServer server;
  server.addDisk("files");
  server.addHttpSocket("b \"quoted\"\n", "files");
  server.addHttpSocket("a", "files");
  server.start();
  EXPECT_EQ(
      server.controlled(),
      kj::str("{\"event\":\"listen\",\"socket\":\"b \\\"quoted\\\"\\n\",\"port\":", server.port(0),
              "}\n{\"event\":\"listen\",\"socket\":\"a\",\"port\":", server.port(1), "}\n"));
}

TEST(Server, ReportsEverySocketThatCannotBeBound) {
  TestServer first;
  first.addDisk("files");
  first.addHttpSocket("main", "files");
  first.start();
  auto address = kj::str("127.0.0.1:", first.port(0));

  TestServer second(first);
  second.addNetwork("net", {"public"_kj}, {});
  second.addHttpSocket("one", "net");
  second.lastSocket().addressOrFd = second.keep(kj::str(address));
  second.addHttpSocket("fine", "net");
  second.addHttpSocket("two", "net");
  second.lastSocket().addressOrFd = second.keep(kj::str(address));
  EXPECT_FALSE(second.tryStart());
  auto expect = [&](kj::StringPtr name) {
    return kj::str("Socket \"", name, "\": bind(): Address already in use (os error 98)\n",
                   "Address already in use; toString() = ", address, "\n");
  };
  EXPECT_EQ(second.logged(), kj::str(expect("one"), expect("two")));
  EXPECT_EQ(second.controlled(), "");
}

TEST(Server, ForbiddenAddressesAreNotReached) {
  TestServer origin;
  origin.writeFile("a.txt", "hello\n");
  origin.addDisk("files");
  origin.addHttpSocket("main", "files");
  origin.start();
  struct Row {
    kj::StringPtr allow;
    kj::StringPtr deny;
    bool reached;
  };
  for (const Row& row :
       {Row{"public"_kj, "0.0.0.0/32"_kj, false}, Row{"private"_kj, "local"_kj, false},
        Row{"127.0.0.1/32"_kj, "private"_kj, true}, Row{"private"_kj, "127.0.0.1/32"_kj, false},
        Row{"local"_kj, "192.168.0.0/16"_kj, true}}) {
    SCOPED_TRACE(kj::str(row.allow, " without ", row.deny).cStr());
    TestServer front(origin);
    front.addNetwork("net", {row.allow}, {row.deny});
    front.addHttpSocket("main", "net", config::HttpOptions::Style::Proxy);
    front.start();
    auto answer = front.exchange(0, kj::str("GET http://127.0.0.1:", origin.port(0),
                                            "/a.txt HTTP/1.1\r\nConnection: close\r\n\r\n"));
    EXPECT_EQ(answer.endsWith("hello\n"), row.reached) << answer.cStr();
  }
}

TEST(Server, HttpsNeedsTlsOptions) {
  TestServer server;
  server.addNetwork("net", {"private"_kj}, {});
  server.addHttpSocket("main", "net", config::HttpOptions::Style::Proxy);
  server.start();
  server.exchange(0, "GET https://127.0.0.1:1/ HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_NE(strstr(server.logged().cStr(), "this client has no TLS configuration"), nullptr);
}

TEST(Server, AnExternalServerThatCannotBeResolvedFailsTheRequestOnly) {
  TestServer server;
  server.addExternal("nowhere", kj::str("nowhere.invalid:80"));
  server.addHttpSocket("main", "nowhere");
  server.start();
  auto answer = server.exchange(0, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.startsWith("HTTP/1.1 500 ") || answer == "") << answer.cStr();
}

TEST(Server, TcpSocketsConnectToTheirService) {
  TestServer origin;
  origin.writeFile("a.txt", "hello\n");
  origin.addDisk("files");
  origin.addHttpSocket("main", "files");
  origin.start();
  TestServer front(origin);
  front.addExternalTcp("origin", kj::str("127.0.0.1:", origin.port(0)));
  front.addTcpSocket("main", "origin");
  front.start();
  auto answer = front.exchange(0, "GET /a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.endsWith("hello\n")) << answer.cStr();
}

TEST(Server, ConnectRequestsAreConnectEvents) {
  TestServer server;
  server.addWorker("echo",
                   [](kj::HttpMethod, kj::StringPtr, const kj::HttpHeaders&, kj::AsyncInputStream&,
                      kj::HttpService::Response&,
                      kj::Maybe<kj::StringPtr>) -> kj::Promise<void> { return kj::READY_NOW; });
  server.addHttpSocket("main", "echo").http.capnpConnectHost = "rpc"_kj;
  server.start();
  auto tunnel = server.connect(0);
  server.write(*tunnel, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
  EXPECT_TRUE(server.readUntil(*tunnel, "\r\n\r\n").startsWith("HTTP/1.1 200 OK\r\n"));
  server.write(*tunnel, "ping");
  EXPECT_EQ(server.readUntil(*tunnel, "ping"), "ping");

  // Not an event: a Cap'n Proto connection, which does not answer to what is none.
  auto rpc = server.connect(0);
  server.write(*rpc, "CONNECT rpc HTTP/1.1\r\nHost: rpc\r\n\r\n");
  EXPECT_TRUE(server.readUntil(*rpc, "\r\n\r\n").startsWith("HTTP/1.1 200 OK\r\n"));
}

}  // namespace
}  // namespace ocapd::server
