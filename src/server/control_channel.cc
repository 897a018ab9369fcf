#include "src/server/control_channel.h"

#include <errno.h>
#include <unistd.h>

#include "src/server/logger.h"

namespace ocapd::server {

void ControlChannel::socketListens(kj::StringPtr name, kj::uint port) {
  tell(kj::str("{\"event\":\"listen\",\"socket\":", jsonString(name), ",\"port\":", port, "}\n"));
}

void ControlChannel::inspectorListens(kj::uint port) {
  tell(kj::str("{\"event\":\"listen-inspector\",\"port\":", port, "}\n"));
}

void ControlChannel::tell(kj::StringPtr line) {
  KJ_IF_MAYBE(fd, fd_) {
    while (::write(*fd, line.begin(), line.size()) < 0 && errno == EINTR) {
    }
  }
}

}  // namespace ocapd::server
