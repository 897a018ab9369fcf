// InspectorServer: the HTTP and WebSocket side of the inspector, on a thread of its own: a script
// that is paused holds up its lane, not those who debug it.
//
// Owns      the thread, its connections, and the targets.
// Lives     longer than the workers.
// Threads   the lane's, but for what its thread does.
// Limits    messages of kMessageBytesMax from clients.
// Errors    an address that cannot be had is told by open().
// See       https://chromedevtools.github.io/devtools-protocol/#endpoints
#pragma once

#include <kj/mutex.h>
#include <kj/thread.h>

#include "src/server/inspector_target.h"
#include "src/server/net/listen_socket.h"

namespace ocapd::server {

class InspectorServer final : public InspectorTarget::Outlet {
 public:
  static constexpr size_t kMessageBytesMax = 64u << 20;

  // Listens on `address` and begins to serve.
  static kj::OneOf<kj::Own<InspectorServer>, net::OpenError> open(kj::StringPtr address);
  ~InspectorServer() noexcept(false);

  kj::uint port() const { return port_; }

  // A worker to debug, by its service's name; the same target each time.
  InspectorTarget& target(kj::StringPtr id);

 private:
  class Service;
  struct Running;

  InspectorServer(kj::uint port, kj::Vector<kj::AutoCloseFd> sockets);
  void run(kj::Vector<kj::AutoCloseFd> sockets);
  kj::Own<InspectorTarget> findTarget(kj::StringPtr id);
  void send(js::Inspector::SessionId session, kj::String message) const override;

  const kj::uint port_;
  const kj::Own<const kj::Executor> lane_;
  kj::MutexGuarded<kj::Vector<kj::Own<InspectorTarget>>> targets_;
  // What the thread shows of itself; null before it serves and once it has ended.
  kj::MutexGuarded<Running*> running_{nullptr};
  kj::Maybe<kj::Thread> thread_;
};

}  // namespace ocapd::server
