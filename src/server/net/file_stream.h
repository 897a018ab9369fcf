// FileStream: a slice of an open regular file as a KJ input stream.
//
// Owns      the descriptor.
// Limits    reads block the lane for as long as the disk takes, as the page cache mostly has it.
// Errors    a file that shrank while being read ends early; the caller notices the missing bytes.
#pragma once

#include <kj/async-io.h>
#include <kj/io.h>

namespace ocapd::server::net {

class FileStream final : public kj::AsyncInputStream {
 public:
  FileStream(kj::AutoCloseFd fd, uint64_t offset, uint64_t lengthBytes)
      : fd_(kj::mv(fd)), offset_(offset), remainingBytes_(lengthBytes) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override;
  kj::Maybe<uint64_t> tryGetLength() override { return remainingBytes_; }
  kj::Promise<uint64_t> pumpTo(kj::AsyncOutputStream& output, uint64_t amount) override;

  // For sinks that can take from the file themselves (sendfile): where they start, what is left,
  // and what they took.
  int fd() const { return fd_.get(); }
  uint64_t offset() const { return offset_; }
  uint64_t remainingBytes() const { return remainingBytes_; }
  void skip(uint64_t bytes) {
    offset_ += bytes;
    remainingBytes_ -= bytes;
  }
  // Nothing more comes: the file is shorter than it was.
  void truncate() { remainingBytes_ = 0; }

  // Reads at most `maxBytes` without waiting for anything but the disk; 0 at the end.
  size_t readNow(void* buffer, size_t maxBytes);

 private:
  kj::AutoCloseFd fd_;
  uint64_t offset_;
  uint64_t remainingBytes_;
};

}  // namespace ocapd::server::net
