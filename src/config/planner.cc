#include "planner.h"

#include "planner_parts.h"
#include "support.h"

namespace ocapd::config {
namespace {

constexpr kj::StringPtr kInternet = "internet"_kj;

// The overrides of one option, and which of them found what they override.
template <typename T>
class OverrideMap {
 public:
  void set(kj::StringPtr name, T value) {
    entries_.upsert(name, Entry{kj::mv(value), false},
                    [](Entry& old, Entry&& later) { old = kj::mv(later); });
  }

  kj::Maybe<const T&> use(kj::StringPtr name) {
    KJ_IF_MAYBE(entry, entries_.find(name)) {
      entry->used = true;
      return entry->value;
    }
    return nullptr;
  }

  void complainAboutUnused(kj::StringPtr kind, Problems& problems) const {
    for (const auto& entry : entries_) {
      if (entry.value.used) continue;
      problems.error(kj::Maybe<Position>(),
                     kj::str("Config did not define any ", kind, " named \"", entry.key,
                             "\" to match the override provided on the command line."));
    }
  }

 private:
  struct Entry {
    T value;
    bool used;
  };
  kj::HashMap<kj::StringPtr, Entry> entries_;
};

class Planner {
 public:
  Planner(schema::Config::Reader config, const Overrides& overrides, const LoadOptions& options,
          Problems& problems);
  Plan plan();

 private:
  kj::StringPtr keep(kj::StringPtr text);
  void nameServices();
  Service planService(const Place& place, schema::Service::Reader service);
  Socket planSocket(const Place& place, schema::Socket::Reader socket);
  kj::Maybe<kj::OneOf<Text, int>> planSocketAddress(const Place& place, kj::StringPtr user,
                                                    schema::Socket::Reader socket);
  Logging planLogging();
  List<ExtensionModule> planExtensions();

