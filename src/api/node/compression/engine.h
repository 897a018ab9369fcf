// Engine: one compression or decompression under way.
//
// Owns      its library's state.
// Threads   any.
#pragma once

#include <stdint.h>

#include <kj/array.h>
#include <kj/memory.h>
#include <kj/string.h>

namespace ocapd::api::node {

// The numbers of Node's zlib constants.
enum class Mode : uint8_t {
  None,
  Deflate,
  Inflate,
  Gzip,
  Gunzip,
  DeflateRaw,
  InflateRaw,
  Unzip,
  BrotliDecode,
  BrotliEncode,
  ZstdCompress,
  ZstdDecompress,
};

class Engine {
 public:
  // What Node's error is made of.
  struct Failure {
    kj::StringPtr message;
    int number;
    kj::String code;
  };

  virtual ~Engine() noexcept(false) {}

  // Takes from the front of `in` and writes to the front of `out`; both become what is left.
  virtual kj::Maybe<Failure> run(int flush, kj::ArrayPtr<const kj::byte>& in,
                                 kj::ArrayPtr<kj::byte>& out) = 0;
  virtual kj::Maybe<Failure> reset() = 0;
};

kj::Own<Engine> newZlibEngine(Mode mode, int windowBits, int level, int memoryLevel, int strategy,
                              kj::Array<kj::byte> dictionary, bool rejectsGarbage,
                              kj::Maybe<Engine::Failure>& failure);
// Changes level and strategy of an engine that newZlibEngine() made.
kj::Maybe<Engine::Failure> setZlibParameters(Engine& engine, int level, int strategy);

// `parameters` by their numbers; UINT32_MAX means that one is not set.
kj::Own<Engine> newBrotliEngine(Mode mode, kj::ArrayPtr<const uint32_t> parameters,
                                kj::Maybe<Engine::Failure>& failure);
kj::Own<Engine> newZstdEngine(Mode mode, kj::ArrayPtr<const uint32_t> parameters,
                              kj::Maybe<uint64_t> sourceBytes, kj::Array<kj::byte> dictionary,
                              kj::Maybe<Engine::Failure>& failure);

}  // namespace ocapd::api::node
