// Serializer: JavaScript values as messages, and back.
//
// The bytes are V8's format; what is no plain data is a host object (host_type.h) or an external
// beside the bytes.
//
// Threads   the lane's; within a turn of the event that sends or receives.
// Limits    kMessageBytesMax of bytes in a message.
// Errors    DataCloneError for what cannot travel; what getters throw passes through.
// Spec https://html.spec.whatwg.org/multipage/structured-data.html#safe-passing-of-structured-data
#pragma once

#include <vector>

#include <cppgc/persistent.h>

#include "src/rpc/host_type.h"
#include "src/rpc/stub.h"

namespace ocapd::rpc {

constexpr size_t kMessageBytesMax = 32u << 20;

struct Options {
  enum class Purpose : uint8_t { Arguments, Result, Error, Props };
  Purpose purpose = Purpose::Arguments;
  bool duplicateStubs = true;  // of Arguments; otherwise they are disposed here once sent
  bool enhancedErrors = true;  // own properties of errors travel
};

// Flags of the worker whose turn it is.
Options optionsFor(js::Turn& turn, Options::Purpose purpose);

using Stubs = std::vector<cppgc::Persistent<RpcStub>>;

// `transferred` gets the stubs that are the receiver's from now on: to be disposed here when the
// message is no longer needed.
channel::Message serialize(js::Turn& turn, api::IoContext& context, v8::Local<v8::Value> value,
                           const Options& options, Stubs& transferred);

// `received` gets the stubs made.
v8::Local<v8::Value> deserialize(js::Turn& turn, api::IoContext& context, channel::Message message,
                                 Stubs& received);

}  // namespace ocapd::rpc