  schema::Config::Reader config_;
  LoadOptions options_;
  Problems& problems_;
  Place root_;
  ServiceNames names_;
  bool internetDefined_ = false;
  OverrideMap<kj::StringPtr> directoryPaths_;
  OverrideMap<kj::StringPtr> externalAddresses_;
  OverrideMap<kj::OneOf<kj::StringPtr, int>> sockets_;
  kj::Own<kj::Vector<kj::String>> kept_;  // copies of what the command line says
};

Planner::Planner(schema::Config::Reader config, const Overrides& overrides,
                 const LoadOptions& options, Problems& problems)
    : config_(config),
      options_(options),
      problems_(problems),
      kept_(kj::heap<kj::Vector<kj::String>>()) {
  KJ_IF_MAYBE(date, options.compatibilityDate) options_.compatibilityDate = keep(*date);
  for (const auto& entry : overrides.directoryPaths) directoryPaths_.set(entry.name, entry.value);
  for (const auto& entry : overrides.externalAddresses) {
    externalAddresses_.set(entry.name, entry.value);
  }
  for (const auto& entry : overrides.sockets) sockets_.set(entry.name, entry.addressOrFd);
}

// The characters do not move when the vector grows: each string has its own.
kj::StringPtr Planner::keep(kj::StringPtr text) {
  return kept_->add(kj::str(text));
}

void Planner::nameServices() {
  auto services = config_.getServices();
  for (uint i = 0; i < services.size(); ++i) {
    auto service = services[i];
    if (!names_.add(service.getName(), {i, service.isWorker(), service})) {
      problems_.error(
          root_.item("services", i),
          kj::str("Config defines multiple services named \"", service.getName(), "\"."));
    }
  }
  internetDefined_ = !names_.add(kInternet, {services.size(), false, nullptr});
}

Service Planner::planService(const Place& place, schema::Service::Reader service) {
  Service result{.name = service.getName(), .kind = {}};
  kj::StringPtr name = service.getName();
  switch (service.which()) {
    case schema::Service::WORKER:
      result.kind =
          planWorker(place.field("worker"), name, service.getWorker(), names_, options_, problems_);
      break;
    case schema::Service::NETWORK:
      result.kind = planNetwork(place.field("network"), name, service.getNetwork(), problems_);
      break;
    case schema::Service::EXTERNAL: {
      kj::Maybe<kj::StringPtr> address;
      KJ_IF_MAYBE(given, externalAddresses_.use(name)) address = keep(*given);
      result.kind =
          planExternal(place.field("external"), name, service.getExternal(), address, problems_);
      break;
    }
    case schema::Service::DISK: {
      kj::Maybe<kj::StringPtr> path;
      KJ_IF_MAYBE(given, directoryPaths_.use(name)) path = keep(*given);
      result.kind = planDisk(place.field("disk"), name, service.getDisk(), path, problems_);
      break;
    }
    case schema::Service::UNSPECIFIED:
      problems_.error(place,
                      kj::str("Service named \"", name, "\" does not specify what to serve."));
      break;
    default: break;  // support.cc has complained
  }
  return result;
}

kj::Maybe<kj::OneOf<Text, int>> Planner::planSocketAddress(const Place& place, kj::StringPtr user,
                                                           schema::Socket::Reader socket) {
  kj::OneOf<Text, int> result;
  KJ_IF_MAYBE(given, sockets_.use(socket.getName())) {
    if (given->is<int>()) {
      result = given->get<int>();
      return result;
    }
    auto address = keep(given->get<kj::StringPtr>());
    checkAddress(place, user, address, problems_);
    result = address;
    return result;
  }
  if (socket.hasAddress()) {
    checkAddress(place.field("address"), user, socket.getAddress(), problems_);
    result = Text(socket.getAddress());
    return result;
  }
  problems_.error(place, kj::str(user,
                                 " has no address in the config, so must be specified on "
                                 "the command line with `--socket-addr`."));
  return nullptr;
}

Socket Planner::planSocket(const Place& place, schema::Socket::Reader socket) {
  auto user = kj::str("Socket \"", socket.getName(), '"');
  Socket result{.name = socket.getName(), .addressOrFd = {}, .protocol = {}, .service = {}};
  KJ_IF_MAYBE(addressOrFd, planSocketAddress(place, user, socket)) {
    result.addressOrFd = kj::mv(*addressOrFd);
  }
  result.protocol = planSocketProtocol(place, user, socket, problems_);
  result.service =
      planServiceRef(place.field("service"), user, socket.getService(), names_, problems_);
  return result;
}

Logging Planner::planLogging() {
  Logging result;
  result.structured = config_.getStructuredLogging();
  if (config_.hasLogging()) {
    auto logging = config_.getLogging();
    result.structured = logging.getStructuredLogging();
    if (logging.hasStdoutPrefix()) result.stdoutPrefix = logging.getStdoutPrefix();
    if (logging.hasStderrPrefix()) result.stderrPrefix = logging.getStderrPrefix();
  }
  return result;
}

// The service that workers reach the world through when the config has none of that name.
Service internetService() {
  NetworkService network;
  network.allow = kj::heapArray<Text>({"public"_kj});
  TlsOptions tls;
  tls.trustBrowserCas = true;
  network.tls = kj::mv(tls);
  Service result{.name = kInternet, .kind = {}};
  result.kind = kj::mv(network);
  return result;
}

List<ExtensionModule> Planner::planExtensions() {
  kj::Vector<ExtensionModule> result;
  for (auto extension : config_.getExtensions()) {
    for (auto module : extension.getModules()) {
      result.add(ExtensionModule{module.getName(), module.getInternal(), module.getEsModule()});
    }
  }
  return result.releaseAsArray();
}

Plan Planner::plan() {
  checkSupport(config_, problems_);
  nameServices();

  Plan plan;
  auto services = config_.getServices();
  kj::Vector<Service> plannedServices(services.size() + 1);
  for (uint i = 0; i < services.size(); ++i) {
    plannedServices.add(planService(root_.item("services", i), services[i]));
  }
  if (!internetDefined_) plannedServices.add(internetService());
  plan.services = plannedServices.releaseAsArray();

  auto sockets = config_.getSockets();
  kj::HashSet<kj::StringPtr> socketNames;
  kj::Vector<Socket> plannedSockets(sockets.size());
  for (uint i = 0; i < sockets.size(); ++i) {
    Place place = root_.item("sockets", i);
    plannedSockets.add(planSocket(place, sockets[i]));
    kj::StringPtr name = sockets[i].getName();
    if (socketNames.contains(name)) {
      problems_.warning(place, kj::str("Config defines multiple sockets named \"", name,
                                       "\"; what the command line says of it applies to all."));
    } else {
      socketNames.insert(name);
    }
  }
  plan.sockets = plannedSockets.releaseAsArray();

  sockets_.complainAboutUnused("socket", problems_);
  externalAddresses_.complainAboutUnused("external service", problems_);
  directoryPaths_.complainAboutUnused("disk service", problems_);

  plan.extensions = planExtensions();
  plan.v8Flags = planTexts(config_.getV8Flags());
  plan.logging = planLogging();
  auto backing = kj::heapArrayBuilder<kj::Own<void>>(1);
  backing.add(kj::mv(kept_));
  plan.backing = backing.finish();
  return plan;
}

}  // namespace

kj::Maybe<Plan> makePlan(schema::Config::Reader config, const Overrides& overrides,
                         const LoadOptions& options, Problems& problems) {
  Plan plan = Planner(config, overrides, options, problems).plan();
  if (problems.hasErrors()) return nullptr;
  return kj::mv(plan);
}

}  // namespace ocapd::config
