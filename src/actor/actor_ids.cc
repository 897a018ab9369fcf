#include "src/actor/actor_ids.h"

#include <string.h>

#include <kj/debug.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace ocapd::actor {

using channel::ActorId;

ActorIds::ActorIds(kj::StringPtr uniqueKey) {
  SHA256(uniqueKey.asBytes().begin(), uniqueKey.size(), key_.data());
}

void ActorIds::sign(kj::ArrayPtr<const kj::byte> message, kj::ArrayPtr<kj::byte> into) const {
  kj::byte digest[SHA256_DIGEST_LENGTH];
  unsigned size = 0;
  KJ_ASSERT(HMAC(EVP_sha256(), key_.data(), int(key_.size()), message.begin(), message.size(),
                 digest, &size) != nullptr);
  memcpy(into.begin(), digest, into.size());
}

void ActorIds::signBase(ActorId& id) const {
  sign(kj::arrayPtr(id.bytes.data(), kBaseBytes),
       kj::arrayPtr(id.bytes.data() + kBaseBytes, kBaseBytes));
}

ActorId ActorIds::newUnique() const {
  ActorId id;
  KJ_ASSERT(RAND_bytes(id.bytes.data(), kBaseBytes) == 1);
  signBase(id);
  return id;
}

ActorId ActorIds::fromName(kj::ArrayPtr<const char> name) const {
  ActorId id;
  sign(name.asBytes(), kj::arrayPtr(id.bytes.data(), kBaseBytes));
  signBase(id);
  id.name = kj::heapString(name);
  return id;
}

kj::Maybe<ActorId> ActorIds::fromBytes(kj::ArrayPtr<const kj::byte> bytes) const {
  if (bytes.size() != ActorId::kBytes) return nullptr;
  ActorId id;
  memcpy(id.bytes.data(), bytes.begin(), kBaseBytes);
  signBase(id);
  if (kj::arrayPtr(id.bytes.data(), id.bytes.size()) != bytes) return nullptr;
  return kj::mv(id);
}

}  // namespace ocapd::actor
