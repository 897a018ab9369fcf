// Capability: one live object at the other end of an RPC session, and what is said to it.
//
// Whoever holds one may call it; there is no other way to reach the object. Messages are values
// serialized by rpc/, with the capabilities they carry beside the bytes; a transport between
// processes maps both, within a process they are handed over as they are.
//
// Owns      its way to the object; dropping the last reference tells the object's host.
// Lives     reference-counted on its lane. When the host's event ends, calls fail.
// Threads   its lane.
// Errors    what the callee threw is a Result; transports and lost hosts fail the promise.
// See       https://developers.cloudflare.com/workers/runtime-apis/rpc/
#pragma once

#include <kj/async-io.h>
#include <kj/one-of.h>
#include <kj/refcount.h>
#include <kj/string.h>

#include "src/channel/actor_class_channel.h"

namespace ocapd::channel {

class ServiceChannel;
struct Message;

class Capability : public kj::Refcounted {
 public:
  struct Call;
  struct Returned;
  struct Threw;
  using Result = kj::OneOf<Returned, Threw>;

  // Calls arrive in the order they were made.
  virtual kj::Promise<Result> call(Call call) = 0;

  // The same; a transport that can address a result before it has arrived gives in `result` what
  // stands for it, others leave that null.
  virtual kj::Promise<Result> callPipelined(Call call, kj::Own<Capability>& result);

  kj::Own<Capability> addRef() { return kj::addRef(*this); }
};

// A stream's bytes, going with the message.
struct ReadableExternal {
  kj::Own<kj::AsyncInputStream> stream;
  kj::Maybe<uint64_t> length;
};
// Where bytes may be written to. Dropping it without end() aborts.
class ByteSink : public kj::AsyncOutputStream {
 public:
  virtual kj::Promise<void> end() = 0;
};
struct WritableExternal {
  kj::Own<ByteSink> sink;
};
// Resolves with the serialized reason; dropped: it never will.
struct AbortExternal {
  kj::Promise<kj::Own<Message>> aborted;
};

using External = kj::OneOf<kj::Own<Capability>, kj::Own<ServiceChannel>, kj::Own<ActorClassChannel>,
                           ReadableExternal, WritableExternal, AbortExternal>;

struct Message {
  kj::Array<const kj::byte> data;  // V8's format, version 15, with header
  kj::Array<External> externals;   // in the order of the host objects in `data`
};

struct Capability::Call {
  kj::Array<kj::String> path;    // members to descend through; empty: the object itself
  bool isGet = false;            // reads the last member instead of calling it
  kj::Maybe<Message> arguments;  // an Array; none: no arguments
};

struct Capability::Returned {
  Message value;
  // The result as an object to be called before anybody has read it. Dropped: nobody will.
  kj::Own<Capability> pipeline;
  // The result has a disposer at its host, which runs when `pipeline` is dropped.
  bool hasDisposer = false;
};

struct Capability::Threw {
  kj::Exception exception;   // tunnelled text: "remote.jsg.TypeError: …"
  kj::Maybe<Message> value;  // what was thrown, if it can travel
};

// One RPC event at an entrypoint.
struct RpcSession {
  kj::Own<Capability> topLevel;  // takes one call
  // Resolves when nothing of the session is left: no call under way, no capability held.
  kj::Promise<void> done;
};

}  // namespace ocapd::channel
