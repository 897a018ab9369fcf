// FileWatch: tells when one of a set of files has changed.
//
// Folders are watched rather than files, as editors replace files and a missing one may appear.
//
// Owns      an inotify descriptor.
// Errors    what cannot be watched (a folder that does not exist) is left out.
#pragma once

#include <kj/async-unix.h>
#include <kj/io.h>
#include <kj/map.h>
#include <kj/string.h>
#include <kj/vector.h>

namespace ocapd::cli {

class FileWatch {
 public:
  explicit FileWatch(kj::UnixEventPort& eventPort);

  // Absolute paths; also what symbolic links among them lead to.
  void add(kj::StringPtr path);

  // Resolves when a file was written, replaced, made or removed. One call at a time.
  kj::Promise<void> changed();

 private:
  struct Folder {
    int watch;
    kj::Vector<kj::String> names;
  };

  void addOne(kj::StringPtr path);
  // Reads what has happened so far; true if it concerns one of our files.
  bool readEvents();

  kj::AutoCloseFd fd_;
  kj::UnixEventPort::FdObserver observer_;
  kj::Vector<Folder> folders_;
};

}  // namespace ocapd::cli
