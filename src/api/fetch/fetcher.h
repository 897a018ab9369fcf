// Fetcher: a service binding; and the global fetch().
//
// Owns      a channel. I/O belongs to the event that calls.
// Errors    what the callee threw, translated; "Network connection lost." for broken connections.
// Spec      https://fetch.spec.whatwg.org/#fetch-method
#pragma once

#include "src/api/fetch/request.h"
#include "src/api/fetch/response.h"
#include "src/channel/service_channel.h"
#include "src/rpc/stub.h"

namespace ocapd::api {

class Fetcher : public rpc::Remote {
 public:
  static constexpr const char* kClassName = "Fetcher";
  static const js::Class kClass;

  explicit Fetcher(kj::Own<channel::ServiceChannel> channel) : channel_(kj::mv(channel)) {}

  js::Promise fetch(js::Turn& turn, v8::Local<v8::Value> input, v8::Local<v8::Value> init);

  // A call of a method is an event of its own.
  Way begin(js::Turn& turn, kj::Vector<kj::String>& reversedPath) override;
  // For sending it on.
  channel::ServiceChannel& channel() { return *channel_; }

  const js::Class& jsClass() const override { return kClass; }

 private:
  kj::Own<channel::ServiceChannel> channel_;
};

// fetch() of the global scope: through the worker's globalOutbound.
js::Promise globalFetch(js::Turn& turn, v8::Local<v8::Value> input, v8::Local<v8::Value> init);

}  // namespace ocapd::api
