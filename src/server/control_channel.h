// ControlChannel: tells the tool that started us what became of the sockets.
//
// One JSON object per line, each in one write. Whoever reads may stop doing so: write errors are
// ignored.
#pragma once

#include <kj/io.h>
#include <kj/string.h>

namespace ocapd::server {

class ControlChannel {
 public:
  // Without a descriptor there is nobody to tell.
  explicit ControlChannel(kj::Maybe<int> fd) : fd_(fd) {}

  // `port` is 0 for sockets that have none.
  void socketListens(kj::StringPtr name, kj::uint port);
  void inspectorListens(kj::uint port);

 private:
  void tell(kj::StringPtr line);

  kj::Maybe<int> fd_;
};

}  // namespace ocapd::server
