// Directory: all entrypoints and actors of a running process, by the names of its config.
//
// Whoever holds one reaches everything: it is what the debug port gives, and what the binding
// `workerdDebugPort` gives a worker.
//
// Owns      its way to the services.
// Lives     reference-counted on its lane; channels that came from it keep working without it.
// Threads   its lane only.
// Errors    what is not there is an exception ("jsg.Error: …"), of the call or of the channel's
//           first event.
#pragma once

#include "src/channel/props.h"

namespace ocapd::channel {

class Directory : public kj::Refcounted {
 public:
  // None: the default entrypoint, `{}`.
  virtual kj::Own<ServiceChannel> getEntrypoint(kj::StringPtr service,
                                                kj::Maybe<kj::StringPtr> entrypoint,
                                                kj::Maybe<kj::Own<Props>> props) = 0;
  // `id` is hex digits, or the name of an ephemeral actor.
  virtual kj::Own<ServiceChannel> getActor(kj::StringPtr service, kj::StringPtr className,
                                           kj::StringPtr id) = 0;

  kj::Own<Directory> addRef() { return kj::addRef(*this); }
};

// Finds directories: that of this process, and those of others by the address of their debug port.
class DirectoryFinder {
 public:
  virtual ~DirectoryFinder() noexcept(false) = default;

  // Connects in the background; what goes wrong is told by what is sent through it.
  virtual kj::Own<Directory> connect(kj::StringPtr address) = 0;
  virtual kj::Own<Directory> current() = 0;
};

}  // namespace ocapd::channel
