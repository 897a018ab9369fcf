// How a JavaScript exception passes through C++ that knows nothing of JavaScript, as the
// description of a kj::Exception ("jsg.TypeError: message"), and becomes one again.
//
// See       spec of the descriptions: docs/ARCHITECTURE.md#errors
// Threads   the lane's.
#pragma once

#include <kj/exception.h>

#include "src/js/turn.h"

namespace ocapd::js {

// What the isolate of `turn` threw, for whoever called the event from outside. Has the type
// DISCONNECTED for errors marked `retryable`, OVERLOADED for those marked `overloaded`.
kj::Exception toKj(Turn& turn, v8::Local<v8::Value> thrown);

// The error a worker sees. Descriptions that are not tunnelled become "internal error; reference =
// …", with the reference and the true description in the log.
v8::Local<v8::Value> toJs(Turn& turn, kj::Exception&& exception);

// "TypeError: boo" for "remote.jsg.TypeError: boo"; none when the description is not tunnelled.
kj::Maybe<kj::StringPtr> tunnelled(kj::StringPtr description);

}  // namespace ocapd::js
