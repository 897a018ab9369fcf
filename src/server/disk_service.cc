#include "src/server/disk_service.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kj/debug.h>

#include "src/server/byte_range.h"
#include "src/server/disk_files.h"
#include "src/server/net/file_stream.h"
#include "src/server/net/pump.h"

namespace ocapd::server {
namespace {

// Opening a device or a pipe could do something to it, so the type is looked at first.
constexpr int kOpenFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

bool meansNotThere(int error) {
  return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG || error == ELOOP;
}

// The directory itself has an empty path.
kj::StringPtr orDot(kj::StringPtr path) {
  return path.size() == 0 ? "."_kj : path;
}

}  // namespace

class DiskService::Channel final : public channel::ServiceChannel {
 public:
  explicit Channel(DiskService& service) : service_(service) {}

  kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
    // The service keeps no state per event, so it is every event's target.
    return kj::Own<channel::RequestTarget>(&service_, kj::NullDisposer::instance);
  }

 private:
  DiskService& service_;
};

kj::Maybe<kj::Own<Service>> DiskService::open(kj::StringPtr name, const config::DiskService& config,
                                              const HeaderIds& headerIds,
                                              const kj::HttpHeaderTable& headerTable,
                                              ErrorReporter& errors) {
  int fd = ::open(config.path.cStr(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT) {
      errors.addError(kj::str("Directory named \"", name, "\" not found: ", config.path));
    } else {
      errors.addError(kj::str("Directory named \"", name, "\" cannot be opened: ", config.path,
                              ": ", strerror(errno)));
    }
    return nullptr;
  }
  return kj::Own<Service>(
      kj::heap<DiskService>(kj::AutoCloseFd(fd), config, headerIds, headerTable));
}

DiskService::DiskService(kj::AutoCloseFd directory, const config::DiskService& config,
                         const HeaderIds& headerIds, const kj::HttpHeaderTable& headerTable)
    : directory_(kj::mv(directory)),
      writable_(config.writable),
      dotfiles_(config.allowDotfiles ? Dotfiles::Allow : Dotfiles::Refuse),
      headerIds_(headerIds),
      headerTable_(headerTable) {}

kj::Own<channel::ServiceChannel> DiskService::getChannel(kj::Maybe<kj::StringPtr> entrypoint,
                                                         kj::Maybe<kj::Own<channel::Props>> props) {
  return kj::refcounted<Channel>(*this);
}

kj::Promise<void> DiskService::request(kj::HttpMethod method, kj::StringPtr url,
                                       const kj::HttpHeaders& headers,
                                       kj::AsyncInputStream& requestBody, Response& response) {
  switch (method) {
    case kj::HttpMethod::GET: return get(url, headers.get(headerIds_.range), Body::Send, response);
    case kj::HttpMethod::HEAD: return get(url, nullptr, Body::Omit, response);
    case kj::HttpMethod::PUT:
    case kj::HttpMethod::DELETE: {
      if (!writable_) return sendStatus(405, "Method Not Allowed"_kj, response);
      KJ_IF_MAYBE(path, findDiskPath(url, dotfiles_)) {
        if (path->size() > 0) {
          return method == kj::HttpMethod::PUT ? put(kj::mv(*path), requestBody, response)
                                               : remove(kj::mv(*path), response);
        }
      }
      return sendStatus(403, "Unauthorized"_kj, response);
    }
    default: return sendStatus(501, "Not Implemented"_kj, response);
  }
}

kj::Promise<void> DiskService::connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                                       kj::AsyncIoStream& connection, ConnectResponse& response,
                                       kj::HttpConnectSettings settings) {
  return KJ_EXCEPTION(FAILED, "jsg.Error: Disk directory services don't support this event type.");
}

kj::Promise<void> DiskService::get(kj::StringPtr url, kj::Maybe<kj::StringPtr> range, Body body,
                                   Response& response) {
  auto maybePath = findDiskPath(url, dotfiles_);
  if (maybePath == nullptr) return sendStatus(404, "Not Found"_kj, response);
  auto& path = KJ_ASSERT_NONNULL(maybePath);
  struct stat info;
  if (::fstatat(directory_.get(), orDot(path).cStr(), &info, 0) < 0) {
    if (meansNotThere(errno)) return sendStatus(404, "Not Found"_kj, response);
    KJ_FAIL_SYSCALL("fstatat", errno, path);
  }
  if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {
    return sendStatus(406, "Not Acceptable"_kj, response);
  }
  int fd = ::openat(directory_.get(), orDot(path).cStr(), kOpenFlags);
  if (fd < 0) {
    if (meansNotThere(errno)) return sendStatus(404, "Not Found"_kj, response);
    KJ_FAIL_SYSCALL("openat", errno, path);
  }
  kj::AutoCloseFd file(fd);
  if (S_ISDIR(info.st_mode)) return sendListing(kj::mv(file), body, response);
  return sendFile(kj::mv(file), range, body, response);
}

