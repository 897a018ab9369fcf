// TestServer: a server in the test's own event loop, from a Plan put together step by step.
//
// Owns      a temporary directory, removed in the end.
// Lives     one has the event loop; others may share it by being made from the first.
#pragma once

#include <initializer_list>
#include <map>

#include "src/server/server.h"

namespace ocapd::server {

// Keeps what is logged, by being the other end of the logger's descriptors.
class LogCapture {
 public:
  LogCapture();
  // All that was written so far.
  kj::String text();
  int fd() const { return file_.get(); }

 private:
  kj::AutoCloseFd file_;
};

// A worker that is C++: what its function does with an event is its behaviour.
using FakeWorker = kj::Function<kj::Promise<void>(
    kj::HttpMethod method, kj::StringPtr url, const kj::HttpHeaders& headers,
    kj::AsyncInputStream& requestBody, kj::HttpService::Response& response,
    kj::Maybe<kj::StringPtr> cfJson)>;

class TestServer {
 public:
  TestServer();
  // In the same event loop as another.
  explicit TestServer(TestServer& other);
  ~TestServer() noexcept(false);

  // --- the Plan ---
  void addDisk(kj::StringPtr name, bool writable = false, bool allowDotfiles = false);
  void addNetwork(kj::StringPtr name, std::initializer_list<kj::StringPtr> allow,
                  std::initializer_list<kj::StringPtr> deny);
  config::ExternalService::Http& addExternal(kj::StringPtr name, kj::String address);
  config::ExternalService::Tcp& addExternalTcp(kj::StringPtr name, kj::String address);
  void addWorker(kj::StringPtr name, FakeWorker worker);
  // A socket on 127.0.0.1 with a port of the kernel's choice.
  config::HttpSocket& addHttpSocket(
      kj::StringPtr name, kj::StringPtr service,
      config::HttpOptions::Style style = config::HttpOptions::Style::Host);
  config::TcpSocket& addTcpSocket(kj::StringPtr name, kj::StringPtr service);
  config::Socket& lastSocket() { return sockets_.back(); }

  // --- running ---
  bool tryStart();
  void start();
  kj::uint port(size_t socket) const { return server_->port(socket); }
  Server& get() { return *server_; }
  kj::AsyncIoContext& io() { return *io_; }
  kj::WaitScope& waitScope() { return io_->waitScope; }

  // --- talking to it ---
  kj::Own<kj::AsyncIoStream> connect(size_t socket);
  // Sends all and returns what comes back until the server closes.
  kj::String exchange(size_t socket, kj::StringPtr request);
  kj::String readToEnd(kj::AsyncIoStream& stream);
  // Reads up to and including `end`.
  kj::String readUntil(kj::AsyncIoStream& stream, kj::StringPtr end);
  void write(kj::AsyncIoStream& stream, kj::StringPtr text);

  // --- surroundings ---
  kj::StringPtr directory() const { return directory_; }
  void writeFile(kj::StringPtr name, kj::StringPtr content);
  kj::Maybe<kj::String> findFile(kj::StringPtr name);
  kj::String logged() { return log_.text(); }
  // What the control descriptor was told.
  kj::String controlled() { return control_.text(); }
  // The text lives as long as this.
  kj::StringPtr keep(kj::String text);

 private:
  class Workers;

  size_t indexOf(kj::StringPtr service);

  kj::Own<kj::AsyncIoContext> ownIo_;
  kj::AsyncIoContext* io_;
  LogCapture log_;
  LogCapture control_;
  kj::Own<Logger> logger_;
  kj::Own<Workers> workers_;
  kj::String directory_;
  kj::Vector<kj::String> texts_;
  kj::Vector<config::Service> services_;
  kj::Vector<config::Socket> sockets_;
  kj::Own<Server> server_;
};

}  // namespace ocapd::server
