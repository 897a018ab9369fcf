// CallState: what is known of a call under way at the side that made it.
//
// Owns      the way to the result's members: until it is there, calls to them wait here in order.
// Lives     belongs to the caller's event; shared by the promise and by what waits for the answer.
// Threads   its lane.
#pragma once

#include "src/channel/capability.h"
#include "src/rpc/serializer.h"

namespace ocapd::rpc {

// Calls to what is not there yet.
class PendingCapability final : public channel::Capability {
 public:
  kj::Promise<Result> call(Call call) override;

  // `target` null: the result has no members.
  void resolve(kj::Maybe<kj::Own<channel::Capability>> target);
  void reject(kj::Exception reason);

 private:
  struct Waiting {
    Call call;
    kj::Own<kj::PromiseFulfiller<Result>> fulfiller;
  };
  kj::Vector<Waiting> waiting_;
  kj::Maybe<kj::Own<channel::Capability>> target_;
  // Keeps calls that went on to the target running.
  bool resolved_ = false;
};

class CallState final : public kj::Refcounted {
 public:
  kj::Own<CallState> addRef() { return kj::addRef(*this); }

  // Where calls to members of the result go.
  kj::Own<channel::Capability> pipeline();
  bool isSettled() const { return settled_; }

  // What stands for the result at a transport that can address it already; null elsewhere.
  kj::Own<channel::Capability> early;

  // The answer has arrived, outside of any turn.
  void arrived(channel::Capability::Result& result);
  void failed(const kj::Exception& reason);

  // Stubs in the result, and what keeps its disposer at the other side from running.
  Stubs stubs;
  kj::Own<channel::Capability> remoteDisposer;
  void disposeResult();
  bool disposeOnArrival = false;

 private:
  kj::Maybe<kj::Own<PendingCapability>> pending_;
  bool settled_ = false;
};

// Sends a call, or reads a member, on the way that `remote` gives. Never throws but at a script's
// top level.
class RpcPromise;
RpcPromise* send(js::Turn& turn, Remote& remote, bool isGet,
                 kj::Maybe<v8::Local<v8::Value>> arguments);

}  // namespace ocapd::rpc
