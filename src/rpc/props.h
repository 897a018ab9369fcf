// Props as JavaScript values.
//
// Errors    DataCloneError for what cannot be part of props: functions, live stubs, streams.
#pragma once

#include "src/channel/props.h"
#include "src/rpc/serializer.h"

namespace ocapd::rpc {

// A copy of its own each time.
v8::Local<v8::Value> readProps(js::Turn& turn, api::IoContext& context, channel::Props& props);

kj::Own<channel::Props> makeProps(js::Turn& turn, api::IoContext& context,
                                  v8::Local<v8::Object> value);

// The `props` among the options that an export of `ctx.exports` is called with, if there are any.
// `className` is that of the export, for messages.
kj::Maybe<kj::Own<channel::Props>> propsOption(js::Turn& turn, v8::Local<v8::Value> options,
                                               kj::StringPtr className);

}  // namespace ocapd::rpc
