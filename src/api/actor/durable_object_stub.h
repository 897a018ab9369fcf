// DurableObject: a stub, which sends events to one Durable Object.
//
// Spec      https://developers.cloudflare.com/durable-objects/api/stub/
#pragma once

#include "src/api/fetch/fetcher.h"
#include "src/channel/actor_channel.h"

namespace ocapd::api {

class DurableObjectStub final : public Fetcher {
 public:
  static constexpr const char* kClassName = "DurableObject";
  static const js::Class kClass;

  explicit DurableObjectStub(kj::Own<channel::ActorChannel> channel) : Fetcher(kj::mv(channel)) {}

  const js::Class& jsClass() const override { return kClass; }
};

}  // namespace ocapd::api
