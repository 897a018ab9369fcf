// A file system that lives in memory, for tests and fuzz targets: nothing outside it can be read.
#pragma once

#include <kj/filesystem.h>

namespace ocapd::config {

class MemoryFilesystem final : public kj::Filesystem {
 public:
  // The working directory is /work.
  MemoryFilesystem()
      : root_(kj::newInMemoryDirectory(kj::nullClock())),
        currentPath_(kj::Path({"work"})),
        current_(root_->openSubdir(currentPath_, kj::WriteMode::CREATE)) {}

  // `path` is relative to the working directory, or absolute.
  void add(kj::StringPtr path, kj::ArrayPtr<const char> content) {
    root_
        ->openFile(currentPath_.evalNative(path),
                   kj::WriteMode::CREATE | kj::WriteMode::MODIFY | kj::WriteMode::CREATE_PARENT)
        ->writeAll(content.asBytes());
  }

  const kj::Directory& getRoot() const override { return *root_; }
  const kj::Directory& getCurrent() const override { return *current_; }
  kj::PathPtr getCurrentPath() const override { return currentPath_; }

 private:
  kj::Own<const kj::Directory> root_;
  kj::Path currentPath_;
  kj::Own<const kj::Directory> current_;
};

}  // namespace ocapd::config
