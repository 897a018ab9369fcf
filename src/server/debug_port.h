// DebugPort: lets tools reach every service of this process.
//
// Whoever can connect can reach everything: see docs/SECURITY.md. It listens on loopback addresses
// and unix sockets only, unless told otherwise; a unix socket takes its owner's connections only.
//
// Owns      its sockets and connections.
// Errors    what a peer does wrong ends its connection, and is logged.
// Limits    kConnectionsMax at a time; more are refused.
// Spec      src/wire/schema/worker_interface.capnp
#pragma once

#include "src/channel/directory.h"
#include "src/server/listener.h"

namespace ocapd::server {

class DebugPort final : public Listener {
 public:
  static constexpr kj::uint kConnectionsMax = 4096;

  struct Options {
    kj::String address;
    bool allowRemote = false;  // addresses that are no loopback ones
  };

  // `table` outlives the port.
  DebugPort(kj::UnixEventPort& eventPort, Logger& logger, kj::Own<channel::Directory> directory,
            const kj::HttpHeaderTable& table);
  ~DebugPort() noexcept(false) { stop(); }

  // Opens the sockets that `start()` takes.
  static kj::OneOf<kj::Vector<net::ListenSocket>, net::OpenError> open(const Options& options);

 private:
  kj::Promise<void> serve(kj::Own<kj::AsyncIoStream> stream, Peer peer) override;
  void drainConnections() override;

  Logger& logger_;
  kj::Own<channel::Directory> directory_;
  const kj::HttpHeaderTable& table_;
  kj::uint connections_ = 0;
  kj::Canceler serving_;
};

}  // namespace ocapd::server
