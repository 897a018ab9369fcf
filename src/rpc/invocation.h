// Invocation: one call as its receiver sees it: the way to the member, the call, the answer.
//
// Threads   the lane's; begun in a turn of the receiver's event.
// Errors    everything the receiver throws is part of the answer.
// See       visibility.h
#pragma once

#include "src/channel/capability.h"
#include "src/rpc/serializer.h"
#include "src/rpc/visibility.h"

namespace ocapd::rpc {

// Where a call's result is waited for. Belongs to the receiver's event: when that ends first, the
// caller is told so.
class Answer {
 public:
  Answer(kj::Own<kj::PromiseFulfiller<channel::Capability::Result>> fulfiller)
      : fulfiller_(kj::mv(fulfiller)) {}
  ~Answer() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(Answer);

  void returned(js::Turn& turn, api::IoContext& context, v8::Local<v8::Value> value);
  void threw(js::Turn& turn, api::IoContext& context, v8::Local<v8::Value> reason);
  void failed(kj::Exception exception);

  // Stubs that came as arguments; disposed with the answer unless the receiver duplicated them.
  Stubs received;

 private:
  // An actor's answer waits for its writes.
  void settle(api::IoContext& context, channel::Capability::Result result);

  kj::Own<kj::PromiseFulfiller<channel::Capability::Result>> fulfiller_;
};

// What a path starts at.
struct Receiver {
  v8::Local<v8::Object> object;
  Mode mode = Mode::Instance;
  Root root = Root::Object;
  // Functions of an object of handlers take one argument of the caller's, then these.
  bool isHandlers = false;
  v8::Local<v8::Value> env;
  v8::Local<v8::Value> ctx;
};

// Follows the path and calls, or reads. The answer is given in this turn or a later one.
void invoke(js::Turn& turn, api::IoContext& context, const Receiver& receiver,
            channel::Capability::Call call, api::IoOwn<Answer> answer);

// "remote.jsg.TypeError: …", with what was thrown if it can travel.
channel::Capability::Threw describeThrown(js::Turn& turn, api::IoContext& context,
                                          v8::Local<v8::Value> reason);

}  // namespace ocapd::rpc
