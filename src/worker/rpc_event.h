// RpcEvent: one RPC session at an entrypoint: its top-level call, and what that call hands out.
//
// Owns      see event.h. The session is over when no call is under way and no capability that came
//           through it, in either direction, is held.
// Lives     until the caller drops it, which breaks what is left.
// Spec      https://developers.cloudflare.com/workers/runtime-apis/rpc/lifecycle/
#pragma once

#include "src/rpc/invocation.h"
#include "src/worker/event.h"

namespace ocapd::worker {

class RpcEvent final : public Event {
 public:
  using Event::Event;
  ~RpcEvent() noexcept(false);

  channel::RpcSession run();

 private:
  class TopLevel;
  kj::Promise<channel::Capability::Result> call(channel::Capability::Call call);
  void begin(js::Turn& turn, channel::Capability::Call call, api::IoOwn<rpc::Answer> answer);

  kj::Own<SessionCount> session_;
  bool called_ = false;
};

}  // namespace ocapd::worker
