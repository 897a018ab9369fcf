// Props: what whoever made a channel fixed for all events sent through it; `ctx.props`.
//
// Props carry authority: who gets a channel cannot change them.
//
// Owns      JSON text, or a serialized value with the channels it refers to.
// Lives     reference-counted on its lane; never changes.
// Threads   its lane.
// See       https://developers.cloudflare.com/workers/runtime-apis/context/#props
#pragma once

#include "src/channel/service_channel.h"

namespace ocapd::channel {

class Props final : public kj::Refcounted {
 public:
  explicit Props(kj::String json) : value_(kj::mv(json)) {}
  // The externals are channels only.
  explicit Props(Message message) : value_(kj::mv(message)) {}

  kj::Own<Props> addRef() { return kj::addRef(*this); }

  // One of the two.
  kj::Maybe<kj::StringPtr> json();
  // To be read once; the bytes are shared with these props.
  kj::Maybe<Message> message();

 private:
  kj::OneOf<kj::String, Message> value_;
};

inline kj::Maybe<kj::Own<Props>> addRef(kj::Maybe<kj::Own<Props>>& props) {
  return props.map([](kj::Own<Props>& given) { return given->addRef(); });
}

}  // namespace ocapd::channel
