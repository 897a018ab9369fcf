// Durable Objects of a worker: their namespaces, where they keep their data, bindings to them. The
// texts of errors are the reference's.

#include "planner_parts.h"

namespace ocapd::config {

namespace {

constexpr kj::StringPtr kEphemeralIsExperimental =
    "Ephemeral objects (Durable Object namespaces with type 'ephemeralLocal') are an experimental "
    "feature which may change or go away in the future. You must run workerd with `--experimental` "
    "to use this feature."_kj;

}  // namespace

List<ActorNamespace> planActorNamespaces(const Place& worker, kj::StringPtr user,
                                         schema::Worker::Reader source, const LoadOptions& options,
                                         Problems& problems) {
  auto namespaces = source.getDurableObjectNamespaces();
  kj::Vector<ActorNamespace> result(namespaces.size());
  for (uint i = 0; i < namespaces.size(); ++i) {
    auto each = namespaces[i];
    Place place = worker.item("durableObjectNamespaces", i);
    ActorNamespace planned;
    planned.className = each.getClassName();
    planned.preventEviction = each.getPreventEviction();
    planned.enableSql = each.getEnableSql();
    switch (each.which()) {
      case schema::Worker::DurableObjectNamespace::UNIQUE_KEY: {
        kj::StringPtr key = each.getUniqueKey();
        if (key.findFirst('/') != nullptr || key.findFirst('\0') != nullptr || key == "." ||
            key == "..") {
          problems.error(place, kj::str(user, "'s Durable Object namespace \"", each.getClassName(),
                                        "\" has the uniqueKey \"", key,
                                        "\", which cannot be the name of a folder."));
        }
        planned.uniqueKey = key;
        break;
      }
      case schema::Worker::DurableObjectNamespace::EPHEMERAL_LOCAL:
        if (!options.experimental) problems.error(place, kj::str(kEphemeralIsExperimental));
        break;
      default: continue;  // support.cc has complained
    }
    result.add(kj::mv(planned));
  }
  return result.releaseAsArray();
}

void planActorStorage(const Place& worker, kj::StringPtr name, schema::Worker::Reader source,
                      const ServiceNames& names, WorkerService& result, Problems& problems) {
  bool isDurable = false;
  for (auto& each : result.actorNamespaces) isDurable = isDurable || each.uniqueKey != nullptr;
  auto storage = source.getDurableObjectStorage();
  auto complain = [&](auto&&... parts) {
    problems.error(worker.field("durableObjectStorage"),
                   kj::str("service ", name, ": durableObjectStorage config refers to ", parts...));
  };
  switch (storage.which()) {
    case schema::Worker::DurableObjectStorage::NONE:
      if (!isDurable) return;
      problems.error(worker, kj::str("Worker service \"", name,
                                     "\" implements durable object classes but has "
                                     "`durableObjectStorage` set to `none`."));
      return;
    case schema::Worker::DurableObjectStorage::IN_MEMORY:
      result.actorStorage = ActorStorage::InMemory();
      return;
    case schema::Worker::DurableObjectStorage::LOCAL_DISK: {
      kj::StringPtr disk = storage.getLocalDisk();
      auto entry = KJ_UNWRAP_OR(names.find(disk), {
        return complain("a service \"", disk, "\", but no such service is defined.");
      });
      bool isDisk = false;
      bool isWritable = false;
      KJ_IF_MAYBE(service, entry.service) {
        isDisk = service->isDisk();
        isWritable = isDisk && service->getDisk().getWritable();
      }
      if (!isDisk) {
        return complain("the service \"", disk,
                        "\", but that service is not a local disk service.");
      }
      if (!isWritable) {
        return complain("the disk service \"", disk, "\", but that service is defined read-only.");
      }
      result.actorStorage = ActorStorage::LocalDisk{entry.index};
      return;
    }
  }
}

kj::Maybe<Binding::ActorNamespace> planActorBinding(
    const Place& place, kj::StringPtr user, kj::StringPtr worker,
    schema::Worker::Binding::DurableObjectNamespaceDesignator::Reader source,
    const ServiceNames& names, Problems& problems) {
  kj::StringPtr className = source.getClassName();
  bool isElsewhere = source.hasServiceName();
  kj::StringPtr serviceName = isElsewhere ? kj::StringPtr(source.getServiceName()) : worker;
  auto entry = KJ_UNWRAP_OR(names.find(serviceName), {
    problems.error(place, kj::str(user, " refers to a service \"", serviceName,
                                  "\", but no such service is defined."));
    return nullptr;
  });
  KJ_IF_MAYBE(service, entry.service) {
    if (service->isWorker()) {
      auto namespaces = service->getWorker().getDurableObjectNamespaces();
      for (uint i = 0; i < namespaces.size(); ++i) {
        if (namespaces[i].getClassName() == className) {
          return Binding::ActorNamespace{entry.index, i};
        }
      }
    }
  }
  auto where = isElsewhere ? kj::str(" in service \"", serviceName,
                                     "\", but no such Durable Object namespace is defined by that "
                                     "service.")
                           : kj::str(
                                 ", but no such Durable Object namespace is defined by this "
                                 "Worker.");
  problems.error(place, kj::str(user, " refers to a Durable Object namespace named \"", className,
                                "\"", where));
  return nullptr;
}

kj::Maybe<Binding::ActorClass> planActorClassBinding(const Place& place, kj::StringPtr user,
                                                     schema::ServiceDesignator::Reader designator,
                                                     const ServiceNames& names,
                                                     Problems& problems) {
  kj::StringPtr name = designator.getName();
  KJ_IF_MAYBE(service, names.find(name)) {
    if (!service->isWorker) {
      problems.error(place, kj::str(user, " refers to service \"", name,
                                    "\" as a Durable Object class, but \"", name,
                                    "\" is not a Worker, so cannot be used as a class."));
      return nullptr;
    }
    if (!designator.hasEntrypoint()) {
      // Pinned by the reference, which means that it does not.
      problems.error(place, kj::str(user, " refers to service \"", name,
                                    "\", but does not specify an entrypoint, and the service does "
                                    "export a Durable Object class as its default entrypoint."));
      return nullptr;
    }
  }
  return Binding::ActorClass{planServiceRef(place, user, designator, names, problems)};
}

}  // namespace ocapd::config
