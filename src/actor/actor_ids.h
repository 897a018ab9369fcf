// ActorIds: makes and checks the ids of one namespace, bit for bit as the reference derives them.
//
// The namespace's unique key is hashed; an id is 16 bytes, random or derived from a name, and 16
// bytes that prove that they were made for this namespace.
//
// Threads   immutable.
#pragma once

#include "src/channel/actor_channel.h"

namespace ocapd::actor {

class ActorIds {
 public:
  explicit ActorIds(kj::StringPtr uniqueKey);

  channel::ActorId newUnique() const;
  channel::ActorId fromName(kj::ArrayPtr<const char> name) const;
  // None: of another length, or not of this namespace.
  kj::Maybe<channel::ActorId> fromBytes(kj::ArrayPtr<const kj::byte> bytes) const;

 private:
  static constexpr size_t kBaseBytes = channel::ActorId::kBytes / 2;

  // The first bytes of HMAC-SHA256, as many as `into` takes.
  void sign(kj::ArrayPtr<const kj::byte> message, kj::ArrayPtr<kj::byte> into) const;
  void signBase(channel::ActorId& id) const;

  std::array<kj::byte, 32> key_;
};

}  // namespace ocapd::actor
