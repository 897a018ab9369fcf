#include "src/server/disk_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include <kj/debug.h>
#include <kj/encoding.h>
#include <kj/vector.h>

#include "src/server/logger.h"

namespace ocapd::server {
namespace {

constexpr mode_t kNewFileMode = 0666;       // less the umask
constexpr mode_t kNewDirectoryMode = 0777;  // less the umask
// A path of more levels cannot be named in one system call either.
constexpr int kRemoveDepthMax = 4096;

struct Entry {
  kj::String name;
  kj::StringPtr type;
};

kj::StringPtr typeName(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return "file"_kj;
    case S_IFDIR: return "directory"_kj;
    case S_IFLNK: return "symlink"_kj;
    case S_IFBLK: return "blockDevice"_kj;
    case S_IFCHR: return "characterDevice"_kj;
    case S_IFIFO: return "namedPipe"_kj;
    case S_IFSOCK: return "socket"_kj;
    default: return "other"_kj;
  }
}

struct DirectoryCloser {
  DIR* stream;
  explicit DirectoryCloser(kj::AutoCloseFd fd) : stream(::fdopendir(fd.get())) {
    if (stream == nullptr) KJ_FAIL_SYSCALL("fdopendir", errno);
    (void)fd.release();
  }
  ~DirectoryCloser() { ::closedir(stream); }
  KJ_DISALLOW_COPY_AND_MOVE(DirectoryCloser);
};

bool isDotOrDotDot(kj::StringPtr name) {
  return name == "." || name == "..";
}

bool removeAt(int directory, kj::StringPtr path, int depth);

void removeContents(kj::AutoCloseFd directory, int depth) {
  DirectoryCloser closer(kj::mv(directory));
  while (auto* entry = ::readdir(closer.stream)) {
    kj::StringPtr name = entry->d_name;
    if (!isDotOrDotDot(name)) removeAt(::dirfd(closer.stream), name, depth + 1);
  }
}

bool removeAt(int directory, kj::StringPtr path, int depth) {
  KJ_REQUIRE(depth < kRemoveDepthMax, "directories are nested too deeply to be removed");
  if (::unlinkat(directory, path.cStr(), 0) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  if (errno != EISDIR && errno != EPERM) KJ_FAIL_SYSCALL("unlinkat", errno);
  int fd;
  KJ_SYSCALL(fd =
                 ::openat(directory, path.cStr(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  removeContents(kj::AutoCloseFd(fd), depth);
  if (::unlinkat(directory, path.cStr(), AT_REMOVEDIR) < 0 && errno != ENOENT) {
    KJ_FAIL_SYSCALL("unlinkat", errno);
  }
  return true;
}

void createParents(int directory, kj::StringPtr path) {
  for (size_t i = 0; i < path.size(); i++) {
    if (path[i] != '/') continue;
    auto parent = kj::heapString(path.slice(0, i));
    if (::mkdirat(directory, parent.cStr(), kNewDirectoryMode) < 0 && errno != EEXIST) {
      KJ_FAIL_SYSCALL("mkdirat", errno, parent);
    }
  }
}

kj::String temporaryNameBeside(kj::StringPtr path) {
  kj::byte random[12];
  ssize_t n;
  KJ_SYSCALL(n = ::getrandom(random, sizeof(random), 0));
  KJ_ASSERT(n == sizeof(random));
  size_t parentBytes = 0;
  KJ_IF_MAYBE(slash, path.findLast('/')) {
    parentBytes = *slash + 1;
  }
  return kj::str(path.slice(0, parentBytes), ".ocapd-", kj::encodeHex(random), ".tmp");
}

}  // namespace

kj::String listDirectoryAsJson(kj::AutoCloseFd directory, Dotfiles dotfiles) {
  DirectoryCloser closer(kj::mv(directory));
  kj::Vector<Entry> entries;
  while (auto* entry = ::readdir(closer.stream)) {
    kj::StringPtr name = entry->d_name;
    if (isDotOrDotDot(name)) continue;
    if (dotfiles == Dotfiles::Refuse && name.startsWith(".")) continue;
    mode_t mode = DTTOIF(entry->d_type);
    if (entry->d_type == DT_UNKNOWN) {
      struct stat info;
      if (::fstatat(::dirfd(closer.stream), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) < 0) {
        continue;  // removed meanwhile
      }
      mode = info.st_mode;
    }
    entries.add(Entry{kj::heapString(name), typeName(mode)});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  auto items = KJ_MAP(entry, entries) {
    return kj::str("{\"name\":", jsonString(entry.name), ",\"type\":\"", entry.type, "\"}");
  };
  return kj::str("[", kj::strArray(items, ","), "]");
}

bool removeRecursively(int directory, kj::StringPtr path) {
  return removeAt(directory, path, 0);
}

kj::String formatHttpDate(time_t when) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  tm parts;
  KJ_REQUIRE(::gmtime_r(&when, &parts) != nullptr, "file time is out of range", when);
  char text[48];
  int n = snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday],
                   parts.tm_mday, kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour,
                   parts.tm_min, parts.tm_sec);
  return kj::heapString(text, kj::min(size_t(n), sizeof(text) - 1));
}

FileReplacement::FileReplacement(int directory, kj::String path)
    : directory_(directory), path_(kj::mv(path)), temporaryPath_(temporaryNameBeside(path_)) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  int fd = ::openat(directory_, temporaryPath_.cStr(), kFlags, kNewFileMode);
  if (fd < 0 && errno == ENOENT) {
    createParents(directory_, path_);
    fd = ::openat(directory_, temporaryPath_.cStr(), kFlags, kNewFileMode);
  }
  if (fd < 0) KJ_FAIL_SYSCALL("openat", errno, path_);
  file_ = kj::AutoCloseFd(fd);
}

FileReplacement::~FileReplacement() noexcept(false) {
  if (!committed_ && file_.get() >= 0) (void)::unlinkat(directory_, temporaryPath_.cStr(), 0);
}

void FileReplacement::write(kj::ArrayPtr<const kj::byte> bytes) {
  while (bytes.size() > 0) {
    ssize_t n;
    KJ_SYSCALL(n = ::write(file_.get(), bytes.begin(), bytes.size()), path_);
    bytes = bytes.slice(n, bytes.size());
  }
}

void FileReplacement::commit() {
  KJ_SYSCALL(::renameat(directory_, temporaryPath_.cStr(), directory_, path_.cStr()), path_);
  committed_ = true;
}

}  // namespace ocapd::server
