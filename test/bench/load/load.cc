// load: sends HTTP/1.1 requests over keep-alive connections and counts the answers.
//
//   load --port=N [--connections=N] [--requests=N] [--method=M] [--path=P] [--header=LINE]...
//        [--body=BYTES] [--expect=BYTES]
//
// Each connection has one request under way at a time. Prints one line of JSON; ends with 1 at the
// first answer that is not "200 OK" or, with --expect, has a body of another length.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "http_client.h"

namespace ocapd::bench {
namespace {

constexpr size_t kReadBytes = 256 * 1024;
constexpr size_t kBodyPartBytes = 256 * 1024;

struct Options {
  int port = 0;
  size_t connections = 1;
  uint64_t requests = 1;
  std::string method = "GET";
  std::string path = "/";
  std::string headers;
  uint64_t bodyBytes = 0;
  int64_t expectedBytes = -1;
};

[[noreturn]] void fail(const std::string& what) {
  fprintf(stderr, "load: %s\n", what.c_str());
  exit(1);
}

double now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Options readOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string_view argument = argv[i];
    size_t equals = argument.find('=');
    if (equals == std::string_view::npos) fail("no value in " + std::string(argument));
    std::string_view name = argument.substr(0, equals);
    const char* value = argv[i] + equals + 1;
    if (name == "--port")
      options.port = atoi(value);
    else if (name == "--connections")
      options.connections = strtoull(value, nullptr, 10);
    else if (name == "--requests")
      options.requests = strtoull(value, nullptr, 10);
    else if (name == "--method")
      options.method = value;
    else if (name == "--path")
      options.path = value;
    else if (name == "--header")
      options.headers += std::string(value) + "\r\n";
    else if (name == "--body")
      options.bodyBytes = strtoull(value, nullptr, 10);
    else if (name == "--expect")
      options.expectedBytes = strtoll(value, nullptr, 10);
    else
      fail("unknown option " + std::string(argument));
  }
  options.connections = std::min<uint64_t>(options.connections, options.requests);
  return options;
}

// One connection: writes the request, reads the answer, over and over.
class Connection {
 public:
  Connection(const Options& options, std::string_view head, std::string_view bodyPart)
      : options_(options), head_(head), bodyPart_(bodyPart) {}

  void open(int poll) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(options_.port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      fail(std::string("connect: ") + strerror(errno));
    }
    int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    fcntl(socket_, F_SETFL, O_NONBLOCK);
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.ptr = this}};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, socket_, &event) != 0) fail("epoll_ctl");
  }

  void startRequest() {
    sent_ = 0;
    started_ = now();
    reader_.reset();
    write();
  }

  // Sends what the socket takes.
  void write() {
    uint64_t total = head_.size() + options_.bodyBytes;
    while (sent_ < total) {
      iovec parts[2];
      int count = 0;
      uint64_t bodySent = sent_ > head_.size() ? sent_ - head_.size() : 0;
      if (sent_ < head_.size()) {
        parts[count++] = {const_cast<char*>(head_.data()) + sent_, head_.size() - sent_};
      }
      size_t bodyNow = std::min<uint64_t>(options_.bodyBytes - bodySent, bodyPart_.size());
      if (bodyNow > 0) parts[count++] = {const_cast<char*>(bodyPart_.data()), bodyNow};
      ssize_t written = writev(socket_, parts, count);
      if (written < 0) {
        if (errno == EAGAIN) return;
        fail(std::string("write: ") + strerror(errno));
      }
      sent_ += static_cast<uint64_t>(written);
    }
  }

  // Reads what has come. Returns whether the answer is complete.
  bool read() {
    static char buffer[kReadBytes];
    while (true) {
      ssize_t bytes = ::read(socket_, buffer, sizeof(buffer));
      if (bytes < 0 && errno == EAGAIN) return false;
      if (bytes <= 0) fail("the server closed the connection");
      std::string_view rest(buffer, static_cast<size_t>(bytes));
      rest.remove_prefix(reader_.feed(rest));
      if (reader_.state() == ResponseReader::State::Broken) fail("not an HTTP/1.1 answer");
      if (reader_.state() != ResponseReader::State::Done) continue;
      if (!rest.empty()) fail("more bytes than the answer has");
      check();
      return true;
    }
  }

  double started() const { return started_; }
  uint64_t bodyBytes() const { return reader_.bodyBytes(); }

 private:
  void check() const {
    if (reader_.status() != 200) fail("status " + std::to_string(reader_.status()));
    if (options_.expectedBytes >= 0 &&
        reader_.bodyBytes() != static_cast<uint64_t>(options_.expectedBytes)) {
      fail("a body of " + std::to_string(reader_.bodyBytes()) + " bytes");
    }
  }

  const Options& options_;
  std::string_view head_;
  std::string_view bodyPart_;
  int socket_ = -1;
  uint64_t sent_ = 0;
  double started_ = 0;
  ResponseReader reader_;
};

std::string makeHead(const Options& options) {
  std::string head = options.method + " " + options.path +
                     " HTTP/1.1\r\nHost: localhost:" + std::to_string(options.port) + "\r\n" +
                     options.headers;
  if (options.bodyBytes > 0 || options.method == "POST") {
    head += "Content-Length: " + std::to_string(options.bodyBytes) + "\r\n";
  }
  return head + "\r\n";
}

double quantile(const std::vector<float>& sorted, double part) {
  return sorted[static_cast<size_t>(static_cast<double>(sorted.size() - 1) * part)] * 1e6;
}

int run(const Options& options) {
  std::string head = makeHead(options);
  std::string bodyPart(std::min<uint64_t>(options.bodyBytes, kBodyPartBytes), 'x');
  std::vector<Connection> connections(options.connections, Connection(options, head, bodyPart));
  int poll = epoll_create1(EPOLL_CLOEXEC);
  uint64_t begun = 0;
  uint64_t bytes = 0;
  std::vector<float> latencies;
  latencies.reserve(options.requests);
  for (Connection& connection : connections) connection.open(poll);

  double start = now();
  for (Connection& connection : connections) {
    if (begun < options.requests) {
      ++begun;
      connection.startRequest();
    }
  }
  std::vector<epoll_event> events(options.connections);
  while (latencies.size() < options.requests) {
    int count = epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      auto& connection = *static_cast<Connection*>(events[i].data.ptr);
      if (events[i].events & EPOLLOUT) connection.write();
      if (!(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || !connection.read()) continue;
      latencies.push_back(static_cast<float>(now() - connection.started()));
      bytes += connection.bodyBytes();
      if (begun < options.requests) {
        ++begun;
        connection.startRequest();
      }
    }
  }
  double seconds = now() - start;
  std::sort(latencies.begin(), latencies.end());
  printf("{\"requests\":%zu,\"seconds\":%.6f,\"bytes\":%lu,\"p50us\":%.1f,\"p99us\":%.1f}\n",
         latencies.size(), seconds, bytes, quantile(latencies, 0.5), quantile(latencies, 0.99));
  return 0;
}

}  // namespace
}  // namespace ocapd::bench

int main(int argc, char** argv) {
  return ocapd::bench::run(ocapd::bench::readOptions(argc, argv));
}
