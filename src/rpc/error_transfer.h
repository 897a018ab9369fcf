// Errors as messages: with all their own properties, where both sides know how.
#pragma once

#include "src/rpc/host_type.h"

namespace ocapd::rpc {

// Writes an Error or DOMException as a host object; false for anything else.
bool writeError(HostWriter& writer, v8::Local<v8::Object> object);
// Reads it back; none when the tag is of something else.
kj::Maybe<v8::Local<v8::Object>> readError(HostReader& reader, uint32_t tag);

// What a caller is to see for what the callee threw.
v8::Local<v8::Value> thrownValue(js::Turn& turn, api::IoContext& context,
                                 channel::Capability::Threw threw);

}  // namespace ocapd::rpc
