#include "src/cli/file_watch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <kj/debug.h>

namespace ocapd::cli {
namespace {

constexpr kj::uint kEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB;

int openInotify() {
  int fd;
  KJ_SYSCALL(fd = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  return fd;
}

}  // namespace

FileWatch::FileWatch(kj::UnixEventPort& eventPort)
    : fd_(openInotify()),
      observer_(eventPort, fd_.get(), kj::UnixEventPort::FdObserver::OBSERVE_READ) {}

void FileWatch::add(kj::StringPtr path) {
  addOne(path);
  char* resolved = ::realpath(path.cStr(), nullptr);
  if (resolved == nullptr) return;
  KJ_DEFER(::free(resolved));
  if (path != resolved) addOne(resolved);
}

void FileWatch::addOne(kj::StringPtr path) {
  size_t slash = path.findLast('/').orDefault(0);
  auto folder = slash == 0 ? kj::str("/") : kj::heapString(path.slice(0, slash));
  auto name = kj::heapString(path.slice(path.startsWith("/") ? slash + 1 : 0));
  // The kernel gives the same number for the same folder.
  int watch = ::inotify_add_watch(fd_.get(), folder.cStr(), kEvents);
  if (watch < 0) return;
  for (auto& each : folders_) {
    if (each.watch == watch) {
      each.names.add(kj::mv(name));
      return;
    }
  }
  folders_.add(Folder{watch, {}}).names.add(kj::mv(name));
}

kj::Promise<void> FileWatch::changed() {
  while (!readEvents()) co_await observer_.whenBecomesReadable();
}

bool FileWatch::readEvents() {
  bool ours = false;
  alignas(inotify_event) char buffer[4096];
  for (;;) {
    ssize_t n = ::read(fd_.get(), buffer, sizeof(buffer));
    if (n <= 0) return ours;
    for (char* p = buffer; p < buffer + n;) {
      auto* event = reinterpret_cast<inotify_event*>(p);
      p += sizeof(*event) + event->len;
      if (event->mask & IN_Q_OVERFLOW) ours = true;
      if (event->len == 0) continue;
      for (auto& folder : folders_) {
        if (folder.watch != event->wd) continue;
        for (auto& name : folder.names) ours = ours || name == event->name;
      }
    }
  }
}

}  // namespace ocapd::cli
