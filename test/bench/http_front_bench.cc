// What an HTTP answer costs without JavaScript: CPU time of the server's thread per request.
//
// A client thread sends one request after another on one kept-alive connection to a service that
// answers "Hello World!" at once, to a small file, and to a 64 MB file. Run it alone on the
// machine:
//   bazel run //test/bench:http_front_bench [-- REQUESTS]

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include <kj/debug.h>
#include <kj/thread.h>

#include "src/server/test_server.h"

namespace ocapd::server {
namespace {

constexpr size_t kBigFileBytes = 64 << 20;
constexpr int kRequestsDefault = 100'000;

double threadCpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

double wallSeconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

kj::AutoCloseFd connectTo(kj::uint port) {
  int fd;
  KJ_SYSCALL(fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  kj::AutoCloseFd result(fd);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  KJ_SYSCALL(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)));
  int on = 1;
  KJ_SYSCALL(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
  return result;
}

// Sends and receives until `count` answers of the same size have come.
void requestRepeatedly(kj::uint port, kj::StringPtr path, int count) {
  auto fd = connectTo(port);
  auto request = kj::str("GET ", path,
                         " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\n"
                         "Accept: */*\r\n\r\n");
  auto buffer = kj::heapArray<char>(1 << 20);
  size_t answerBytes = 0;
  for (int i = 0; i < count; i++) {
    KJ_SYSCALL(::send(fd.get(), request.begin(), request.size(), 0));
    size_t received = 0;
    do {
      ssize_t n;
      KJ_SYSCALL(n = ::recv(fd.get(), buffer.begin(), buffer.size(), 0));
      KJ_ASSERT(n > 0, "the server has closed the connection");
      if (answerBytes == 0) {
        auto* end = static_cast<char*>(memmem(buffer.begin(), n, "\r\n\r\n", 4));
        auto* length = static_cast<char*>(memmem(buffer.begin(), n, "Content-Length: ", 16));
        answerBytes = (end + 4 - buffer.begin()) + strtoull(length + 16, nullptr, 10);
      }
      received += n;
    } while (received < answerBytes);
  }
}

void measurePort(TestServer& server, kj::StringPtr name, kj::uint port, kj::StringPtr path,
                 int count, size_t bytesEach) {
  auto done = kj::newPromiseAndCrossThreadFulfiller<void>();
  double cpu = threadCpuSeconds();
  double wall = wallSeconds();
  kj::Thread client([&]() {
    requestRepeatedly(port, path, count);
    done.fulfiller->fulfill();
  });
  done.promise.wait(server.waitScope());
  cpu = threadCpuSeconds() - cpu;
  wall = wallSeconds() - wall;
  printf("%-12s %8.2f us CPU per request, %8.2f us wall", name.cStr(), cpu / count * 1e6,
         wall / count * 1e6);
  if (bytesEach > 0) printf(", %.2f GB/s", bytesEach * count / wall * 1e-9);
  printf("\n");
}

void measure(TestServer& server, kj::StringPtr name, size_t socket, kj::StringPtr path, int count,
             size_t bytesEach) {
  measurePort(server, name, server.port(socket), path, count, bytesEach);
}

// The same answer from KJ's HTTP server on KJ's own sockets, to compare with.
class BareService final : public kj::HttpService {
 public:
  explicit BareService(const kj::HttpHeaderTable& table) : table_(table) {}

  kj::Promise<void> request(kj::HttpMethod, kj::StringPtr, const kj::HttpHeaders&,
                            kj::AsyncInputStream&, Response& response) override {
    constexpr auto kText = "Hello World!"_kj;
    kj::HttpHeaders headers(table_);
    headers.set(kj::HttpHeaderId::CONTENT_TYPE, "text/plain;charset=UTF-8"_kj);
    auto body = response.send(200, "OK", headers, kText.size());
    auto written = body->write(kText.begin(), kText.size());
    return written.attach(kj::mv(body));
  }

 private:
  const kj::HttpHeaderTable& table_;
};

void measureBareKj(TestServer& server, int requests) {
  auto& network = server.io().provider->getNetwork();
  auto address = network.parseAddress("127.0.0.1").wait(server.waitScope());
  auto receiver = address->listen();
  BareService service(server.get().headerTable());
  kj::HttpServer http(server.io().provider->getTimer(), server.get().headerTable(), service);
  auto listening = http.listenHttp(*receiver).eagerlyEvaluate(nullptr);
  measurePort(server, "bare KJ", receiver->getPort(), "/", requests, 0);
}

void run(int requests) {
  TestServer server;
  server.writeFile("small", "Hello World!");
  server.writeFile("big", kj::heapString(kBigFileBytes));
  server.addDisk("files");
  server.addWorker("hello", [](kj::HttpMethod, kj::StringPtr, const kj::HttpHeaders& headers,
                               kj::AsyncInputStream&, kj::HttpService::Response& response,
                               kj::Maybe<kj::StringPtr>) {
    constexpr auto kText = "Hello World!"_kj;
    auto answer = headers.cloneShallow();
    answer.clear();
    answer.set(kj::HttpHeaderId::CONTENT_TYPE, "text/plain;charset=UTF-8"_kj);
    auto body = response.send(200, "OK", answer, kText.size());
    auto written = body->write(kText.begin(), kText.size());
    return written.attach(kj::mv(body));
  });
  server.addHttpSocket("hello", "hello");
  server.addHttpSocket("files", "files");
  server.start();
  measure(server, "warm-up", 0, "/", requests / 10, 0);
  measure(server, "hello", 0, "/", requests, 0);
  measureBareKj(server, requests);
  measure(server, "small file", 1, "/small", requests, 0);
  measure(server, "64 MB file", 1, "/big", 20, kBigFileBytes);
}

}  // namespace
}  // namespace ocapd::server

int main(int argc, char** argv) {
  ocapd::server::run(argc > 1 ? atoi(argv[1]) : ocapd::server::kRequestsDefault);
  return 0;
}
