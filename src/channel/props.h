// Props: what whoever made a channel fixed for all events sent through it; `ctx.props`.
//
// Props carry authority: who gets a channel cannot change them.
//
// Owns      JSON text, a serialized value with the channels it refers to, or an object put together
//           from several of these.
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

  // An object and properties to be set on it, in order.
  struct Composite {
    kj::Own<Props> base;
    struct Property {
      kj::String name;
      kj::Own<Props> value;
    };
    kj::Array<Property> properties;
  };
  explicit Props(Composite composite) : value_(kj::mv(composite)) {}

  kj::Own<Props> addRef() { return kj::addRef(*this); }

  // One of the three.
  kj::Maybe<kj::StringPtr> json();
  // To be read once; the bytes are shared with these props.
  kj::Maybe<Message> message();
  kj::Maybe<Composite&> composite() { return value_.tryGet<Composite>(); }

 private:
  kj::OneOf<kj::String, Message, Composite> value_;
};

inline kj::Maybe<kj::Own<Props>> addRef(kj::Maybe<kj::Own<Props>>& props) {
  return props.map([](kj::Own<Props>& given) { return given->addRef(); });
}

}  // namespace ocapd::channel
