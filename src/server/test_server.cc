#include "src/server/test_server.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include <kj/debug.h>

namespace ocapd::server {
namespace {

class FakeWorkerService final : public Service, private channel::RequestTarget {
 public:
  explicit FakeWorkerService(FakeWorker& worker) : worker_(worker) {}

  kj::Own<channel::ServiceChannel> getChannel(kj::Maybe<kj::StringPtr> entrypoint,
                                              kj::Maybe<kj::Own<channel::Props>> props) override {
    return kj::refcounted<Channel>(worker_);
  }

 private:
  class Target final : public channel::RequestTarget {
   public:
    Target(FakeWorker& worker, channel::RequestMetadata metadata)
        : worker_(worker), metadata_(kj::mv(metadata)) {}

    kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                              const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                              Response& response) override {
      return worker_(method, url, headers, requestBody, response,
                     metadata_.cfJson.map([](const kj::String& s) -> kj::StringPtr { return s; }));
    }
    // Echoes, so that tests see both directions.
    kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                              kj::AsyncIoStream& connection, ConnectResponse& response,
                              kj::HttpConnectSettings settings) override {
      response.accept(200, "OK"_kj, headers);
      co_await connection.pumpTo(connection);
      connection.shutdownWrite();
    }

   private:
    FakeWorker& worker_;
    channel::RequestMetadata metadata_;
  };

  class Channel final : public channel::ServiceChannel {
   public:
    explicit Channel(FakeWorker& worker) : worker_(worker) {}
    kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
      return kj::heap<Target>(worker_, kj::mv(metadata));
    }

   private:
    FakeWorker& worker_;
  };

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override {
    KJ_UNREACHABLE;
  }

  FakeWorker& worker_;
};

config::ServiceRef refTo(size_t service) {
  return config::ServiceRef{service, nullptr, nullptr};
}

}  // namespace

class TestServer::Workers final : public WorkerServiceFactory {
 public:
  std::map<kj::StringPtr, FakeWorker> workers;

  kj::Own<Service> makeWorker(kj::StringPtr name, const config::WorkerService& worker,
                              const kj::HttpHeaderTable& headerTable,
                              ErrorReporter& errors) override {
    return kj::heap<FakeWorkerService>(workers.at(name));
  }
};

LogCapture::LogCapture() : file_(::memfd_create("log", MFD_CLOEXEC)) {}

kj::String LogCapture::text() {
  kj::Vector<char> result;
  char buffer[4096];
  ssize_t n;
  while ((n = ::pread(file_.get(), buffer, sizeof(buffer), result.size())) > 0) {
    result.addAll(buffer, buffer + n);
  }
  result.add('\0');
  return kj::String(result.releaseAsArray());
}

TestServer::TestServer()
    : ownIo_(kj::heap(kj::setupAsyncIo())),
      io_(ownIo_),
      logger_(kj::heap<Logger>(Logger::Detail::Normal, log_.fd(), log_.fd())),
      workers_(kj::heap<Workers>()) {
  char path[] = "/tmp/ocapd-server-test-XXXXXX";
  KJ_ASSERT(::mkdtemp(path) != nullptr);
  directory_ = kj::heapString(path);
}

TestServer::TestServer(TestServer& other)
    : io_(other.io_),
      logger_(kj::heap<Logger>(Logger::Detail::Normal, log_.fd(), log_.fd())),
      workers_(kj::heap<Workers>()) {}

TestServer::~TestServer() noexcept(false) {
  if (directory_.size() > 0) std::filesystem::remove_all(directory_.cStr());
}

kj::StringPtr TestServer::keep(kj::String text) {
  return texts_.add(kj::mv(text));
}

void TestServer::addDisk(kj::StringPtr name, bool writable, bool allowDotfiles) {
  config::DiskService disk{directory_, writable, allowDotfiles};
  services_.add(config::Service{name, kj::mv(disk)});
}

void TestServer::addNetwork(kj::StringPtr name, std::initializer_list<kj::StringPtr> allow,
                            std::initializer_list<kj::StringPtr> deny) {
  config::NetworkService network;
  network.allow = kj::heapArray<kj::StringPtr>(allow);
  network.deny = kj::heapArray<kj::StringPtr>(deny);
  services_.add(config::Service{name, kj::mv(network)});
}

