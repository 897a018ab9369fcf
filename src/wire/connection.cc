#include "src/wire/connection.h"

#include <capnp/rpc.h>
#include <capnp/serialize-async.h>
#include <kj/debug.h>

#include "src/wire/error_details.h"

namespace ocapd::wire {

namespace {

capnp::ReaderOptions readerOptions() {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = kMessageWordsMax;
  return options;
}

// Several messages come with one read.
constexpr size_t kBufferWords = 2048;

}  // namespace

kj::Promise<void> serveConnection(kj::AsyncIoStream& stream, capnp::Capability::Client bootstrap,
                                  Externals& externals) {
  KJ_DEFER(externals.disconnected());
  capnp::BufferedMessageStream messages(stream, capnp::IncomingRpcMessage::getShortLivedCallback(),
                                        kBufferWords);
  capnp::TwoPartyVatNetwork network(messages, capnp::rpc::twoparty::Side::SERVER, readerOptions());
  auto system = capnp::makeRpcServer(network, kj::mv(bootstrap));
  system.setTraceEncoder(&encodeTrace);
  co_await network.onDisconnect();
}

struct ClientConnection::Live {
  explicit Live(kj::Own<kj::AsyncIoStream> given)
      : stream(kj::mv(given)),
        messages(*stream, capnp::IncomingRpcMessage::getShortLivedCallback(), kBufferWords),
        network(messages, capnp::rpc::twoparty::Side::CLIENT, readerOptions()),
        system(capnp::makeRpcClient(network)) {
    system.setTraceEncoder(&encodeTrace);
  }

  capnp::Capability::Client bootstrap() {
    capnp::MallocMessageBuilder message(4);
    auto id = message.getRoot<capnp::rpc::twoparty::VatId>();
    id.setSide(capnp::rpc::twoparty::Side::SERVER);
    return system.bootstrap(id);
  }

  kj::Own<kj::AsyncIoStream> stream;
  capnp::BufferedMessageStream messages;
  capnp::TwoPartyVatNetwork network;
  capnp::RpcSystem<capnp::rpc::twoparty::VatId> system;
};

ClientConnection::ClientConnection(kj::Promise<kj::Own<kj::AsyncIoStream>> stream)
    : externals_(kj::refcounted<Externals>()),
      bootstrap_(connecting_.wrap(start(kj::mv(stream)))) {}

ClientConnection::~ClientConnection() noexcept(false) {
  externals_->disconnected();
}

kj::Promise<capnp::Capability::Client> ClientConnection::start(
    kj::Promise<kj::Own<kj::AsyncIoStream>> stream) {
  kj::Own<kj::AsyncIoStream> connected;
  try {
    connected = co_await stream;
  } catch (kj::Exception& exception) {
    isLost_ = true;
    // Whatever the reason, to those who wait it is a connection that is not there.
    kj::throwFatalException(KJ_EXCEPTION(DISCONNECTED, "cannot connect", exception));
  }
  live_ = kj::heap<Live>(kj::mv(connected));
  watching_ = live_->network.onDisconnect()
                  .then([this]() {
                    isLost_ = true;
                    externals_->disconnected();
                  })
                  .eagerlyEvaluate(nullptr);
  co_return live_->bootstrap();
}

}  // namespace ocapd::wire
