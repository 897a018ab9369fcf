// DurableObjectId: the 32 bytes that name a Durable Object, and the name they were made from.
//
// Spec      https://developers.cloudflare.com/durable-objects/api/id/
#pragma once

#include "src/channel/actor_channel.h"
#include "src/js/class.h"

namespace ocapd::api {

class DurableObjectId final : public js::Object {
 public:
  static constexpr const char* kClassName = "DurableObjectId";
  static const js::Class kClass;

  explicit DurableObjectId(channel::ActorId id) : id_(kj::mv(id)) {}
  // With its own properties.
  static v8::Local<v8::Object> make(js::Turn& turn, channel::ActorId id);

  kj::String toString() const { return id_.toHex(); }
  bool equals(DurableObjectId* other) const { return id_ == other->id_; }

  const channel::ActorId& id() const { return id_; }
  const js::Class& jsClass() const override { return kClass; }

 private:
  channel::ActorId id_;
};

}  // namespace ocapd::api
