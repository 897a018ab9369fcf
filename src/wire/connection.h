// One two-party Cap'n Proto connection, either side.
//
// Owns      the stream and all that the peer holds of us: dropping it drops that.
// Threads   its lane.
// Limits    kMessageWordsMax per message; a longer one ends the connection.
// Errors    a connection that breaks fails all that was under way with DISCONNECTED.
#pragma once

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>

#include "src/wire/externals.h"

namespace ocapd::wire {

constexpr uint64_t kMessageWordsMax = 8u << 20;

// Serves `bootstrap` to whoever is at the other end, until it leaves. Never rejects for what the
// peer does.
kj::Promise<void> serveConnection(kj::AsyncIoStream& stream, capnp::Capability::Client bootstrap,
                                  Externals& externals);

// A connection of ours, once it is there.
class ClientConnection final : public kj::Refcounted {
 public:
  explicit ClientConnection(kj::Promise<kj::Own<kj::AsyncIoStream>> stream);
  ~ClientConnection() noexcept(false);

  capnp::Capability::Client bootstrap() { return bootstrap_; }
  Externals& externals() { return *externals_; }
  bool isLost() const { return isLost_; }

 private:
  struct Live;

  kj::Promise<capnp::Capability::Client> start(kj::Promise<kj::Own<kj::AsyncIoStream>> stream);

  kj::Own<Externals> externals_;
  kj::Own<Live> live_;
  bool isLost_ = false;
  kj::Promise<void> watching_ = nullptr;
  kj::Canceler connecting_;
  capnp::Capability::Client bootstrap_;  // first to go
};

}  // namespace ocapd::wire
