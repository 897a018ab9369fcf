// ActorChannel: one Durable Object, ready to receive events. ActorNamespace: all those of a class.
//
// An actor's channel is a service's to whoever only sends events; what is special about it happens
// on the other side. It finds its actor when it is first used and stays with it: when that one
// breaks, the channel is broken, and whoever wants to go on asks the namespace for another.
//
// Lives     as service_channel.h has it. Holding a channel keeps no actor awake.
// Threads   its lane only.
// See       https://developers.cloudflare.com/durable-objects/api/namespace/
#pragma once

#include <array>

#include <kj/array.h>

#include "src/channel/service_channel.h"

namespace ocapd::channel {

struct ActorId {
  static constexpr size_t kBytes = 32;

  std::array<kj::byte, kBytes> bytes;
  kj::Maybe<kj::String> name;  // UTF-8, or WTF-8 when JavaScript gave lone surrogates

  ActorId clone() const;
  kj::String toHex() const;
  bool operator==(const ActorId& other) const { return bytes == other.bytes; }
};

class ActorChannel : public ServiceChannel {};

class ActorNamespace {
 public:
  virtual ~ActorNamespace() noexcept(false) = default;

  // Colo-local: actors are named by strings, live in memory and have no storage.
  virtual bool isEphemeral() const = 0;

  virtual ActorId newUniqueId() = 0;
  virtual ActorId idFromName(kj::ArrayPtr<const char> name) = 0;
  // None: not an id of this namespace.
  virtual kj::Maybe<ActorId> idFromBytes(kj::ArrayPtr<const kj::byte> bytes) = 0;

  virtual kj::Own<ActorChannel> getActor(ActorId id) = 0;
  virtual kj::Own<ActorChannel> getEphemeralActor(kj::String name) = 0;
};

}  // namespace ocapd::channel
