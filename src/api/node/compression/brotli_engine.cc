#include <memory>

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <kj/vector.h>

#include "src/api/node/compression/engine.h"

namespace ocapd::api::node {

namespace {

constexpr int kBufferError = -5;  // Z_BUF_ERROR

class BrotliEngine : public Engine {
 public:
  explicit BrotliEngine(kj::ArrayPtr<const uint32_t> parameters) {
    for (uint32_t value : parameters) parameters_.add(value);
  }

 protected:
  // Calls `set(number, value)` for each that is given; false when one is refused.
  template <typename Set>
  bool eachParameter(Set&& set) {
    for (size_t i = 0; i < parameters_.size(); ++i) {
      if (parameters_[i] != UINT32_MAX && !set(i, parameters_[i])) return false;
    }
    return true;
  }
  static Failure initFailure() {
    return Failure{"Initialization failed", -1, kj::str("ERR_ZLIB_INITIALIZATION_FAILED")};
  }

 private:
  kj::Vector<uint32_t> parameters_;
};

class BrotliEncoder final : public BrotliEngine {
 public:
  using BrotliEngine::BrotliEngine;

  kj::Maybe<Failure> run(int flush, kj::ArrayPtr<const kj::byte>& in,
                         kj::ArrayPtr<kj::byte>& out) override {
    size_t inBytes = in.size();
    size_t outBytes = out.size();
    const uint8_t* nextIn = in.begin();
    uint8_t* nextOut = out.begin();
    bool succeeded =
        BrotliEncoderCompressStream(state_.get(), BrotliEncoderOperation(flush), &inBytes, &nextIn,
                                    &outBytes, &nextOut, nullptr) == BROTLI_TRUE;
    in = kj::arrayPtr(nextIn, inBytes);
    out = kj::arrayPtr(nextOut, outBytes);
    if (succeeded) return nullptr;
    return Failure{"Compression failed", -1, kj::str("ERR_BROTLI_COMPRESSION_FAILED")};
  }

  kj::Maybe<Failure> reset() override {
    state_.reset(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr));
    bool succeeded = eachParameter([&](size_t number, uint32_t value) {
      return BrotliEncoderSetParameter(state_.get(), BrotliEncoderParameter(number), value) ==
             BROTLI_TRUE;
    });
    if (succeeded) return nullptr;
    return initFailure();
  }

 private:
  struct Delete {
    void operator()(BrotliEncoderState* state) { BrotliEncoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliEncoderState, Delete> state_;
};

class BrotliDecoder final : public BrotliEngine {
 public:
  using BrotliEngine::BrotliEngine;

  kj::Maybe<Failure> run(int flush, kj::ArrayPtr<const kj::byte>& in,
                         kj::ArrayPtr<kj::byte>& out) override {
    size_t inBytes = in.size();
    size_t outBytes = out.size();
    const uint8_t* nextIn = in.begin();
    uint8_t* nextOut = out.begin();
    auto result = BrotliDecoderDecompressStream(state_.get(), &inBytes, &nextIn, &outBytes,
                                                &nextOut, nullptr);
    in = kj::arrayPtr(nextIn, inBytes);
    out = kj::arrayPtr(nextOut, outBytes);
    if (result == BROTLI_DECODER_RESULT_ERROR) {
      auto error = BrotliDecoderGetErrorCode(state_.get());
      return Failure{"Decompression failed", error,
                     kj::str("ERR_", BrotliDecoderErrorString(error))};
    }
    if (flush == BROTLI_OPERATION_FINISH && result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) {
      return Failure{"unexpected end of file", kBufferError, kj::str("Z_BUF_ERROR")};
    }
    return nullptr;
  }

  kj::Maybe<Failure> reset() override {
    state_.reset(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
    bool succeeded = eachParameter([&](size_t number, uint32_t value) {
      return BrotliDecoderSetParameter(state_.get(), BrotliDecoderParameter(number), value) ==
             BROTLI_TRUE;
    });
    if (succeeded) return nullptr;
    return initFailure();
  }

 private:
  struct Delete {
    void operator()(BrotliDecoderState* state) { BrotliDecoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliDecoderState, Delete> state_;
};

}  // namespace

kj::Own<Engine> newBrotliEngine(Mode mode, kj::ArrayPtr<const uint32_t> parameters,
                                kj::Maybe<Engine::Failure>& failure) {
  kj::Own<Engine> engine;
  if (mode == Mode::BrotliEncode) {
    engine = kj::heap<BrotliEncoder>(parameters);
  } else {
    engine = kj::heap<BrotliDecoder>(parameters);
  }
  failure = engine->reset();
  return engine;
}

}  // namespace ocapd::api::node
