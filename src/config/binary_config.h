// Reads a binary config: one Cap'n Proto message in stream framing, as Miniflare writes it.
#pragma once

#include "problem.h"
#include "src/config/workerd.capnp.h"

#include <capnp/message.h>
#include <kj/io.h>

namespace ocapd::config {

inline constexpr uint64_t kBinaryBytesMax = 1u << 30;

// A message with the bytes it lies in. Reading from it may throw: its pointers are hostile until
// followed. How much can be read is bounded by a multiple of its size, which stops messages that
// point to one part again and again.
class BinaryConfig {
 public:
  // Reads as far as the end of the message. Cut short or too large: an error, and nothing.
  static kj::Maybe<kj::Own<BinaryConfig>> read(kj::InputStream& in, kj::StringPtr name,
                                               Problems& problems);

  // Use read(); public for kj::heap().
  BinaryConfig(kj::Array<capnp::word> words, kj::Array<kj::ArrayPtr<const capnp::word>> segments);

  schema::Config::Reader config() { return reader_.getRoot<schema::Config>(); }

 private:
  kj::Array<capnp::word> words_;
  kj::Array<kj::ArrayPtr<const capnp::word>> segments_;
  capnp::SegmentArrayMessageReader reader_;
};

}  // namespace ocapd::config
