// TextFiles: the files a text config consists of, read once each, however often they are named.
//
// Owns      their contents, until destroyed.
// Lives     longer than every SchemaParser that reads from it.
// Threads   one.
// Limits    kTextBytesMax per schema text, kEmbedBytesMax per embedded file, kFilesMax files.
// Errors    a file that is missing is nullptr (the parser reports the import); one that is there
//           but cannot be read is a Problem as well.
#pragma once

#include "problem.h"

#include <kj/filesystem.h>
#include <kj/map.h>

namespace ocapd::config {

inline constexpr size_t kTextBytesMax = 16u << 20;
inline constexpr size_t kEmbedBytesMax = 256u << 20;
inline constexpr size_t kFilesMax = 10'000;

struct TextFile {
  kj::String displayName;    // relative if below the working directory; or a built-in's
  kj::Maybe<kj::Path> path;  // from the root of the file system; none: built in
  kj::Array<const char> content;
};

class TextFiles {
 public:
  // The arguments must outlive this object.
  TextFiles(const kj::Filesystem& files, kj::ArrayPtr<const kj::StringPtr> importDirs,
            Problems& problems);

  enum class Use { Schema, Embed };

  // `path` as the command line gives it. Not found or not a file: an error and nullptr.
  kj::Maybe<TextFile&> openMain(kj::StringPtr path);
  // `name` as written after `import` or `embed` in `importer`.
  kj::Maybe<TextFile&> open(const TextFile& importer, kj::StringPtr name, Use use);
  // What a built-in imports is built in as well.
  kj::Maybe<TextFile&> openBuiltin(kj::StringPtr name);

  // Absolute names of the files read so far, built-ins excluded, in the order of reading.
  kj::Array<kj::String> names() const;

 private:
  kj::Maybe<TextFile&> openAt(kj::Path path, Use use);
  kj::Maybe<kj::Array<const char>> read(kj::PathPtr path, Use use);
  kj::String displayNameOf(kj::PathPtr path) const;

  const kj::Filesystem& disk_;
  kj::Vector<kj::Path> importDirs_;
  Problems& problems_;
  kj::Vector<kj::Own<TextFile>> files_;
  kj::HashMap<kj::String, TextFile*> byName_;  // absolute name, or "builtin:" and a built-in's
};

}  // namespace ocapd::config
