#include "src/server/directories.h"

#include <kj/debug.h>
#include <kj/encoding.h>

#include "src/wire/debug_port.h"

namespace ocapd::server {

namespace {

template <typename... Parts>
[[noreturn]] void refuse(Parts&&... text) {
  kj::throwFatalException(kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                                        kj::str("jsg.Error: ", kj::fwd<Parts>(text)...)));
}

channel::ActorId idFromHex(kj::StringPtr hex) {
  auto decoded = kj::decodeHex(hex);
  if (decoded.hadErrors || decoded.size() != channel::ActorId::kBytes) {
    refuse("Invalid Durable Object ID: expected 64 hex characters (32 bytes), not \"", hex, "\"");
  }
  channel::ActorId id;
  memcpy(id.bytes.data(), decoded.begin(), decoded.size());
  return id;
}

}  // namespace

// Texts pinned by the reference.
class Directories::Own final : public channel::Directory {
 public:
  explicit Own(Directories& owner) : owner_(owner) {}

  kj::Own<channel::ServiceChannel> getEntrypoint(
      kj::StringPtr service, kj::Maybe<kj::StringPtr> entrypoint,
      kj::Maybe<kj::Own<channel::Props>> props) override {
    auto position = find(service);
    bool isWorker = owner_.plan_.services[position].kind.is<config::WorkerService>();
    KJ_IF_MAYBE(name, entrypoint) {
      if (!isWorker) refuse("Worker does not support named entrypoints");
      if (!owner_.services_[position]->hasEntrypoint(*name)) {
        refuse("Worker does not export an entrypoint named \"", *name, "\"");
      }
    }
    if (!isWorker && props != nullptr) refuse("this channel does not take props");
    return owner_.services_[position]->getChannel(entrypoint, kj::mv(props));
  }

  kj::Own<channel::ServiceChannel> getActor(kj::StringPtr service, kj::StringPtr className,
                                            kj::StringPtr id) override {
    auto position = find(service);
    KJ_IF_MAYBE(worker, owner_.plan_.services[position].kind.tryGet<config::WorkerService>()) {
      for (size_t i : kj::indices(worker->actorNamespaces)) {
        if (worker->actorNamespaces[i].className != className) continue;
        auto& actors = owner_.services_[position]->getActorNamespace(i);
        if (actors.isEphemeral()) return actors.getEphemeralActor(kj::str(id));
        return actors.getActor(idFromHex(id));
      }
      refuse("Worker does not export a Durable Object class named \"", className, "\"");
    }
    refuse("Worker does not support Durable Objects");
  }

 private:
  size_t find(kj::StringPtr service) {
    KJ_IF_MAYBE(position, owner_.positions_.find(service)) {
      return *position;
    }
    refuse("Worker \"", service, "\" not found");
  }

  Directories& owner_;
};

Directories::Directories(const config::Plan& plan, kj::ArrayPtr<kj::Own<Service>> services,
                         kj::Network& network, const kj::HttpHeaderTable& table)
    : plan_(plan), services_(services), network_(network), table_(table) {
  for (size_t i : kj::indices(plan.services)) positions_.insert(plan.services[i].name, i);
}

kj::Own<channel::Directory> Directories::connect(kj::StringPtr address) {
  auto connected = kj::evalLater([&network = network_, address = kj::str(address)]() mutable {
                     return network.parseAddress(address).attach(kj::mv(address));
                   }).then([](kj::Own<kj::NetworkAddress>&& parsed) {
    auto& reference = *parsed;
    return reference.connect().attach(kj::mv(parsed));
  });
  return wire::newRemoteDirectory(kj::mv(connected), table_);
}

kj::Own<channel::Directory> Directories::current() {
  return kj::refcounted<Own>(*this);
}

}  // namespace ocapd::server
