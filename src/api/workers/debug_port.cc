#include "src/api/workers/debug_port.h"

#include "src/rpc/props.h"

namespace ocapd::api {

namespace {

// A channel that closes with the event it was made in.
class EventsChannel final : public channel::ServiceChannel {
 public:
  explicit EventsChannel(IoOwn<channel::ServiceChannel> inner) : inner_(kj::mv(inner)) {}

  kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
    auto* context = inner_.owner();
    if (context == nullptr) {
      throw js::Error::plain(
          "Cannot perform I/O on behalf of a different request. The debug port connection that "
          "this stub came from belongs to a request that has ended; connect again.");
    }
    return inner_.get(*context).startRequest(kj::mv(metadata));
  }
  void requireTransferable() override {
    throw js::Error::plain("WorkerdDebugPort bindings cannot be transferred to other workers");
  }

 private:
  IoOwn<channel::ServiceChannel> inner_;
};

constexpr js::Member kClientMembers[] = {
    js::method<&DebugPortClient::getEntrypoint>("getEntrypoint"),
    js::method<&DebugPortClient::getActor>("getActor"),
};
constexpr js::Member kConnectorMembers[] = {
    js::method<&DebugPortConnector::connect>("connect"),
    js::method<&DebugPortConnector::current>("current"),
};

}  // namespace

DebugPortClient::DebugPortClient(js::Turn& turn, kj::Own<channel::Directory> directory)
    : directory_(IoContext::current(turn).own(kj::mv(directory))) {}

Fetcher* DebugPortClient::stub(js::Turn& turn, kj::Own<channel::ServiceChannel> channel) {
  return turn.make<Fetcher>(
      kj::refcounted<EventsChannel>(IoContext::current(turn).own(kj::mv(channel))));
}

Fetcher* DebugPortClient::getEntrypoint(js::Turn& turn, kj::String service,
                                        kj::Maybe<kj::String> entrypoint,
                                        v8::Local<v8::Value> props) {
  auto& context = IoContext::current(turn);
  kj::Maybe<kj::Own<channel::Props>> given;
  if (!props->IsUndefined()) {
    if (!props->IsObject()) {
      throw js::Error::type(
          "Failed to execute 'getEntrypoint' on 'WorkerdDebugPortClient': parameter 3 is not of "
          "type 'Object'.");
    }
    given = rpc::makeProps(turn, context, props.As<v8::Object>());
  }
  auto name = entrypoint.map([](kj::String& text) { return kj::StringPtr(text); });
  return stub(turn, directory_.get(context).getEntrypoint(service, name, kj::mv(given)));
}

Fetcher* DebugPortClient::getActor(js::Turn& turn, kj::String service, kj::String className,
                                   kj::String id) {
  auto& context = IoContext::current(turn);
  return stub(turn, directory_.get(context).getActor(service, className, id));
}

DebugPortClient* DebugPortConnector::connect(js::Turn& turn, kj::String address) {
  return turn.make<DebugPortClient>(turn, finder_.connect(address));
}

DebugPortClient* DebugPortConnector::current(js::Turn& turn) {
  return turn.make<DebugPortClient>(turn, finder_.current());
}

constinit const js::Class DebugPortClient::kClass{
    .name = kClassName, .members = kClientMembers, .exposed = false};
constinit const js::Class DebugPortConnector::kClass{
    .name = kClassName, .members = kConnectorMembers, .exposed = false};

}  // namespace ocapd::api
