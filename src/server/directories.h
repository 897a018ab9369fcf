// Directories: that of this process, for the debug port and for workers that may use it, and those
// of other processes.
//
// Lives     as long as the server.
// Threads   its lane.
// See       src/channel/directory.h
#pragma once

#include <kj/async-io.h>
#include <kj/map.h>

#include "src/channel/directory.h"
#include "src/server/service.h"

namespace ocapd::server {

class Directories final : public channel::DirectoryFinder {
 public:
  // All of them outlive this. `services` are those of `plan`, by position.
  Directories(const config::Plan& plan, kj::ArrayPtr<kj::Own<Service>> services,
              kj::Network& network, const kj::HttpHeaderTable& table);

  kj::Own<channel::Directory> connect(kj::StringPtr address) override;
  kj::Own<channel::Directory> current() override;

 private:
  class Own;

  const config::Plan& plan_;
  kj::ArrayPtr<kj::Own<Service>> services_;
  kj::HashMap<kj::StringPtr, size_t> positions_;
  kj::Network& network_;
  const kj::HttpHeaderTable& table_;
};

}  // namespace ocapd::server
