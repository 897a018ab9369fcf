// Visibility: which members of an object a caller on the other side of RPC can reach.
//
// The security boundary of RPC: every step of every path is decided by findMember(), and nowhere
// else.
//
//   object                                        reachable
//   entrypoint or actor instance, RpcTarget       members of its prototypes, but for those of
//                                                 Object.prototype and those hidden by an own one
//   plain object, function, object of handlers    own properties
//   stub, service binding                         what they name (they ask the other side)
//   anything else                                 nothing
//
// A Proxy is what its prototype chain says it is.
//
// Spec      https://developers.cloudflare.com/workers/runtime-apis/rpc/visibility/
#pragma once

#include "src/js/turn.h"

namespace ocapd::rpc {

enum class Mode : uint8_t {
  None,      // nothing is reachable
  Class,     // members of prototypes
  Instance,  // own properties
  Remote,    // a stub: whatever it names
};

// Where the path starts, which decides what names are reserved.
enum class Root : uint8_t { Entrypoint, Object };

// How a value found on the way may be descended into.
Mode modeOf(js::Turn& turn, v8::Local<v8::Value> value);

// The member, or none when it cannot be reached: no such thing, or hidden. Runs getters, whose
// exceptions pass through. Throws TypeError for reserved names.
kj::Maybe<v8::Local<v8::Value>> findMember(js::Turn& turn, v8::Local<v8::Object> object, Mode mode,
                                           Root root, v8::Local<v8::String> name);

}  // namespace ocapd::rpc
