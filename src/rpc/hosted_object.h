// HostedObject: an object of this isolate that others hold a capability to.
//
// Owns      the object, as long as its event runs and anybody holds the capability.
// Lives     belongs to the event it was handed out in.
// Threads   its lane.
// Errors    calls after the event has ended fail and say so.
#pragma once

#include "src/rpc/serializer.h"

namespace ocapd::rpc {

// A capability to the object. Its disposer runs, in a turn of its own, when the last is dropped.
kj::Own<channel::Capability> host(js::Turn& turn, api::IoContext& context,
                                  v8::Local<v8::Object> object);

// The same, but the object stays somebody else's: its disposer does not run.
kj::Own<channel::Capability> hostBorrowed(js::Turn& turn, api::IoContext& context,
                                          v8::Local<v8::Object> object);

// A call's result as an object of its own, for calls that do not wait for it to arrive. None for
// what has no members.
struct HostedResult {
  kj::Own<channel::Capability> capability;
  bool hasDisposer;
};
kj::Maybe<HostedResult> hostResult(js::Turn& turn, api::IoContext& context,
                                   v8::Local<v8::Value> value, channel::Message& message,
                                   Stubs transferred);

// What is to be sent for a target that the sender keeps: what its dup() gives, or itself.
v8::Local<v8::Object> duplicateForSending(js::Turn& turn, v8::Local<v8::Object> target);

// A capability that passes through this event: the event's session, if it is one, stays open as
// long as it is held.
kj::Own<channel::Capability> shareInSession(api::IoContext& context,
                                            kj::Own<channel::Capability> capability);

// A capability on which every call fails.
kj::Own<channel::Capability> newBrokenCapability(kj::Exception reason);

}  // namespace ocapd::rpc
