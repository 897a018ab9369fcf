#include "src/wire/debug_port.h"

#include "src/wire/bootstrap.h"
#include "src/wire/error_details.h"
#include "src/wire/frankenvalue.h"
#include "src/wire/remote_service.h"

namespace ocapd::wire {

namespace {

class HostedDirectory final : public schema::WorkerdDebugPort::Server {
 public:
  HostedDirectory(kj::Own<channel::Directory> directory, const kj::HttpHeaderTable& table,
                  kj::Own<Externals> externals)
      : directory_(kj::mv(directory)), table_(table), externals_(kj::mv(externals)) {}

  kj::Promise<void> getEntrypoint(GetEntrypointContext context) override {
    auto params = context.getParams();
    kj::Maybe<kj::StringPtr> entrypoint;
    if (params.hasEntrypoint()) entrypoint = params.getEntrypoint();
    kj::Maybe<kj::Own<channel::Props>> props;
    if (params.hasProps()) props = readProps(params.getProps());
    auto channel = directory_->getEntrypoint(params.getService(), entrypoint, kj::mv(props));
    context.getResults().setEntrypoint(hostChannel(kj::mv(channel), table_, externals_->addRef()));
    return kj::READY_NOW;
  }

  kj::Promise<void> getActor(GetActorContext context) override {
    auto params = context.getParams();
    auto channel =
        directory_->getActor(params.getService(), params.getEntrypoint(), params.getActorId());
    context.getResults().setActor(hostChannel(kj::mv(channel), table_, externals_->addRef()));
    return kj::READY_NOW;
  }

 private:
  kj::Own<channel::Directory> directory_;
  const kj::HttpHeaderTable& table_;
  kj::Own<Externals> externals_;
};

class RemoteDirectory final : public channel::Directory {
 public:
  RemoteDirectory(kj::Promise<kj::Own<kj::AsyncIoStream>> stream, const kj::HttpHeaderTable& table)
      : connection_(kj::refcounted<ClientConnection>(kj::mv(stream))), table_(table) {}

  kj::Own<channel::ServiceChannel> getEntrypoint(
      kj::StringPtr service, kj::Maybe<kj::StringPtr> entrypoint,
      kj::Maybe<kj::Own<channel::Props>> props) override {
    auto request = port().getEntrypointRequest();
    request.setService(service);
    KJ_IF_MAYBE(name, entrypoint) request.setEntrypoint(*name);
    KJ_IF_MAYBE(given, props) writeProps(**given, request.initProps());
    return channelTo(request.send().getEntrypoint());
  }

  kj::Own<channel::ServiceChannel> getActor(kj::StringPtr service, kj::StringPtr className,
                                            kj::StringPtr id) override {
    auto request = port().getActorRequest();
    request.setService(service);
    request.setEntrypoint(className);
    request.setActorId(id);
    return channelTo(request.send().getActor());
  }

 private:
  schema::WorkerdDebugPort::Client port() {
    return connection_->bootstrap().castAs<schema::WorkerdDebugPort>();
  }
  kj::Own<channel::ServiceChannel> channelTo(schema::WorkerdBootstrap::Client bootstrap) {
    return newRemoteService(kj::mv(bootstrap), table_, connection_->externals().addRef(),
                            kj::addRef(*connection_));
  }

  kj::Own<ClientConnection> connection_;
  const kj::HttpHeaderTable& table_;
};

}  // namespace

schema::WorkerdDebugPort::Client hostDirectory(kj::Own<channel::Directory> directory,
                                               const kj::HttpHeaderTable& table,
                                               kj::Own<Externals> externals) {
  return kj::heap<HostedDirectory>(kj::mv(directory), table, kj::mv(externals));
}

kj::Own<channel::Directory> newRemoteDirectory(kj::Promise<kj::Own<kj::AsyncIoStream>> stream,
                                               const kj::HttpHeaderTable& table) {
  return kj::refcounted<RemoteDirectory>(kj::mv(stream), table);
}

}  // namespace ocapd::wire
