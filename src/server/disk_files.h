// What the disk service does to the file system, in terms of an open directory and a relative path.
#pragma once

#include <time.h>

#include <kj/io.h>
#include <kj/string.h>

#include "src/server/disk_path.h"

namespace ocapd::server {

// `[{"name":"a.txt","type":"file"},…]`, sorted by name.
kj::String listDirectoryAsJson(kj::AutoCloseFd directory, Dotfiles dotfiles);

// Removes a file, or a directory with all it holds; symbolic links themselves, not what they point
// at. False if there was nothing.
bool removeRecursively(int directory, kj::StringPtr path);

// `Sun, 06 Nov 1994 08:49:37 GMT`
kj::String formatHttpDate(time_t when);

// FileReplacement: a file being written that takes the place of another when it is complete.
//
// Owns      a temporary file beside its goal; removed unless commit() was reached.
class FileReplacement {
 public:
  // Creates the directories above `path` as needed.
  FileReplacement(int directory, kj::String path);
  ~FileReplacement() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(FileReplacement);

  void write(kj::ArrayPtr<const kj::byte> bytes);
  void commit();

 private:
  int directory_;
  kj::String path_;
  kj::String temporaryPath_;
  kj::AutoCloseFd file_;
  bool committed_ = false;
};

}  // namespace ocapd::server
