// What the parts of the planner share: the names of the services and the making of the values that
// occur in several places. Inside this room only.
#pragma once

#include "load.h"
#include "src/config/workerd.capnp.h"

#include <kj/map.h>

namespace ocapd::config {

// Services by name, so that references resolve before the services themselves are planned.
class ServiceNames {
 public:
  struct Entry {
    size_t index;
    bool isWorker;
    kj::Maybe<schema::Service::Reader> service;  // none: the synthesized "internet"
  };

  // The first of several services of one name is kept; false for the others.
  bool add(kj::StringPtr name, Entry entry);
  kj::Maybe<Entry> find(kj::StringPtr name) const;

  // ` Known: "a", "b".`, for the end of a complaint about a name that is not there.
  kj::String describeKnown() const;

 private:
  kj::HashMap<kj::StringPtr, Entry> entries_;
  kj::Vector<kj::StringPtr> inOrder_;
};

// A designator made out. `user` names who refers to it, as in `Socket "main"`. An unknown service
// is an error; what is returned then must not be used.
ServiceRef planServiceRef(const Place& place, kj::StringPtr user,
                          schema::ServiceDesignator::Reader designator, const ServiceNames& names,
                          Problems& problems);

HttpOptions planHttpOptions(const Place& place, kj::StringPtr user,
                            schema::HttpOptions::Reader options, Problems& problems);

enum class TlsSide { Client, Server };
TlsOptions planTlsOptions(const Place& place, kj::StringPtr user, TlsSide side,
                          schema::TlsOptions::Reader options, Problems& problems);

kj::OneOf<HttpSocket, TcpSocket> planSocketProtocol(const Place& place, kj::StringPtr user,
                                                    schema::Socket::Reader socket,
                                                    Problems& problems);

// `address` is the one from the command line, if any; the caller owns its characters.
ExternalService planExternal(const Place& place, kj::StringPtr name,
                             schema::ExternalServer::Reader external,
                             kj::Maybe<kj::StringPtr> address, Problems& problems);
DiskService planDisk(const Place& place, kj::StringPtr name, schema::DiskDirectory::Reader disk,
                     kj::Maybe<kj::StringPtr> path, Problems& problems);
NetworkService planNetwork(const Place& place, kj::StringPtr name, schema::Network::Reader network,
                           Problems& problems);
WorkerService planWorker(const Place& place, kj::StringPtr name, schema::Worker::Reader worker,
                         const ServiceNames& names, const LoadOptions& options, Problems& problems);

// Durable Objects: see planner_actors.cc. `user` is `Worker "w"`.
List<ActorNamespace> planActorNamespaces(const Place& worker, kj::StringPtr user,
                                         schema::Worker::Reader source, const LoadOptions& options,
                                         Problems& problems);
void planActorStorage(const Place& worker, kj::StringPtr name, schema::Worker::Reader source,
                      const ServiceNames& names, WorkerService& result, Problems& problems);
// `user` is `Worker "w"'s binding "B"`.
kj::Maybe<Binding::ActorNamespace> planActorBinding(
    const Place& place, kj::StringPtr user, kj::StringPtr worker,
    schema::Worker::Binding::DurableObjectNamespaceDesignator::Reader source,
    const ServiceNames& names, Problems& problems);
kj::Maybe<Binding::ActorClass> planActorClassBinding(const Place& place, kj::StringPtr user,
                                                     schema::ServiceDesignator::Reader designator,
                                                     const ServiceNames& names, Problems& problems);

// Complains if `address` cannot be one.
void checkAddress(const Place& place, kj::StringPtr user, kj::StringPtr address,
                  Problems& problems);

List<Text> planTexts(capnp::List<capnp::Text>::Reader texts);

}  // namespace ocapd::config
