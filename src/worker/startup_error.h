// What is told when a script fails at startup: "Uncaught TypeError: …" and where.
#pragma once

#include <kj/string.h>
#include <v8-message.h>

#include "src/js/turn.h"

namespace ocapd::worker {

// `message` may be empty. The frames are "\n  at file.js:line:column".
kj::String describeStartupError(js::Turn& turn, v8::Local<v8::Value> reason,
                                v8::Local<v8::Message> message);

}  // namespace ocapd::worker