config::ExternalService::Http& TestServer::addExternal(kj::StringPtr name, kj::String address) {
  config::ExternalService external;
  external.address = keep(kj::mv(address));
  external.protocol = config::ExternalService::Http{};
  services_.add(config::Service{name, kj::mv(external)});
  return services_.back()
      .kind.get<config::ExternalService>()
      .protocol.get<config::ExternalService::Http>();
}

config::ExternalService::Tcp& TestServer::addExternalTcp(kj::StringPtr name, kj::String address) {
  config::ExternalService external;
  external.address = keep(kj::mv(address));
  external.protocol = config::ExternalService::Tcp{};
  services_.add(config::Service{name, kj::mv(external)});
  return services_.back()
      .kind.get<config::ExternalService>()
      .protocol.get<config::ExternalService::Tcp>();
}

void TestServer::addWorker(kj::StringPtr name, FakeWorker worker) {
  workers_->workers.emplace(name, kj::mv(worker));
  services_.add(config::Service{name, config::WorkerService{}});
}

config::HttpSocket& TestServer::addHttpSocket(kj::StringPtr name, kj::StringPtr service,
                                              config::HttpOptions::Style style) {
  config::HttpSocket http;
  http.http.style = style;
  sockets_.add(config::Socket{name, "127.0.0.1:0"_kj, kj::mv(http), refTo(indexOf(service))});
  return sockets_.back().protocol.get<config::HttpSocket>();
}

config::TcpSocket& TestServer::addTcpSocket(kj::StringPtr name, kj::StringPtr service) {
  sockets_.add(
      config::Socket{name, "127.0.0.1:0"_kj, config::TcpSocket{}, refTo(indexOf(service))});
  return sockets_.back().protocol.get<config::TcpSocket>();
}

size_t TestServer::indexOf(kj::StringPtr service) {
  for (size_t i = 0; i < services_.size(); i++) {
    if (services_[i].name == service) return i;
  }
  KJ_FAIL_ASSERT("no such service", service);
}

bool TestServer::tryStart() {
  server_ = kj::heap<Server>(*io_, *logger_, *workers_, ControlChannel(control_.fd()));
  config::Plan plan;
  plan.services = services_.releaseAsArray();
  plan.sockets = sockets_.releaseAsArray();
  return server_->start(kj::mv(plan));
}

void TestServer::start() {
  KJ_ASSERT(tryStart(), logged());
}

kj::Own<kj::AsyncIoStream> TestServer::connect(size_t socket) {
  auto address = io_->provider->getNetwork()
                     .parseAddress(kj::str("127.0.0.1:", port(socket)))
                     .wait(waitScope());
  return address->connect().wait(waitScope());
}

void TestServer::write(kj::AsyncIoStream& stream, kj::StringPtr text) {
  stream.write(text.begin(), text.size()).wait(waitScope());
}

kj::String TestServer::readToEnd(kj::AsyncIoStream& stream) {
  return stream.readAllText().wait(waitScope());
}

kj::String TestServer::readUntil(kj::AsyncIoStream& stream, kj::StringPtr end) {
  kj::Vector<char> text;
  for (;;) {
    char c;
    size_t n = stream.tryRead(&c, 1, 1).wait(waitScope());
    if (n > 0) text.add(c);
    bool complete = text.size() >= end.size() &&
                    text.asPtr().slice(text.size() - end.size(), text.size()) == end.asArray();
    if (n == 0 || complete) {
      text.add('\0');
      return kj::String(text.releaseAsArray());
    }
  }
}

kj::String TestServer::exchange(size_t socket, kj::StringPtr request) {
  auto stream = connect(socket);
  write(*stream, request);
  return readToEnd(*stream);
}

void TestServer::writeFile(kj::StringPtr name, kj::StringPtr content) {
  std::filesystem::path path(kj::str(directory_, "/", name).cStr());
  std::filesystem::create_directories(path.parent_path());
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  KJ_ASSERT(fd >= 0, name);
  kj::FdOutputStream(kj::AutoCloseFd(fd)).write(content.begin(), content.size());
}

kj::Maybe<kj::String> TestServer::findFile(kj::StringPtr name) {
  int fd = ::open(kj::str(directory_, "/", name).cStr(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return nullptr;
  return kj::FdInputStream(kj::AutoCloseFd(fd)).readAllText();
}

}  // namespace ocapd::server
