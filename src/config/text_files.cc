#include "text_files.h"

#include "builtin_schemas.h"

#include <kj/debug.h>

namespace ocapd::config {

TextFiles::TextFiles(const kj::Filesystem& files, kj::ArrayPtr<const kj::StringPtr> importDirs,
                     Problems& problems)
    : disk_(files), problems_(problems) {
  for (kj::StringPtr dir : importDirs) {
    auto failure = kj::runCatchingExceptions([&]() {
      auto path = files.getCurrentPath().evalNative(dir);
      if (files.getRoot().tryOpenSubdir(path) == nullptr) {
        problems.error(nullptr, kj::str(dir, ": No such directory."));
      } else {
        importDirs_.add(kj::mv(path));
      }
    });
    KJ_IF_MAYBE(exception, failure) {
      problems.error(nullptr, kj::str(dir, ": ", exception->getDescription()));
    }
  }
}

kj::Maybe<TextFile&> TextFiles::openMain(kj::StringPtr name) {
  kj::Maybe<TextFile&> result;
  auto failure = kj::runCatchingExceptions([&]() {
    auto path = disk_.getCurrentPath().evalNative(name);
    KJ_IF_MAYBE(metadata, disk_.getRoot().tryLstat(path)) {
      if (metadata->type == kj::FsNode::Type::DIRECTORY) {
        problems_.error(nullptr, kj::str(name, ": Config path is not a file."));
        return;
      }
    } else {
      problems_.error(nullptr, kj::str(name, ": No such file."));
      return;
    }
    result = openAt(kj::mv(path), Use::Schema);
    if (result == nullptr && !problems_.hasErrors()) {
      problems_.error(nullptr, kj::str(name, ": No such file."));
    }
  });
  KJ_IF_MAYBE(exception, failure) {
    problems_.error(nullptr, kj::str(name, ": ", exception->getDescription()));
  }
  return result;
}

kj::Maybe<TextFile&> TextFiles::open(const TextFile& importer, kj::StringPtr name, Use use) {
  kj::Maybe<TextFile&> result;
  auto failure = kj::runCatchingExceptions([&]() {
    if (name.startsWith("/")) {
      for (const kj::Path& dir : importDirs_) {
        result = openAt(dir.eval(name.slice(1)), use);
        if (result != nullptr) return;
      }
      result = openBuiltin(name);
    } else {
      KJ_IF_MAYBE(path, importer.path) result = openAt(path->parent().eval(name), use);
    }
  });
  KJ_IF_MAYBE(exception, failure) {
    problems_.error(nullptr, kj::str(importer.displayName, ": \"", name,
                                     "\" is not a usable file "
                                     "name: ",
                                     exception->getDescription()));
    return nullptr;
  }
  return result;
}

kj::Maybe<TextFile&> TextFiles::openBuiltin(kj::StringPtr name) {
  auto key = kj::str("builtin:", name);
  KJ_IF_MAYBE(known, byName_.find(key)) return **known;
  KJ_IF_MAYBE(text, findBuiltinSchema(name)) {
    // The text is static: nobody has to free it.
    auto file = kj::heap<TextFile>(TextFile{
        kj::str(name), nullptr,
        kj::Array<const char>(text->begin(), text->size(), kj::NullArrayDisposer::instance)});
    auto& result = *file;
    byName_.insert(kj::mv(key), file.get());
    files_.add(kj::mv(file));
    return result;
  }
  return nullptr;
}

kj::Maybe<TextFile&> TextFiles::openAt(kj::Path path, Use use) {
  auto key = path.toString(true);
  KJ_IF_MAYBE(known, byName_.find(key)) return **known;
  KJ_IF_MAYBE(content, read(path, use)) {
    auto displayName = displayNameOf(path);
    auto file = kj::heap<TextFile>(TextFile{kj::mv(displayName), kj::mv(path), kj::mv(*content)});
    auto& result = *file;
    byName_.insert(kj::mv(key), file.get());
    files_.add(kj::mv(file));
    return result;
  }
  return nullptr;
}

kj::Maybe<kj::Array<const char>> TextFiles::read(kj::PathPtr path, Use use) {
  if (files_.size() >= kFilesMax) {
    problems_.error(nullptr, kj::str(displayNameOf(path), ": not read: a config may consist of ",
                                     kFilesMax, " files at most."));
    return nullptr;
  }
  kj::Maybe<kj::Array<const char>> result;
  auto failure = kj::runCatchingExceptions([&]() {
    KJ_IF_MAYBE(file, disk_.getRoot().tryOpenFile(path)) {
      auto metadata = (*file)->stat();
      if (metadata.type != kj::FsNode::Type::FILE) {
        problems_.error(nullptr, kj::str(displayNameOf(path), ": not a regular file."));
        return;
      }
      size_t bytesMax = use == Use::Schema ? kTextBytesMax : kEmbedBytesMax;
      if (metadata.size > bytesMax) {
        problems_.error(nullptr, kj::str(displayNameOf(path), ": has ", metadata.size,
                                         " bytes; at most ", bytesMax, " are read here."));
        return;
      }
      // Read rather than mapped: a file that shrinks under a mapping ends the process.
      auto content = kj::heapArray<char>(metadata.size);
      size_t got = (*file)->read(0, content.asBytes());
      if (got == content.size()) {
        result = kj::Array<const char>(kj::mv(content));
      } else {
        result = kj::Array<const char>(kj::heapArray<char>(content.slice(0, got)));
      }
    }
  });
  KJ_IF_MAYBE(exception, failure) {
    problems_.error(
        nullptr, kj::str(displayNameOf(path), ": cannot be read: ", exception->getDescription()));
  }
  return result;
}

kj::String TextFiles::displayNameOf(kj::PathPtr path) const {
  auto cwd = disk_.getCurrentPath();
  if (!path.startsWith(cwd)) return path.toString(true);
  return path.slice(cwd.size(), path.size()).toString();
}

kj::Array<kj::String> TextFiles::names() const {
  kj::Vector<kj::String> names;
  for (auto& file : files_) {
    KJ_IF_MAYBE(path, file->path) names.add(path->toString(true));
  }
  return names.releaseAsArray();
}

}  // namespace ocapd::config
