#include "src/channel/capability.h"

#include "src/channel/service_channel.h"

namespace ocapd::channel {

kj::Promise<Capability::Result> Capability::callPipelined(Call call, kj::Own<Capability>&) {
  return this->call(kj::mv(call));
}

}  // namespace ocapd::channel
