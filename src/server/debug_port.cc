#include "src/server/debug_port.h"

#include <sys/stat.h>
#include <unistd.h>

#include <kj/debug.h>

#include "src/wire/debug_port.h"

namespace ocapd::server {

namespace {

constexpr kj::StringPtr kUnixPrefix = "unix:"_kj;

}  // namespace

DebugPort::DebugPort(kj::UnixEventPort& eventPort, Logger& logger,
                     kj::Own<channel::Directory> directory, const kj::HttpHeaderTable& table)
    : Listener(eventPort, logger, nullptr),
      logger_(logger),
      directory_(kj::mv(directory)),
      table_(table) {}

kj::OneOf<kj::Vector<net::ListenSocket>, net::OpenError> DebugPort::open(const Options& options) {
  bool isPath = options.address.startsWith(kUnixPrefix);
  // Nobody else may connect, not even before the mode is set.
  mode_t old = isPath ? ::umask(0177) : 0;
  KJ_DEFER(if (isPath)::umask(old));
  auto opened = net::ListenSocket::open(
      options.address, 0,
      options.allowRemote ? net::ListenSocket::Reach::Anybody : net::ListenSocket::Reach::Local);
  return opened;
}

kj::Promise<void> DebugPort::serve(kj::Own<kj::AsyncIoStream> stream, Peer peer) {
  KJ_IF_MAYBE(uid, peer.uid) {
    if (*uid != ::geteuid() && *uid != 0) {
      logger_.log(Logger::Level::Warning, __FILE__, __LINE__,
                  kj::str("debug port: refused a connection of user ", *uid));
      co_return;
    }
  }
  if (connections_ >= kConnectionsMax) {
    logger_.log(Logger::Level::Warning, __FILE__, __LINE__,
                kj::str("debug port: refused a connection, there are ", connections_));
    co_return;
  }
  ++connections_;
  KJ_DEFER(--connections_);
  logger_.log(Logger::Level::Info, __FILE__, __LINE__,
              kj::str("debug port: connection from ", peer.cfJson));
  auto externals = kj::refcounted<wire::Externals>();
  auto bootstrap = wire::hostDirectory(directory_->addRef(), table_, externals->addRef());
  co_await serving_.wrap(wire::serveConnection(*stream, kj::mv(bootstrap), *externals));
}

void DebugPort::drainConnections() {
  serving_.cancel(KJ_EXCEPTION(DISCONNECTED, "the server is shutting down"));
}

}  // namespace ocapd::server