kj::Promise<void> DiskService::sendFile(kj::AutoCloseFd file, kj::Maybe<kj::StringPtr> range,
                                        Body body, Response& response) {
  struct stat info;
  KJ_SYSCALL(::fstat(file.get(), &info));
  uint64_t bytes = info.st_size;
  ByteRange part{0, bytes - 1};  // for an empty file, size() is 0 all the same
  kj::uint status = 200;
  kj::StringPtr reason = "OK"_kj;
  kj::HttpHeaders headers(headerTable_);
  kj::String contentRange;
  KJ_IF_MAYBE(header, range) {
    auto parsed = parseRange(*header, bytes);
    if (parsed.is<UnsatisfiableRange>()) {
      contentRange = kj::str("bytes */", bytes);
      headers.set(headerIds_.contentRange, contentRange);
      return sendText(416, "Range Not Satisfiable"_kj, headers, response);
    }
    KJ_IF_MAYBE(satisfied, parsed.tryGet<ByteRange>()) {
      part = *satisfied;
      status = 206;
      reason = "Partial Content"_kj;
      contentRange = kj::str("bytes ", part.first, "-", part.last, "/", bytes);
      headers.set(headerIds_.contentRange, contentRange);
    }
  }
  auto lastModified = formatHttpDate(info.st_mtime);
  headers.set(kj::HttpHeaderId::CONTENT_TYPE, "application/octet-stream"_kj);
  headers.set(headerIds_.lastModified, lastModified);
  auto output = response.send(status, reason, headers, part.size());
  if (body == Body::Omit || part.size() == 0) return kj::READY_NOW;
  auto input = kj::heap<net::FileStream>(kj::mv(file), part.first, part.size());
  auto pumped = input->pumpTo(*output, part.size());
  return pumped.ignoreResult().attach(kj::mv(input), kj::mv(output));
}

kj::Promise<void> DiskService::sendListing(kj::AutoCloseFd directory, Body body,
                                           Response& response) {
  struct stat info;
  KJ_SYSCALL(::fstat(directory.get(), &info));
  auto lastModified = formatHttpDate(info.st_mtime);
  kj::HttpHeaders headers(headerTable_);
  headers.set(kj::HttpHeaderId::CONTENT_TYPE, "application/json"_kj);
  headers.set(headerIds_.lastModified, lastModified);
  // Chunked like the reference's: clients are not promised a length.
  auto output = response.send(200, "OK"_kj, headers, nullptr);
  if (body == Body::Omit) return kj::READY_NOW;
  auto json = listDirectoryAsJson(kj::mv(directory), dotfiles_);
  auto written = output->write(json.begin(), json.size());
  return written.attach(kj::mv(json), kj::mv(output));
}

kj::Promise<void> DiskService::put(kj::String path, kj::AsyncInputStream& body,
                                   Response& response) {
  FileReplacement replacement(directory_.get(), kj::mv(path));
  size_t bufferBytes = net::kPumpBufferBytes;
  KJ_IF_MAYBE(length, body.tryGetLength()) {
    bufferBytes = kj::max(kj::min(bufferBytes, *length), size_t(1));
  }
  auto buffer = kj::heapArray<kj::byte>(bufferBytes);
  for (;;) {
    size_t n = co_await body.tryRead(buffer.begin(), buffer.size(), buffer.size());
    replacement.write(buffer.slice(0, n));
    if (n < buffer.size()) break;
  }
  replacement.commit();
  (void)response.send(204, "No Content"_kj, kj::HttpHeaders(headerTable_), uint64_t(0));
}

kj::Promise<void> DiskService::remove(kj::String path, Response& response) {
  if (!removeRecursively(directory_.get(), path)) {
    return sendStatus(404, "Not Found"_kj, response);
  }
  (void)response.send(204, "No Content"_kj, kj::HttpHeaders(headerTable_), uint64_t(0));
  return kj::READY_NOW;
}

kj::Promise<void> DiskService::sendStatus(kj::uint status, kj::StringPtr reason,
                                          Response& response) {
  return sendText(status, reason, kj::HttpHeaders(headerTable_), response);
}

kj::Promise<void> DiskService::sendText(kj::uint status, kj::StringPtr reason,
                                        const kj::HttpHeaders& headers, Response& response) {
  auto output = response.send(status, reason, headers, reason.size());
  auto written = output->write(reason.begin(), reason.size());
  return written.attach(kj::mv(output));
}

}  // namespace ocapd::server
