#include "src/channel/actor_channel.h"

#include <kj/encoding.h>

namespace ocapd::channel {

ActorId ActorId::clone() const {
  return ActorId{bytes, name.map([](const kj::String& text) { return kj::str(text); })};
}

kj::String ActorId::toHex() const {
  return kj::encodeHex(kj::arrayPtr(bytes.data(), bytes.size()));
}

}  // namespace ocapd::channel
